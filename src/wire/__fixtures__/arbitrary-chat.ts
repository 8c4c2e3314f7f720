/** Random chats, in canonical terms alone: requests, replies' streams, and what may go wrong in them. */
import fc from 'fast-check';
import type {
  ChatEvent,
  ChatPart,
  ChatRequest,
  ChatTool,
  ChatTurn,
  JsonObject,
  StopKind,
  ToolResultContent,
  Signature,
  Usage,
} from '../chat.ts';
import { type SampleStates, sampleStates } from './state.ts';

const text = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 12 }),
  fc.constantFrom(
    '',
    ' ',
    '\n\n',
    'data: [DONE]\n\n',
    '"usage":{"input_tokens":1}',
    'message_stop',
    '\u2028\u{1f600}é',
  ),
);
const visible = fc.string({ minLength: 1, maxLength: 12 }).map((chars) => `<${chars.replace(/\s/g, '')}>`);
/** State of each maker, with texts that tell one from another. */
function stateFor(kind: keyof SampleStates): fc.Arbitrary<Signature> {
  const samples = Object.values(sampleStates).flatMap((states) => states[kind] ?? []);
  return fc
    .tuple(fc.constantFrom(...samples), visible)
    .map(([sample, value]) => (sample.value === '' ? sample : { ...sample, value }));
}
const proof = stateFor('thought');
const hidden = stateFor('redacted');
const callState = fc.option(stateFor('call'), { freq: 2, nil: undefined });
const name = fc.stringMatching(/^[a-zA-Z0-9_-]{1,12}$/);
const argumentsText = fc.oneof(
  fc.dictionary(name, fc.jsonValue({ maxDepth: 1 }), { maxKeys: 3 }).map((value) => JSON.stringify(value)),
  fc.constantFrom('', '{}', '{"city": "Gra', '{"a":1} '),
);
const count = fc.option(fc.nat({ max: 100_000 }), { nil: undefined });

/** A record without the fields that were left undefined. */
function optional<T extends object>(model: { [K in keyof T]: fc.Arbitrary<T[K] | undefined> }) {
  return fc
    .record(model as Record<string, fc.Arbitrary<unknown>>)
    .map((value) => Object.fromEntries(Object.entries(value).filter(([, one]) => one !== undefined)) as T);
}

const usage: fc.Arbitrary<Usage> = optional<Omit<Usage, 'raw'>>({
  input: count,
  cacheRead: count,
  cacheWrite5m: count,
  cacheWrite1h: count,
  output: count,
}).map((counts) => ({ ...counts, raw: null }));

const stopKinds: readonly StopKind[] = [
  'end',
  'length',
  'stop-sequence',
  'tool-calls',
  'refusal',
  'content-filter',
  'pause',
  'context-window',
  'unknown',
];

/** The events of one part, at an index that is set when the parts are mixed. */
type PartEvents = readonly ((index: number) => ChatEvent)[];

const pieces = fc.array(text, { maxLength: 4 });

function textLike(type: 'text' | 'thinking' | 'refusal'): fc.Arbitrary<PartEvents> {
  return pieces.map((texts) => [
    (index) => ({ type: `${type}-start`, index }),
    ...texts.map(
      (one) =>
        (index: number): ChatEvent => ({ type: `${type}-delta`, index, text: one }),
    ),
    (index) => ({ type: `${type}-end`, index }),
  ]);
}

const signed: fc.Arbitrary<PartEvents> = fc
  .tuple(textLike('thinking'), proof)
  .map(([events, signature]) => [
    ...events.slice(0, -1),
    (index) => ({ type: 'thinking-signature', index, signature }),
    events.at(-1)!,
  ]);

const sealed: fc.Arbitrary<PartEvents> = hidden.map((data) => [
  (index) => ({ type: 'redacted-thinking', index, data }),
]);

const foreign: fc.Arbitrary<PartEvents> = visible.map((value) => [
  (index) => ({
    type: 'opaque-part',
    index,
    part: { type: 'opaque', format: 'gemini-generate', value: { value } },
  }),
]);

const call: fc.Arbitrary<PartEvents> = fc
  .tuple(fc.uuid(), name, argumentsText, fc.array(fc.nat({ max: 20 }), { maxLength: 3 }), callState)
  .map(([id, tool, whole, cuts, signature]) => [
    (index) => ({
      type: 'tool-call-start',
      index,
      id: `call_${id}`,
      name: tool,
      ...(signature && { signature }),
    }),
    ...splitAt(whole, cuts).map(
      (piece) =>
        (index: number): ChatEvent => ({ type: 'tool-call-delta', index, arguments: piece }),
    ),
    (index) => ({ type: 'tool-call-end', index }),
  ]);

function splitAt(whole: string, cuts: readonly number[]): string[] {
  const places = [0, ...[...cuts].sort((a, b) => a - b), whole.length];
  return places.slice(1).map((end, at) => whole.slice(places[at], Math.max(end, places[at]!)));
}

/**
 * Texts follow each other; calls run beside them and beside each other, as they do where calls are parallel.
 * `picks` says whose event is next.
 */
function mix(
  texts: readonly PartEvents[],
  calls: readonly PartEvents[],
  picks: readonly number[],
): ChatEvent[] {
  const threads = [texts.map((part) => [...part]), ...calls.map((part) => [[...part]])];
  const indexOf = new Map<object, number>();
  const events: ChatEvent[] = [];
  for (let turn = 0; ; turn += 1) {
    const open = threads.filter((thread) => thread.length > 0);
    if (open.length === 0) return events;
    const thread = open[(picks[turn % picks.length] ?? 0) % open.length]!;
    const part = thread[0]!;
    if (!indexOf.has(part)) indexOf.set(part, indexOf.size);
    events.push(part.shift()!(indexOf.get(part)!));
    if (part.length === 0) thread.shift();
  }
}

const parts = fc
  .tuple(
    fc.array(
      fc.oneof(
        textLike('text'),
        textLike('text'),
        textLike('thinking'),
        textLike('refusal'),
        signed,
        sealed,
        foreign,
      ),
      {
        maxLength: 4,
      },
    ),
    fc.array(call, { maxLength: 3 }),
    fc.array(fc.nat({ max: 11 }), { minLength: 1, maxLength: 40 }),
  )
  .map(([texts, calls, picks]) => mix(texts, calls, picks));

const aside = fc.oneof<[fc.Arbitrary<ChatEvent>, fc.Arbitrary<ChatEvent>]>(
  fc.constant({ type: 'ping' }),
  usage.map((one) => ({ type: 'usage', usage: one })),
);

/** A stream in the order the chat demands, whole or ended by an error somewhere. */
export const chatEvents: fc.Arbitrary<ChatEvent[]> = fc
  .record({
    id: fc.constantFrom('', 'reply_1'),
    parts,
    asides: fc.array(fc.tuple(fc.nat(), aside), { maxLength: 4 }),
    last: usage,
    stop: fc.constantFrom(...stopKinds),
    failsAt: fc.option(fc.nat(), { freq: 4, nil: undefined }),
  })
  .map(({ id, parts: middle, asides, last, stop, failsAt }) => {
    const body = [...middle];
    for (const [place, event] of asides) body.splice(place % (body.length + 1), 0, event);
    const whole: ChatEvent[] = [
      { type: 'start', id, model: 'upstream-model' },
      ...body,
      { type: 'usage', usage: last },
      { type: 'stop', stop: { kind: stop, raw: null } },
      { type: 'end' },
    ];
    if (failsAt === undefined) return whole;
    const error = { kind: 'overloaded', status: 529, message: 'too much' } as const;
    return [...whole.slice(0, failsAt % (whole.length - 1)), { type: 'error', error }];
  });

const textPart = fc.oneof(visible, visible, text).map((one): ChatPart => ({ type: 'text', text: one }));
const picture = { kind: 'base64', mediaType: 'image/png', data: 'iVBORw0KGgo=' } as const;
const imagePart = fc
  .constantFrom(picture, { kind: 'url', url: 'https://example.test/a.png' } as const)
  .map((source) => ({ type: 'image', source }) as const);
const documentPart = fc
  .constantFrom(
    { kind: 'base64', mediaType: 'application/pdf', data: 'JVBERi0=' } as const,
    { kind: 'text', text: 'plain words' } as const,
    { kind: 'url', url: 'https://example.test/a.pdf' } as const,
  )
  .map((source) => ({ type: 'document', source, title: 'a.pdf' }) as const);
const thought = fc
  .tuple(visible, fc.option(proof, { nil: undefined }))
  .map(([one, signature]): ChatPart => ({ type: 'thinking', text: one, ...(signature && { signature }) }));
const hiddenThought = hidden.map((data): ChatPart => ({ type: 'redacted-thinking', data }));

const refusal = visible.map((one): ChatPart => ({ type: 'refusal', text: one }));

/** Some marked for caching. */
function marked<T extends ChatPart>(part: fc.Arbitrary<T>): fc.Arbitrary<T> {
  return fc
    .tuple(part, fc.boolean(), fc.boolean())
    .map(([one, a, b]) => (a && b ? { ...one, cache: {} } : one));
}

const resultContent = fc.array(
  fc.oneof(textPart, imagePart, documentPart) as fc.Arbitrary<ToolResultContent>,
  {
    maxLength: 2,
  },
);

interface Round {
  readonly isAnswered: boolean;
  /** The turns, with the call ids to use. */
  readonly make: (id: (call: number) => string) => ChatTurn[];
}

/** What the user says, what the assistant answers and calls, and the results of most of the calls. */
const round: fc.Arbitrary<Round> = fc
  .record({
    asked: fc.array(marked(fc.oneof(textPart, textPart, imagePart, documentPart)), {
      minLength: 1,
      maxLength: 3,
    }),
    // No wire takes a mark on a thought.
    said: fc.array(fc.oneof(marked(textPart), thought, hiddenThought, refusal), { maxLength: 2 }),
    calls: fc.array(
      fc.record({
        name,
        arguments: argumentsText,
        result: fc.option(resultContent),
        fails: fc.boolean(),
        signature: callState,
      }),
      {
        maxLength: 3,
      },
    ),
    role: fc.constantFrom('tool', 'user', 'each'),
    isReversed: fc.boolean(),
  })
  .map(({ asked, said, calls, role, isReversed }) => ({
    isAnswered: calls.every(({ result }) => result !== null),
    make: (id) => {
      const called = calls.map(
        ({ name: tool, arguments: text, signature }, at): ChatPart => ({
          type: 'tool-call',
          id: id(at),
          name: tool,
          arguments: text,
          ...(signature && { signature }),
        }),
      );
      const results = calls.flatMap(({ result, fails }, at): ChatPart[] =>
        result
          ? [{ type: 'tool-result', callId: id(at), content: result, ...(fails && { isError: true }) }]
          : [],
      );
      if (isReversed) results.reverse();
      const answers = role === 'each' ? results.map((one) => [one]) : [results];
      return [
        { role: 'user', parts: asked },
        { role: 'assistant', parts: [...said, ...called] },
        ...(results.length === 0
          ? []
          : answers.map((parts): ChatTurn => ({ role: role === 'user' ? 'user' : 'tool', parts }))),
      ];
    },
  }));

const systemTurn = fc
  .record({
    role: fc.constantFrom('system', 'developer'),
    parts: fc.array(marked(textPart), { minLength: 1, maxLength: 2 }),
  })
  .map((turn) => turn as ChatTurn);

const tool: fc.Arbitrary<ChatTool> = optional<ChatTool>({
  name,
  description: fc.option(visible, { nil: undefined }),
  inputSchema: fc.constantFrom<(JsonObject | undefined)[]>(undefined, {
    type: 'object',
    properties: { city: { type: 'string' } },
    required: ['city'],
  }),
  strict: fc.option(fc.boolean(), { nil: undefined }),
  cache: fc.constantFrom(undefined, undefined, {}),
});

const settings = optional<Omit<ChatRequest, 'turns' | 'tools' | 'stream' | 'model' | 'toolChoice'>>({
  parallelToolCalls: fc.option(fc.boolean(), { nil: undefined }),
  maxOutputTokens: fc.option(fc.integer({ min: 1, max: 64_000 }), { nil: undefined }),
  temperature: fc.constantFrom(undefined, 0, 0.5, 1, 1.5),
  topP: fc.constantFrom(undefined, 0.5, 1),
  topK: fc.constantFrom(undefined, 40),
  stop: fc.constantFrom(undefined, ['END'], ['a', 'b', 'c', 'd', 'e']),
  seed: fc.constantFrom(undefined, 7),
  presencePenalty: fc.constantFrom(undefined, 0.5),
  frequencyPenalty: fc.constantFrom(undefined, 0.5),
  reasoning: fc.constantFrom<ChatRequest['reasoning'][]>(
    undefined,
    { mode: 'off' },
    { mode: 'adaptive', effort: 'high' },
    { mode: 'on', budgetTokens: 2048 },
  ),
  output: fc.constantFrom<ChatRequest['output'][]>(
    undefined,
    { type: 'json' },
    {
      type: 'json-schema',
      schema: { type: 'object', properties: {}, additionalProperties: false },
      name: 'x',
    },
  ),
  endUser: fc.constantFrom(undefined, 'user-1'),
  serviceTier: fc.constantFrom(undefined, 'auto', 'flex'),
});

/** Models of each habit the formats tell apart. */
const model = fc.constantFrom(
  'claude-sonnet-4-5',
  'claude-opus-4-7',
  'gpt-4o',
  'gpt-5',
  'o3-mini',
  'some-model',
);

/** A request as any client may send it: results missing, reversed, in turns of either role, ids used again. */
export const chatRequest: fc.Arbitrary<ChatRequest> = fc
  .record({
    model,
    lead: fc.array(systemTurn, { maxLength: 2 }),
    rounds: fc.array(round, { minLength: 1, maxLength: 3 }),
    later: fc.option(systemTurn, { nil: undefined }),
    isIdShared: fc.boolean(),
    tools: fc.uniqueArray(tool, { maxLength: 3, selector: (one) => one.name }),
    choice: fc.constantFrom('none given', 'auto', 'none', 'required', 'tool'),
    settings,
    stream: fc.boolean(),
  })
  .map(({ model: id, lead, rounds, later, isIdShared, tools, choice, settings: more, stream }) => {
    // A result of an id that two calls have is only clear when the first has its own.
    const isShared = isIdShared && rounds.every(({ isAnswered }) => isAnswered);
    const turns = rounds.flatMap(({ make }, at) =>
      make((call) => (isShared ? `call_${call}` : `call_${at}_${call}`)),
    );
    return {
      model: id,
      turns: [...lead, ...turns, ...(later ? [later] : [])],
      tools,
      ...toolChoice(choice, tools),
      ...more,
      stream,
    };
  });

function toolChoice(choice: string, tools: readonly ChatTool[]): Pick<ChatRequest, 'toolChoice'> {
  if (choice === 'none given' || tools.length === 0) return {};
  if (choice === 'tool') return { toolChoice: { type: 'tool', name: tools[0]!.name } };
  return { toolChoice: { type: choice as 'auto' } };
}
