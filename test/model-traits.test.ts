/** Two rooms judge models by their names, and neither may know the other: they must not contradict each other. */
import { describe, expect, it } from 'vitest';
import { knowsCapability } from '../src/catalog/capability.ts';
import { createCatalog } from '../src/catalog/catalog.ts';
import { readTraits as readClaude } from '../src/wire/anthropic-messages/traits.ts';
import { readTraits as readGemini } from '../src/wire/gemini-generate/traits.ts';

describe('whether a model thinks', () => {
  const catalog = createCatalog();
  const judges = { anthropic: readClaude, google: readGemini } as const;
  const cases = Object.entries(judges).flatMap(([provider, readTraits]) =>
    catalog
      .list(provider)
      .filter((model) => (provider === 'google' ? /^gemini-\d/ : /^claude-/).test(model.id))
      .filter((model) => knowsCapability(model, 'tools') === true)
      .map((model) => [model.id, readTraits(model.id).thinking !== 'none', model] as const),
  );
  it.each(cases)('%s: %s', (_, thinks, model) => {
    expect(knowsCapability(model, 'thinking')).toBe(thinks);
  });
});
