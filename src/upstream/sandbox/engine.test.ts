/** Every model in every format, unary and streamed, read back by the format's own decoder. */
import { describe, expect, it } from 'vitest';
import { createManualTime } from '../../../test/support/manual-time.ts';
import {
  allFormats,
  chatPath,
  readAnswer,
  requestBody,
  userTurn,
} from '../../../test/support/sandbox-ask.ts';
import type { ChatPart, ChatReply, ChatRequest, ChatTool } from '../../wire/chat.ts';
import type { Format } from '../../wire/format.ts';
import { formats } from '../../wire/formats.ts';
import { createSandboxEngine, type SandboxEngine } from './engine.ts';
import type { Answer, Script } from './script.ts';

const time = createManualTime();
const make = (): SandboxEngine =>
  createSandboxEngine({ formats: allFormats, clock: time.clock, timing: 'none' });
const engine = make();

function drain(script: Script): { answer: Answer; bytes: Buffer } {
  if (script.type !== 'answer') throw new Error('refused');
  const chunks: Buffer[] = [];
  for (let piece = script.next(); piece !== undefined; piece = script.next())
    chunks.push(Buffer.from(piece as string));
  return { answer: script, bytes: Buffer.concat(chunks) };
}

interface Sent {
  readonly model?: string;
  readonly stream?: boolean | undefined;
  readonly headers?: Record<string, string>;
  readonly own?: SandboxEngine;
}

function send(format: Format, body: string, { model, stream, headers = {}, own = engine }: Sent = {}) {
  const path = chatPath(format, model, stream);
  return drain(own.answer({ method: 'POST', path, headers, body: Buffer.from(body) }));
}

function ask(format: Format, model: string, prompt: string, more: Partial<ChatRequest> = {}) {
  const { stream } = more;
  const { answer, bytes } = send(format, requestBody(format, model, prompt, more), { model, stream });
  return { answer, ...readAnswer(format, answer.status, bytes, more.stream ?? false) };
}

function replyOf(asked: ReturnType<typeof ask>): ChatReply {
  if (!asked.reply || asked.error) throw new Error(asked.error?.message ?? 'no reply');
  return asked.reply;
}

const textOf = (reply: ChatReply): string =>
  reply.parts.flatMap((part) => (part.type === 'text' ? [part.text] : [])).join('');
const ofType = <T extends ChatPart['type']>(reply: ChatReply, type: T) =>
  reply.parts.flatMap((part) => (part.type === type ? [part as Extract<ChatPart, { type: T }>] : []));

const pixel =
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==';
const bash: ChatTool = {
  name: 'Bash',
  description: 'Runs a command',
  inputSchema: {
    type: 'object',
    properties: { command: { type: 'string' }, description: { type: 'string' } },
    required: ['command'],
  },
};
const read: ChatTool = {
  name: 'Read',
  inputSchema: { type: 'object', properties: { file_path: { type: 'string' } }, required: ['file_path'] },
};

const cells = allFormats.flatMap((format) =>
  [false, true].map((stream) => [format.id, stream, format] as const),
);

describe.each(cells)('%s, stream %s', (_id, stream, format) => {
  // Other wires have fewer classes of tokens, and only their sums must be right.
  const tellsAllClasses = format.id === 'anthropic-messages' || format.id === 'openai-chat';
  const get = (model: string, prompt: string, more: Partial<ChatRequest> = {}) =>
    replyOf(ask(format, model, prompt, { ...more, stream }));

  it('echo repeats', () => {
    const reply = get('echo', 'Grüße,  世界 🚀\n\n "quoted" ');
    expect(textOf(reply)).toBe('Grüße,  世界 🚀\n\n "quoted" ');
    expect(reply).toMatchObject({ model: 'echo', stop: { kind: 'end' }, usage: { output: 4 } });
    expect(reply.usage!.input).toBeGreaterThan(5);
  });
  it('scribe greets a newcomer and says what it is', () => {
    expect(textOf(get('scribe', 'Hello!'))).toMatch(/^Hello! .*simulated model/);
  });
  it.each(['scribe', 'free', 'unpriced'])('%s writes as many words as told', (model) => {
    const reply = get(model, 'Write about rivers [[sandbox words=40]]');
    expect(textOf(reply).split(/\s+/)).toHaveLength(40);
    expect(reply.usage).toMatchObject({ output: 40 });
  });
  it('thinker thinks before it speaks', () => {
    const reply = get('thinker', 'Why? [[sandbox thinking=9 words=4]]');
    expect(reply.parts.map((part) => part.type)).toEqual(['thinking', 'text']);
    expect(ofType(reply, 'thinking')[0]!.text.split(' ')).toHaveLength(9);
    expect(reply.usage).toMatchObject({ output: 13, ...(tellsAllClasses && { reasoning: 9 }) });
    const signature = ofType(reply, 'thinking')[0]!.signature;
    if (format.id === 'anthropic-messages') expect(signature?.value).toMatch(/^c2FuZGJveC/);
  });
  it('toolsmith calls a tool with arguments that fit', () => {
    const reply = get('toolsmith', 'do something', { tools: [read, bash] });
    expect(reply.stop.kind).toBe('tool-calls');
    const [call] = ofType(reply, 'tool-call');
    expect(call).toMatchObject({ name: 'Bash' });
    expect(JSON.parse(call!.arguments)).toEqual({ command: 'echo "hello from the Turnpike sandbox"' });
  });
  it('toolsmith answers from the result', () => {
    const turns: ChatRequest['turns'] = [
      userTurn('do something'),
      {
        role: 'assistant',
        parts: [{ type: 'tool-call', id: 'c1', name: 'Bash', arguments: '{"command":"ls"}' }],
      },
      {
        role: 'tool',
        parts: [{ type: 'tool-result', callId: 'c1', content: [{ type: 'text', text: 'a.txt b.txt' }] }],
      },
    ];
    const reply = get('toolsmith', '', { turns, tools: [bash] });
    expect(reply.stop.kind).toBe('end');
    expect(textOf(reply)).toContain('a.txt b.txt');
  });
  it('vision describes what it was shown', () => {
    const source = { kind: 'base64', mediaType: 'image/png', data: pixel } as const;
    const turns: ChatRequest['turns'] = [
      {
        role: 'user',
        parts: [
          { type: 'text', text: 'what?' },
          { type: 'image', source },
        ],
      },
    ];
    expect(textOf(get('vision', '', { turns }))).toContain('image/png, 70 bytes, 1x1 pixels');
    expect(textOf(get('vision', 'what?'))).toContain('I see no image');
  });
  it.each(['json', 'scribe'])('%s answers in the shape asked for', (model) => {
    const schema = {
      type: 'object',
      properties: { city: { type: 'string' }, degrees: { type: 'integer' } },
      required: ['city', 'degrees'],
      additionalProperties: false,
    };
    const reply = get(model, 'weather', { output: { type: 'json-schema', name: 'weather', schema } });
    const value = JSON.parse(textOf(reply));
    expect(Object.keys(value)).toEqual(['city', 'degrees']);
    expect(Number.isInteger(value.degrees)).toBe(true);
  });
  it('keeps to the output limit and says so', () => {
    const reply = get('scribe', 'go [[sandbox words=50]]', { maxOutputTokens: 17 });
    expect(textOf(reply).split(' ')).toHaveLength(17);
    expect(reply).toMatchObject({ stop: { kind: 'length' }, usage: { output: 17 } });
  });
  // Responses knows no stop sequences.
  it.skipIf(format.id === 'openai-responses')('keeps to stop sequences', () => {
    const reply = get('echo', 'one two STOP three', { stop: ['END', 'STOP'] });
    expect(textOf(reply)).toBe('one two ');
    if (format.id === 'anthropic-messages')
      expect(reply.stop).toMatchObject({ kind: 'stop-sequence', sequence: 'STOP' });
  });
  it('premium reports its cache', () => {
    const own = make();
    const cache = format.id === 'anthropic-messages' ? { cache: { ttl: '1h' } } : {};
    const long = { type: 'text', text: 'context '.repeat(200), ...cache } as const;
    const turns: ChatRequest['turns'] = [{ role: 'user', parts: [long, { type: 'text', text: 'so?' }] }];
    const body = requestBody(format, 'premium', '', { turns, stream });
    const usages = [1, 2].map(() => {
      const { answer, bytes } = send(format, body, { model: 'premium', stream, own });
      return readAnswer(format, answer.status, bytes, stream).reply!.usage!;
    });
    const written = usages[0]!;
    // 1,600 characters and what stands around a turn.
    const isMarked = format.id === 'anthropic-messages';
    expect(written.cacheWrite1h ?? 0).toBe(isMarked ? 400 + 3 : 0);
    expect(written.cacheRead ?? 0).toBe(0);
    expect(usages[1]!.cacheRead).toBeGreaterThanOrEqual(400);
    expect(usages[1]!.cacheWrite1h ?? 0).toBe(0);
  });
  it('reports the usage it is told to', () => {
    const order =
      '[[sandbox input-tokens=1000 output-tokens=50 cache-read-tokens=300 cache-write-tokens=20]]';
    const { usage } = get('echo', order);
    const classes = { input: 1000, cacheRead: 300, cacheWrite5m: 20 };
    expect(usage).toMatchObject({ output: 50, ...(tellsAllClasses && classes) });
    const { input = 0, cacheRead = 0, cacheWrite5m = 0 } = usage!;
    expect(input + cacheRead + cacheWrite5m).toBe(1320);
  });
});

describe('tool calls', () => {
  const format = formats['openai-chat'];
  const callsOf = (prompt: string, more: Partial<ChatRequest> = {}, model = 'toolsmith') =>
    ofType(replyOf(ask(format, model, prompt, { tools: [read, bash], ...more })), 'tool-call').map(
      (call) => call.name,
    );

  it.each<[string, string, Partial<ChatRequest>, string[]]>([
    ['the tool the prompt names', 'please use Read now', {}, ['Read']],
    ['in another case too', 'please read it', {}, ['Read']],
    ['not a part of a word', 'already', {}, ['Bash']],
    [
      'the first that can be filled in, where none is known',
      'go',
      {
        tools: [
          {
            name: 'impossible',
            inputSchema: { type: 'object', properties: { x: false as never }, required: ['x'] },
          },
          { name: 'odd' },
        ],
      },
      ['odd'],
    ],
    ['none when none is allowed', 'go', { toolChoice: { type: 'none' } }, []],
    ['the one the client chose', 'go', { toolChoice: { type: 'tool', name: 'Read' } }, ['Read']],
    ['as ordered', 'go [[sandbox tool=Read]]', {}, ['Read']],
    ['several at once', 'go [[sandbox tool=Read,Bash]]', {}, ['Read', 'Bash']],
    ['the same several times', 'go [[sandbox tool=Bash parallel=3]]', {}, ['Bash', 'Bash', 'Bash']],
    [
      'but one where the client forbids more',
      'go [[sandbox parallel=3]]',
      { parallelToolCalls: false },
      ['Bash'],
    ],
    ['none when text is ordered', 'go [[sandbox text="no"]]', {}, []],
    ['none without tools, even when ordered', 'go [[sandbox tool=Read]]', { tools: [] }, []],
  ])('%s', (_name, prompt, more, expected) => {
    expect(callsOf(prompt, more)).toEqual(expected);
  });
  it('other models call when told to', () => {
    expect(callsOf('go', {}, 'scribe')).toEqual([]);
    expect(callsOf('go', { toolChoice: { type: 'required' } }, 'scribe')).toEqual(['Bash']);
    expect(callsOf('go [[sandbox tool=Read]]', {}, 'echo')).toEqual(['Read']);
  });
  it('takes the arguments it is given, and unique ids', () => {
    const order = 'go [[sandbox tool=Bash parallel=2 args={"command":"echo hi","list":[1]}]]';
    const calls = ofType(replyOf(ask(format, 'toolsmith', order, { tools: [bash] })), 'tool-call');
    expect(calls.map((call) => JSON.parse(call.arguments))).toEqual(
      Array(2).fill({ command: 'echo hi', list: [1] }),
    );
    expect(new Set(calls.map((call) => call.id)).size).toBe(2);
  });
  it('refuses to call what is not declared', () => {
    const { error } = ask(format, 'toolsmith', 'go [[sandbox tool=Write]]', { tools: [read, bash] });
    expect(error).toMatchObject({ status: 400, message: expect.stringContaining('declared are Read, Bash') });
  });
});

describe.each(allFormats.map((format) => [format.id, format] as const))('refusals in %s', (_id, format) => {
  it.each([
    ['an unknown model', 'gpt-4o', requestBody(format, 'gpt-4o', 'x'), 404, 'no model "gpt-4o"'],
    [
      'an unknown directive',
      'echo',
      requestBody(format, 'echo', '[[sandbox speed=9]]'),
      400,
      'known are words, thinking, text',
    ],
    ['no JSON', 'echo', '{"model":', 400, 'JSON'],
    ['no object', 'echo', '[]', 400, 'must be a JSON object'],
    [
      'more than the context holds',
      'echo',
      requestBody(format, 'echo', 'x'.repeat(900_000)),
      400,
      'prompt is too long',
    ],
  ])('%s', (_name, model, body, status, message) => {
    const { answer, bytes } = send(format, body, { model });
    const { error } = readAnswer(format, answer.status, bytes, false);
    expect(error).toMatchObject({ status, message: expect.stringContaining(message) });
    expect(answer.status).toBe(status);
  });
  it('a directive in the header counts as one in the prompt', () => {
    const { answer } = send(format, requestBody(format, 'echo', 'x'), {
      model: 'echo',
      headers: { 'x-sandbox': 'fail=429 retry-after=33' },
    });
    expect(answer).toMatchObject({ status: 429, headers: { 'retry-after': '33' } });
  });
});

describe('beside chat', () => {
  const get = (path: string, method = 'GET', body = '') =>
    drain(engine.answer({ method, path, headers: {}, body: Buffer.from(body) }));
  it('lists its models in each vendor shape', () => {
    const v1 = JSON.parse(get('/v1/models').bytes.toString());
    expect(v1.data.map((model: { id: string }) => model.id)).toEqual(
      expect.arrayContaining(['scribe', 'fault-429']),
    );
    expect(v1).toMatchObject({ object: 'list', has_more: false, first_id: 'echo' });
    expect(JSON.parse(get('/v1beta/models').bytes.toString()).models[0].name).toBe('models/echo');
    expect(JSON.parse(get('/api/tags').bytes.toString()).models[0].name).toBe('echo');
  });
  it('counts tokens as it will report them', () => {
    const format = formats['anthropic-messages'];
    const body = requestBody(format, 'echo', 'how many tokens are these?', { tools: [bash] });
    const counted = JSON.parse(get('/v1/messages/count_tokens', 'POST', body).bytes.toString());
    const { bytes } = send(format, body);
    expect(counted).toEqual({ input_tokens: JSON.parse(bytes.toString()).usage.input_tokens });
  });
  it.each([
    ['GET', '/v1/messages'],
    ['POST', '/v1/models'],
    ['DELETE', '/v1/responses/x'],
    ['POST', '/constructor'],
  ])('has no %s %s', (method, path) => {
    expect(get(path, method).answer.status).toBe(404);
  });
});

describe('determinism', () => {
  it.each(['scribe', 'thinker', 'toolsmith', 'json', 'fault-length'])(
    '%s gives the same bytes again',
    (model) => {
      for (const format of allFormats) {
        const body = requestBody(format, model, 'tell me', { tools: [bash], stream: true });
        const again = () => send(format, body, { model, stream: true, own: make() }).bytes;
        expect(again()).toEqual(again());
      }
    },
  );
  it('another prompt or seed gives other words', () => {
    const format = formats['openai-chat'];
    const texts = ['a', 'b', 'a [[sandbox seed=1]]', 'a [[sandbox seed=2]]'].map((prompt) =>
      textOf(replyOf(ask(format, 'scribe', prompt))),
    );
    expect(new Set(texts).size).toBe(4);
  });
});

describe('pace', () => {
  const format = formats['openai-chat'];
  const real = createSandboxEngine({ formats: allFormats, clock: time.clock });
  const body = (prompt: string, stream: boolean) => requestBody(format, 'scribe', prompt, { stream });
  it.each([
    ['the model’s own, streamed', real, 'go', true, 120, 12],
    ['ordered', real, 'go [[sandbox ttfb=5 pace=7]]', true, 5, 7],
    ['none', engine, 'go', true, 0, 0],
    ['ordered where there is none', engine, 'go [[sandbox ttfb=5 pace=7]]', true, 5, 7],
    ['unary, as long as its ten words take', real, 'go [[sandbox words=10]]', false, 120 + 10 * 12, 0],
  ])('%s', (_name, own, prompt, stream, headAfterMs, pieceMs) => {
    const { answer } = send(format, body(prompt, stream), { own });
    expect(answer.headAfterMs).toBe(headAfterMs);
    expect(answer.delayMs(3)).toBe(pieceMs);
  });
});
