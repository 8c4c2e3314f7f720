/** KEY-04: a key that is revoked while its replies run gets no further word of them, and what they were is booked. */
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type HeldUpstream, startHeldUpstream } from '../support/held-upstream.ts';
import { type OpenHouse, openHouse } from '../support/open-house.ts';
import { ask, type ClientFormat, clientFormats } from '../support/plain-client.ts';

/** What the contract allows between a revocation and its end, with room for a slow machine. */
const IN_FORCE_MS = 5_000;

let upstream: HeldUpstream;
let house: OpenHouse;
beforeEach(async () => {
  upstream = await startHeldUpstream();
  house = await openHouse(`providers:
  oai: { kind: openai, base_url: "${upstream.url}/v1", api_key: sk-revoked, formats: [openai-chat] }
`);
});
afterEach(async () => {
  await house.close();
  await upstream.close();
});

interface Made {
  readonly token: string;
  readonly key: { readonly id: string };
}
const makeKey = () => house.admin<Made>('POST', '/keys', { name: 'short-lived' });
const streamOf = (key: string, format: ClientFormat) =>
  ask(house.url, { format, model: 'oai/gpt-4o-mini', isStream: true, key });

describe.each(clientFormats)('%s', (client) => {
  it('KEY-04: an open stream is ended by an error of the format, and booked', async () => {
    const { key, token } = await makeKey();
    const other = await makeKey();
    const running = streamOf(token, client);
    const others = streamOf(other.token, client);
    await upstream.untilHeld(2);
    const revokedAt = Date.now();
    await house.admin('DELETE', `/keys/${key.id}`);
    const seen = await running;
    expect(Date.now() - revokedAt).toBeLessThan(IN_FORCE_MS);
    expect(seen.text).toContain('Begun.');
    expect(seen.error?.message).toContain('revoked');
    expect(seen.isBroken).toBe(false);
    expect(seen.text).not.toContain('Ended.');
    upstream.end();
    expect((await others).text).toContain('Ended.');
    const entries = await house.entries(2);
    const entry = entries.find(({ key_id }) => key_id === key.id);
    expect(entry).toMatchObject({ error_class: 'key_unknown', status: 'client_abort', is_estimated: 1 });
    expect(entry?.cost_nano).toBeGreaterThan(0);
  });

  it('KEY-04: the next request is refused', async () => {
    const { key, token } = await makeKey();
    await house.admin('DELETE', `/keys/${key.id}`);
    expect((await streamOf(token, client)).status).toBe(401);
    expect(upstream.count()).toBe(0);
  });
});
