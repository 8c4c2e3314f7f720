/** A reload while hundreds of requests are open: none fails, each is of one revision, the old ones end with theirs. */
import { afterAll, beforeAll, expect, it } from 'vitest';
import { HELD_TEXT, type HeldUpstream, startHeldUpstream } from './support/held-upstream.ts';
import { ask, openReloadHouse, type ReloadHouse } from './support/reload-house.ts';

let house: ReloadHouse;
let held: HeldUpstream;

const provider = () =>
  `providers: { held: { kind: openai-compatible, base_url: "${held.url}/v1", api_key: k } }\n`;
const config = (quick: string, slow: string, more = '') =>
  `${provider()}aliases: { quick: ${quick}, slow: ${slow} }\n${more}`;

beforeAll(async () => {
  held = await startHeldUpstream();
  house = await openReloadHouse(config('sandbox/scribe', 'held/one'));
});
afterAll(async () => {
  await house.close();
  await held.close();
});

const STREAMS = 150;
const WORKERS = 40;
const RELOADS = 6;

interface Decided {
  readonly model: string;
  readonly revision: number;
}

/** What was decided of every exchange, by the first model that answered it. */
function decided(): Map<string, Decided> {
  const rows = house.rows<{ exchange_id: string; facts: string; provider: string; model: string }>(
    `select d.exchange_id, d.facts, e.provider, e.model from decisions d
     join ledger_entries e on e.exchange_id = d.exchange_id and e.attempt = d.attempt`,
  );
  return new Map(
    rows.map(({ exchange_id, facts, provider, model }) => [
      exchange_id,
      { model: `${provider}/${model}`, revision: (JSON.parse(facts) as { revision: number }).revision },
    ]),
  );
}

const chat = (model: string, stream: boolean) => ({
  model,
  stream,
  max_tokens: 5,
  messages: [{ role: 'user', content: '[[sandbox words=5 ttfb=5 pace=1]] Hello' }],
});

it('fails none, and answers each by the revision it came under', async () => {
  await house.reload();
  const first = (await house.configuration()).revision;
  const streams = Array.from({ length: STREAMS }, () => ask(house.url, chat('slow', true)));
  await held.untilHeld(STREAMS);

  let isOver = false;
  const quick: { status: number; model: string | null; exchangeId: string }[] = [];
  const workers = Array.from({ length: WORKERS }, async (_, worker) => {
    while (!isOver) quick.push(await ask(house.url, chat('quick', worker % 2 === 0)));
  });
  const revisions: number[] = [];
  for (let n = 1; n <= RELOADS; n += 1) {
    const model = n % 2 === 1 ? 'sandbox/echo' : 'sandbox/scribe';
    const asked = quick.length;
    house.replace(config(model, 'sandbox/echo', `models: { default: sandbox/echo }\n# ${n}\n`));
    const { reloads, revision } = await house.until((now) => now.reloads.done === n);
    expect(reloads).toEqual({ done: n, failed: 0 });
    revisions.push(revision);
    while (quick.length < asked + WORKERS) await new Promise((done) => setTimeout(done, 10));
  }
  // A broken file under load: nobody sees anything of it.
  house.write('aliases: [\n');
  await house.until((now) => now.problem !== null);
  const asked = quick.length;
  while (quick.length < asked + WORKERS) await new Promise((done) => setTimeout(done, 10));
  isOver = true;
  await Promise.all(workers);
  held.end();
  const ended = await Promise.all(streams);

  expect(quick.filter(({ status }) => status !== 200)).toEqual([]);
  expect(quick.length).toBeGreaterThan(300);
  for (const { status, text } of ended) {
    expect(status).toBe(200);
    expect(text).toContain('[DONE]');
    for (const word of HELD_TEXT.split(' ')) expect(text).toContain(word);
  }
  await house.entries(quick.length + STREAMS);
  const facts = decided();
  expect(new Set(ended.map(({ exchangeId }) => facts.get(exchangeId)?.revision))).toEqual(new Set([first]));
  for (const { exchangeId, model } of quick) {
    const { model: answered, revision } = facts.get(exchangeId)!;
    const number = revisions.findLastIndex((at) => at <= revision);
    const expected = number === -1 || number % 2 === 1 ? 'sandbox/scribe' : 'sandbox/echo';
    expect([answered, model]).toEqual([expected, expected]);
  }
  expect(new Set(quick.map(({ exchangeId }) => facts.get(exchangeId)!.revision)).size).toBeGreaterThan(
    RELOADS - 1,
  );
  await house.verify();
}, 60_000);
