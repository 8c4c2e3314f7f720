/** From a client's request to `explain`: what was asked for, tried, skipped and lost, and nothing of what was said. */
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { DecisionRecord, Losses } from '../src/admin/decision.ts';
import { ExplainedExchange } from '../src/admin/exchanges.ts';
import { type FakeUpstream, startFakeUpstream } from './fake-upstream.ts';
import { roadConfig } from './support/cells.ts';
import { type OpenHouse, openHouse } from './support/open-house.ts';
import { type Asking, ask, type Seen } from './support/plain-client.ts';
import { json, spoken, streamed } from './support/spoken.ts';

let upstream: FakeUpstream;
let house: OpenHouse;
beforeAll(async () => {
  upstream = await startFakeUpstream();
  const routes =
    '  spare: { models: [oai/echo, ant/echo] }\n  doomed: { models: [ant/fault-503, oai/fault-429] }\n';
  house = await openHouse(roadConfig(upstream.url) + routes);
});
afterAll(async () => {
  await house.close();
  await upstream.close();
});
afterEach(async () => {
  await house.forgetHealth();
  await house.verify();
});

const none: Losses = { named: [], unnamed: 0 };
const pathsOf = (losses: Losses | null | undefined): string[] => losses?.named.map(({ path }) => path) ?? [];
const decisionRows = (seen: Seen): unknown[] =>
  house.rows(`select attempt from decisions where exchange_id = '${seen.exchangeId}' order by attempt`);

interface Explained {
  readonly seen: Seen;
  readonly exchange: ExplainedExchange;
  readonly decision: DecisionRecord;
}

async function explain(asking: Asking, attempts = 1): Promise<Explained> {
  const seen = await ask(house.url, asking);
  await house.entriesOf(seen.exchangeId, attempts);
  const exchange = ExplainedExchange.parse(await house.admin('GET', `/exchanges/${seen.exchangeId}`));
  return { seen, exchange, decision: exchange.decision };
}

/** Fields that Anthropic has no place for. */
const lossyFields = { seed: 7, logit_bias: { 50256: -100 }, presence_penalty: 0.5 };

describe('a translation', () => {
  it.each([false, true])('names what a request lost (stream: %s)', async (isStream) => {
    const more = lossyFields;
    const { seen, decision } = await explain({ format: 'openai-chat', model: 'ant/echo', isStream, more });
    const [attempt] = decision.attempts;
    const paths = pathsOf(attempt?.requestLosses);
    expect(paths).toEqual(expect.arrayContaining(['seed', 'presencePenalty']));
    expect(paths.some((path) => path.includes('logit_bias'))).toBe(true);
    expect(seen.headers.get('x-turnpike-translation')).toBe(`lossy;n=${paths.length}`);
    expect(decision).toMatchObject({ operation: 'chat', asked: 'ant/echo', revision: expect.any(Number) });
    expect(attempt).toMatchObject({
      number: 1,
      model: 'ant/echo',
      lane: 'translate',
      upstreamFormat: 'anthropic-messages',
      status: 'ok',
      replyLosses: none,
    });
    // A whole reply is booked just before its head is written.
    const told = Number(seen.headers.get('x-turnpike-overhead-ms'));
    expect(decision.overheadMs).toBeGreaterThan(0);
    if (isStream) expect(decision.overheadMs).toBe(told);
    else expect(decision.overheadMs).toBeLessThanOrEqual(told);
  });

  it.each([false, true])(
    'names what a reply lost, which a stream knows at its end (stream: %s)',
    async (isStream) => {
      const voice = spoken['anthropic-messages'];
      const end = { stop_reason: 'stop_sequence', stop_sequence: 'END' };
      const closing = `event: message_delta\ndata: ${JSON.stringify({ type: 'message_delta', delta: end, usage: { output_tokens: 1 } })}\n\nevent: message_stop\ndata: {"type":"message_stop"}\n\n`;
      upstream.answerWith(
        isStream
          ? streamed(voice.opening(voice.usage(3, 1)) + voice.words('Fine.') + closing)
          : json({ ...voice.whole('Fine.', voice.usage(3, 1)), ...end }),
      );
      const { seen, decision } = await explain({ format: 'openai-chat', model: 'ant/echo', isStream });
      expect(seen).toMatchObject({ text: 'Fine.', isComplete: true });
      expect(pathsOf(decision.attempts[0]?.replyLosses)).toEqual(['stop.sequence']);
      expect(pathsOf(decision.attempts[0]?.requestLosses)).toEqual([]);
      expect(seen.headers.get('x-turnpike-translation')).toBe(isStream ? 'lossless' : 'lossy;n=1');
    },
  );

  it('is recorded also where its stream broke', async () => {
    const prompt = '[[sandbox ttfb=0 pace=0 words=40 cut=10]]';
    const { decision } = await explain({
      format: 'openai-chat',
      model: 'ant/echo',
      isStream: true,
      prompt,
      more: lossyFields,
    });
    expect(decision.attempts).toMatchObject([{ status: 'truncated', errorClass: 'cut' }]);
    expect(pathsOf(decision.attempts[0]?.requestLosses)).toContain('seed');
  });

  it('without a loss says that there was none', async () => {
    const { decision } = await explain({ format: 'anthropic-messages', model: 'fast' });
    expect(decision).toMatchObject({
      asked: 'fast',
      attempts: [
        { model: 'oai/echo', upstreamFormat: 'openai-chat', requestLosses: none, replyLosses: none },
      ],
    });
  });
});

describe('an ordinary request', () => {
  it.each([false, true])(
    'keeps nothing beside its entry, which says it all (stream: %s)',
    async (isStream) => {
      const { seen, decision } = await explain({ format: 'openai-chat', model: 'oai/echo', isStream });
      expect(decisionRows(seen)).toEqual([]);
      expect(decision).toMatchObject({ asked: 'oai/echo', order: null, skipped: [], phases: null });
      expect(decision.choice).toMatchObject({ layer: 'request', prompt: null });
      expect(decision.choice!.layers.filter(({ ref }) => ref !== null)).toEqual([
        { layer: 'request', ref: 'oai/echo', source: 'the request' },
      ]);
      expect(decision.attempts).toMatchObject([{ number: 1, model: 'oai/echo', status: 'ok' }]);
    },
  );
});

describe('a request by an alias', () => {
  it.each([false, true])(
    'says who chose its model, and where the time went (stream: %s)',
    async (isStream) => {
      const { seen, exchange, decision } = await explain({ format: 'openai-chat', model: 'fast', isStream });
      expect(decisionRows(seen)).toEqual([{ attempt: 1 }]);
      expect(decision).toMatchObject({
        asked: 'fast',
        revision: expect.any(Number),
        overheadMs: expect.any(Number),
        order: null,
        skipped: [],
        budgets: [],
        choice: { layer: 'request', prompt: null, promptBy: null },
        phases: { bodyMs: expect.any(Number), firstByteMs: expect.any(Number), totalMs: expect.any(Number) },
      });
      expect(decision.choice!.layers.filter(({ ref }) => ref !== null)).toMatchObject([
        { layer: 'request', ref: 'fast' },
      ]);
      expect(decision.attempts).toEqual([
        {
          number: 1,
          model: 'oai/echo',
          lane: 'relay',
          upstreamFormat: 'openai-chat',
          status: 'ok',
          errorClass: null,
          startedAt: exchange.startedAt,
          latencyMs: expect.any(Number),
          price: null,
          requestLosses: none,
          replyLosses: none,
        },
      ]);
    },
  );
});

describe('a fallback', () => {
  it('tells both attempts, each with its own format and losses', async () => {
    const more = lossyFields;
    const { seen, decision } = await explain({ format: 'openai-chat', model: 'safe', more }, 2);
    expect(decisionRows(seen)).toEqual([{ attempt: 1 }, { attempt: 2 }]);
    expect(decision.order).toEqual([
      { ref: 'oai/fault-503', standIn: null },
      { ref: 'ant/echo', standIn: null },
    ]);
    expect(decision.asked).toBe('safe');
    expect(decision.attempts).toMatchObject([
      {
        number: 1,
        model: 'oai/fault-503',
        lane: 'relay',
        upstreamFormat: 'openai-chat',
        status: 'upstream_error',
        errorClass: 'status_503',
        requestLosses: none,
      },
      { number: 2, model: 'ant/echo', lane: 'translate', upstreamFormat: 'anthropic-messages', status: 'ok' },
    ]);
    expect(pathsOf(decision.attempts[1]?.requestLosses)).toContain('seed');
  });

  it('is told also where nobody answered', async () => {
    const { decision } = await explain({ format: 'openai-chat', model: 'doomed' }, 2);
    expect(decision.attempts.map(({ errorClass }) => errorClass)).toEqual(['status_503', 'status_429']);
  });
});

describe('a skipped deployment', () => {
  it('is named with its reason', async () => {
    const made = { name: 'narrow', allowedModels: ['ant/*'] };
    const { token } = await house.admin<{ token: string }>('POST', '/keys', made);
    const { decision } = await explain({ format: 'anthropic-messages', model: 'spare', key: token });
    expect(decision).toMatchObject({
      asked: 'spare',
      skipped: [{ ref: 'oai/echo', reason: 'model_not_allowed' }],
      attempts: [{ number: 1, model: 'ant/echo', lane: 'relay', requestLosses: none }],
    });
  });
});

describe('a strict refusal', () => {
  it('names the losses itself and books nothing to explain', async () => {
    const headers = { 'x-turnpike-strict': 'true' };
    const seen = await ask(house.url, {
      format: 'openai-chat',
      model: 'ant/echo',
      headers,
      more: lossyFields,
    });
    expect(seen).toMatchObject({ status: 400, error: { code: 'translation_lossy' } });
    expect(seen.error?.message).toContain('seed');
    const looking = house.admin('GET', `/exchanges/${seen.exchangeId}`);
    await expect(looking).rejects.toThrow(/404.*a refused or open exchange has none/);
    expect(decisionRows(seen)).toEqual([]);
  });

  it('passes what is carried whole', async () => {
    const headers = { 'x-turnpike-strict': 'true' };
    const { decision } = await explain({ format: 'openai-chat', model: 'ant/echo', headers });
    expect(decision.attempts[0]?.requestLosses).toEqual(none);
  });
});

/** Would be found wherever it went: in every text a client may send. */
const CANARY = 'canary Xk29Qp77Lm41Zt83Vb60';

const talkative = {
  'openai-chat': {
    ...lossyFields,
    user: CANARY.repeat(4),
    metadata: { [CANARY]: CANARY },
    service_tier: 'priority',
    stop: [CANARY, ' '],
    tools: [
      {
        type: 'function',
        function: { name: 'look', description: CANARY, parameters: { type: 'object', description: CANARY } },
      },
    ],
    messages: [
      { role: 'system', content: CANARY },
      { role: 'user', name: 'ann', content: [{ type: 'text', text: CANARY, mark: CANARY }] },
      {
        role: 'assistant',
        content: CANARY,
        refusal: CANARY,
        tool_calls: [{ id: 'call_1', type: 'function', function: { name: 'look', arguments: CANARY } }],
      },
      { role: 'tool', tool_call_id: 'call_1', content: CANARY },
      { role: 'tool', tool_call_id: 'call_of_nobody', content: CANARY },
      { role: 'user', content: [{ type: 'input_audio', input_audio: { data: 'AAAA', format: 'wav' } }] },
      { role: 'system', content: CANARY },
      { role: 'user', content: `[[sandbox ttfb=0 pace=0]] ${CANARY}` },
    ],
  },
  'anthropic-messages': {
    top_k: 4,
    metadata: { user_id: CANARY.repeat(4) },
    stop_sequences: [CANARY, 'b', 'c', 'd', 'e'],
    system: [{ type: 'text', text: CANARY, cache_control: { type: 'ephemeral' } }],
    tools: [
      { name: 'look', description: CANARY, input_schema: { type: 'object', description: CANARY } },
      {
        type: 'web_search_20250305',
        name: 'web_search',
        user_location: { type: 'approximate', city: CANARY },
      },
    ],
    messages: [
      { role: 'user', content: [{ type: 'text', text: CANARY, cache_control: { type: 'ephemeral' } }] },
      {
        role: 'assistant',
        content: [
          { type: 'thinking', thinking: CANARY, signature: CANARY },
          { type: 'tool_use', id: 'toolu_1', name: 'look', input: { [CANARY]: CANARY } },
        ],
      },
      {
        role: 'user',
        content: [
          { type: 'tool_result', tool_use_id: 'toolu_1', is_error: true, content: CANARY },
          { type: 'document', title: CANARY, source: { type: 'url', url: `https://x.example/${CANARY}` } },
          { type: 'search_result', source: CANARY, title: CANARY, content: [{ type: 'text', text: CANARY }] },
          { type: 'text', text: `[[sandbox ttfb=0 pace=0]] ${CANARY}` },
        ],
      },
    ],
  },
} as const;

describe('what was said', () => {
  it.each([
    { format: 'openai-chat', model: 'ant/echo' },
    { format: 'anthropic-messages', model: 'oai/echo' },
  ] as const)('is not in the record, whatever $format lost of it', async ({ format, model }) => {
    const { seen, exchange } = await explain({ format, model, more: talkative[format] });
    expect(seen.status).toBe(200);
    const paths = pathsOf(exchange.decision.attempts[0]?.requestLosses);
    expect(paths.length).toBeGreaterThan(4);
    const rows = house.rows(`select facts from decisions where exchange_id = '${seen.exchangeId}'`);
    expect(JSON.stringify([exchange, rows])).not.toMatch(/canary|Xk29Qp77/);
  });
});
