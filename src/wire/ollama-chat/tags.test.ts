// The list of models.
import { expect, it } from 'vitest';
import { renderTags } from './index.ts';

it('has what clients read of a model', () => {
  const { models } = renderTags([
    { id: 'openai/gpt-4o', createdAtMs: 0 },
    { id: 'fast', createdAtMs: Date.parse('2026-01-02T03:04:05Z') },
  ]);
  expect(models).toMatchObject([
    { name: 'openai/gpt-4o', model: 'openai/gpt-4o', modified_at: '1970-01-01T00:00:00.000Z', size: 0 },
    { name: 'fast', modified_at: '2026-01-02T03:04:05.000Z', details: { families: [], family: '' } },
  ]);
  const digests = (models as { digest: string }[]).map(({ digest }) => digest);
  for (const digest of digests) expect(digest).toMatch(/^[0-9a-f]{64}$/);
  expect(new Set(digests).size).toBe(2);
  expect(renderTags([{ id: 'fast', createdAtMs: 0 }]).models).toMatchObject([{ digest: digests[1] }]);
});

it('may be empty', () => {
  expect(renderTags([])).toEqual({ models: [] });
});
