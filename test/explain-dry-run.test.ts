/** What `explain … --dry-run` says is what the road then does: for keys that may not use everything that is in a plan. */
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { DryRunRecord } from '../src/admin/dry-run.ts';
import { type OpenHouse, openHouse } from './support/open-house.ts';

const config = `providers:
  sandbox: {}
fallback: { default: sandbox/vision }
routes:
  either: { models: [sandbox/scribe, sandbox/vision] }
`;

const PIXEL =
  'data:image/png;base64,iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==';

let house: OpenHouse;
beforeAll(async () => {
  house = await openHouse(config);
});
afterAll(() => house.close());

interface Road {
  readonly status: number;
  readonly model: string | null;
  readonly fallback: string | null;
  readonly code: string | undefined;
}

/** The same request, with a picture in it, sent and told. */
async function both(model: string, allowedModels: string[]): Promise<{ road: Road; dry: DryRunRecord }> {
  const name = `for ${model} with ${allowedModels.join(' and ')}`;
  const { token } = await house.admin<{ token: string }>('POST', '/keys', { name, allowedModels });
  const dry = await house.admin<DryRunRecord>('POST', '/routing/explain', {
    ...{ requestModel: model, key: name, capabilities: ['vision'] },
  });
  const content = [{ type: 'image_url', image_url: { url: PIXEL } }];
  const response = await fetch(`${house.url}/v1/chat/completions`, {
    method: 'POST',
    headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
    body: JSON.stringify({ model, max_tokens: 20, messages: [{ role: 'user', content }] }),
  });
  const told = (await response.json()) as { error?: { code?: string } };
  const { headers, status } = response;
  const road = {
    ...{ status, code: told.error?.code },
    model: headers.get('x-turnpike-model'),
    fallback: headers.get('x-turnpike-fallback'),
  };
  return { road, dry };
}

it('who may not be asked is no better fit than who may', async () => {
  const { road, dry } = await both('sandbox/scribe', ['sandbox/scribe']);
  expect([road.model, road.fallback]).toEqual(['sandbox/scribe', 'false']);
  expect(dry.candidates.map(({ ref }) => ref)).toEqual(['sandbox/scribe']);
  expect([dry.refusal, dry.skipped]).toEqual([
    null,
    [{ ref: 'sandbox/vision', reason: 'model_not_allowed', note: null }],
  ]);
});

it('who may stand in is asked where it fits', async () => {
  const { road, dry } = await both('sandbox/scribe', ['sandbox/*']);
  expect(road.model).toBe('sandbox/vision');
  expect(dry.candidates.map(({ ref }) => ref)).toEqual(['sandbox/vision']);
});

it('a key that may use a route by its name may use what it leads to', async () => {
  const { road, dry } = await both('either', ['either']);
  expect(road.model).toBe('sandbox/vision');
  expect(dry.candidates.map(({ ref }) => ref)).toEqual(['sandbox/vision']);
});

it.each([
  ['sandbox/scribe', ['sandbox/json']],
  ['sandbox/scribe', ['either']],
  ['nowhere/model', ['sandbox/*']],
])('"%s" for a key that may use %j is refused with the same code', async (model, allowed) => {
  const { road, dry } = await both(model, allowed);
  expect([road.status >= 400, road.code]).toEqual([true, dry.refusal?.code]);
});
