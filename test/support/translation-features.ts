/** What a request and a reply can hold, one feature each: the rows of docs/reference/translation.md. */
import type { ChatPart, ChatReply, ChatRequest, ChatTurn, FormatId } from '../../src/wire/chat.ts';

const PIXEL =
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==';

const schema = {
  type: 'object',
  properties: { city: { type: 'string' } },
  required: ['city'],
  additionalProperties: false,
} as const;

const tool = {
  name: 'weather',
  description: 'Tells the weather',
  inputSchema: { ...schema, required: ['city'] },
};

/** Says nothing special, so that what is lost of it is lost of every request. */
export const plainRequest: ChatRequest = {
  model: 'some-model',
  turns: [user({ type: 'text', text: 'Hello' })],
  tools: [],
  maxOutputTokens: 4000,
  stream: false,
};

export interface RequestFeature {
  readonly name: string;
  /** `format` is the one the request is written in: state of thinking is its own there. */
  readonly chat: (format: FormatId) => ChatRequest;
}

function user(...parts: ChatPart[]): ChatTurn {
  return { role: 'user', parts };
}

function withTurns(...turns: ChatTurn[]): ChatRequest {
  return { ...plainRequest, turns };
}

function withSettings(settings: Partial<ChatRequest>): ChatRequest {
  return { ...plainRequest, ...settings };
}

function withTool(settings: Partial<ChatRequest> = {}): ChatRequest {
  return { ...plainRequest, tools: [tool], ...settings };
}

const ask = user({ type: 'text', text: 'What is the weather?' });
const call = { type: 'tool-call', id: 'call_1', name: 'weather', arguments: '{"city":"Oslo"}' } as const;
const called: ChatTurn = { role: 'assistant', parts: [call] };

function answered(result: Partial<Extract<ChatPart, { type: 'tool-result' }>> = {}): ChatTurn {
  const content = [{ type: 'text', text: 'rain' }] as const;
  return { role: 'tool', parts: [{ type: 'tool-result', callId: 'call_1', content, ...result }] };
}

function thought(part: ChatPart): ChatRequest {
  const turns = [ask, { role: 'assistant', parts: [part, call] } as const, answered()];
  return withTool({ turns, reasoning: { mode: 'on', budgetTokens: 2000 } });
}

const image = (source: Extract<ChatPart, { type: 'image' }>['source']): ChatRequest =>
  withTurns(user({ type: 'image', source }));
const document = (source: Extract<ChatPart, { type: 'document' }>['source']): ChatRequest =>
  withTurns(user({ type: 'document', source }, { type: 'text', text: 'Read it' }));

const requests: Readonly<Record<string, RequestFeature['chat']>> = {
  'system text': () =>
    withTurns({ role: 'system', lead: true, parts: [{ type: 'text', text: 'Be brief' }] }, ask),
  'system text between turns': () =>
    withTurns(
      ask,
      { role: 'assistant', parts: [{ type: 'text', text: 'Hm' }] },
      { role: 'system', parts: [{ type: 'text', text: 'Be brief' }] },
      ask,
    ),
  'several turns': () => withTurns(ask, { role: 'assistant', parts: [{ type: 'text', text: 'Rain' }] }, ask),
  'name of the speaker': () => withTurns({ ...ask, name: 'ann' }),
  'image, inline': () => image({ kind: 'base64', mediaType: 'image/png', data: PIXEL }),
  'image, by URL': () => image({ kind: 'url', url: 'https://example.com/a.png' }),
  'image, uploaded file': () => image({ kind: 'file', fileId: 'file_1' }),
  'PDF, inline': () => document({ kind: 'base64', mediaType: 'application/pdf', data: 'JVBERi0xLjQK' }),
  'document, by URL': () => document({ kind: 'url', url: 'https://example.com/a.pdf' }),
  'document, text': () => document({ kind: 'text', text: 'Once upon a time', mediaType: 'text/plain' }),
  audio: () =>
    withTurns(
      user(
        {
          type: 'audio',
          source: { kind: 'base64', mediaType: 'audio/wav', data: 'UklGRg==' },
          encoding: 'wav',
        },
        { type: 'text', text: 'Hear' },
      ),
    ),
  tools: () => withTool(),
  'strict tools': () => withSettings({ tools: [{ ...tool, strict: true }] }),
  'tool choice: a tool must be called': () => withTool({ toolChoice: { type: 'required' } }),
  'tool choice: this tool': () => withTool({ toolChoice: { type: 'tool', name: 'weather' } }),
  'tool choice: none': () => withTool({ toolChoice: { type: 'none' } }),
  'no parallel calls': () => withTool({ parallelToolCalls: false }),
  'tool call and result': () => withTool({ turns: [ask, called, answered()] }),
  'parallel calls and results': () =>
    withTool({
      turns: [
        ask,
        { role: 'assistant', parts: [call, { ...call, id: 'call_2', arguments: '{"city":"Rome"}' }] },
        answered(),
        answered({ callId: 'call_2' }),
      ],
    }),
  'failed tool result': () => withTool({ turns: [ask, called, answered({ isError: true })] }),
  'image in a tool result': () =>
    withTool({
      turns: [
        ask,
        called,
        answered({
          content: [{ type: 'image', source: { kind: 'base64', mediaType: 'image/png', data: PIXEL } }],
        }),
      ],
    }),
  'thinking of its own, signed': (format) =>
    thought({ type: 'thinking', text: 'It may rain', signature: { format, value: 'c2lnbmVk' } }),
  'thinking of its own, encrypted': (format) =>
    thought({ type: 'redacted-thinking', data: { format, value: 'c2VhbGVk' } }),
  'output limit': () => plainRequest,
  temperature: () => withSettings({ temperature: 0.5 }),
  top_p: () => withSettings({ topP: 0.5 }),
  top_k: () => withSettings({ topK: 20 }),
  'stop sequences': () => withSettings({ stop: ['END'] }),
  seed: () => withSettings({ seed: 7 }),
  'presence and frequency penalty': () => withSettings({ presencePenalty: 0.5, frequencyPenalty: 0.5 }),
  'thinking: off': () => withSettings({ reasoning: { mode: 'off' } }),
  'thinking: effort': () => withSettings({ reasoning: { mode: 'on', effort: 'high' } }),
  'thinking: budget of tokens': () => withSettings({ reasoning: { mode: 'on', budgetTokens: 2000 } }),
  'JSON output': () => withSettings({ output: { type: 'json' } }),
  'structured output': () =>
    withSettings({
      output: { type: 'json-schema', name: 'weather', schema: tool.inputSchema, strict: true },
    }),
  'end user': () => withSettings({ endUser: 'user-7' }),
  'service tier': () => withSettings({ serviceTier: 'priority' }),
  'prompt-cache marks': () =>
    withTurns({ role: 'system', lead: true, parts: [{ type: 'text', text: 'Be brief', cache: {} }] }, ask),
  stream: () => withSettings({ stream: true, streamUsage: true }),
};

export const requestFeatures: readonly RequestFeature[] = Object.entries(requests).map(([name, chat]) => ({
  name,
  chat,
}));

export interface ReplyFeature {
  readonly name: string;
  readonly reply: (format: FormatId) => ChatReply;
}

function reply(parts: readonly ChatPart[], more: Partial<ChatReply> = {}): ChatReply {
  const usage = { input: 10, output: 20, raw: null };
  return { id: 'reply_1', model: 'some-model', parts, stop: { kind: 'end', raw: null }, usage, ...more };
}

const said: ChatPart = { type: 'text', text: 'Rain' };

const replies: Readonly<Record<string, ReplyFeature['reply']>> = {
  text: () => reply([said]),
  'tool calls': () => reply([call, { ...call, id: 'call_2' }], { stop: { kind: 'tool-calls', raw: null } }),
  'state on a tool call': (format) =>
    reply([{ ...call, signature: { format, value: 'c2lnbmVk' } }], {
      stop: { kind: 'tool-calls', raw: null },
    }),
  'thinking, signed': (format) =>
    reply([{ type: 'thinking', text: 'It may rain', signature: { format, value: 'c2lnbmVk' } }, said]),
  'thinking, encrypted': (format) =>
    reply([{ type: 'redacted-thinking', data: { format, value: 'c2VhbGVk' } }, said]),
  refusal: () => reply([{ type: 'refusal', text: 'No' }], { stop: { kind: 'refusal', raw: null } }),
  'generated image': () =>
    reply([said, { type: 'image', source: { kind: 'base64', mediaType: 'image/png', data: PIXEL } }]),
  'stop: output limit': () => reply([said], { stop: { kind: 'length', raw: null } }),
  'stop: stop sequence': () => reply([said], { stop: { kind: 'stop-sequence', raw: null, sequence: 'END' } }),
  'stop: content filter': () => reply([said], { stop: { kind: 'content-filter', raw: null } }),
  'usage: input and output': () => reply([said]),
  'usage: read from the prompt cache': () =>
    reply([said], { usage: { input: 10, cacheRead: 5, output: 20, raw: null } }),
  'usage: written to the prompt cache': () =>
    reply([said], { usage: { input: 10, cacheWrite5m: 5, output: 20, raw: null } }),
  'usage: thinking': () => reply([said], { usage: { input: 10, output: 20, reasoning: 5, raw: null } }),
};

export const replyFeatures: readonly ReplyFeature[] = Object.entries(replies).map(([name, make]) => ({
  name,
  reply: make,
}));
