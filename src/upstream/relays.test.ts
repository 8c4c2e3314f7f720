/** What kinds say they relay: paths of one API, each of which the gateway's table of calls can ask for. */
import { expect, it } from 'vitest';
import { providerKinds } from './providers.ts';

const relaying = [...providerKinds.values()].filter((kind) => kind.relays !== undefined);

it('is said by the kinds that have such calls', () => {
  const ids = relaying.map(({ id }) => id);
  expect(ids).toEqual(
    expect.arrayContaining(['openai', 'openai-compatible', 'anthropic', 'gemini', 'azure', 'groq']),
  );
  expect(ids).not.toEqual(expect.arrayContaining(['deepseek', 'sandbox', 'bedrock', 'vertex']));
});

it.each(relaying)('is said plainly by $id', ({ relays }) => {
  expect(relays!.prefix).toMatch(/^(\/[\w.-]+)*$/);
  expect(new Set(relays!.paths).size).toBe(relays!.paths.length);
  for (const path of relays!.paths) expect(path).toMatch(/^(\/([\w]+|\{id\}))+$/);
});
