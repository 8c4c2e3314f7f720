/** What reached the upstream, read from its bytes by the format's own parser, beside what the client meant by it. */
import { expect } from 'vitest';
import type { ChatPart, ChatRequest, ChatTurn, FormatId, JsonObject } from '../../../src/wire/chat.ts';
import type { RequestPath } from '../../../src/wire/format.ts';
import { formatOf } from '../../../src/wire/formats.ts';
import type { RecordedRequest } from '../../fake-upstream.ts';
import type { Conversation, ToolChoice } from '../drivers/index.ts';

export interface UnderstoodCall {
  readonly name: string;
  readonly input: unknown;
  /** Text of its result; absent = it has none. */
  readonly result?: string;
  readonly isError?: true;
}

export interface Understood {
  readonly system: string;
  /** What was said in plain words, blanks at the ends left out. */
  readonly words: readonly (readonly [role: 'user' | 'assistant', text: string])[];
  readonly calls: readonly UnderstoodCall[];
  /** Base64. */
  readonly images: readonly string[];
  readonly tools: readonly {
    readonly name: string;
    readonly description: string;
    readonly schema: unknown;
  }[];
  readonly toolChoice: unknown;
  readonly schema: unknown;
  readonly isThinking: boolean;
  readonly maxTokens: number | undefined;
  readonly temperature: number | undefined;
  readonly stop: readonly string[];
}

const GEMINI_PATH = /\/models\/([^:]+):(\w+)/;

function pathOf({ path }: RecordedRequest): RequestPath | undefined {
  const match = GEMINI_PATH.exec(path);
  if (!match) return undefined;
  return { model: decodeURIComponent(match[1]!), isStream: match[2] === 'streamGenerateContent' };
}

export function requestIn(format: FormatId, record: RecordedRequest): ChatRequest {
  const body = JSON.parse(record.body.toString('utf8')) as JsonObject;
  return formatOf(format)!.parseRequest(body, pathOf(record));
}

export function understoodBy(format: FormatId, record: RecordedRequest): Understood {
  const chat = requestIn(format, record);
  const { reasoning, output } = chat;
  return {
    system: chat.turns.filter(isSystem).map(plainText).join('\n'),
    words: wordsOf(chat.turns),
    calls: callsOf(chat.turns),
    images: chat.turns.flatMap(({ parts }) => parts.flatMap(imageIn)),
    tools: chat.tools.map(({ name, description = '', inputSchema }) => ({
      name,
      description,
      schema: inputSchema,
    })),
    toolChoice: chat.toolChoice ?? { type: 'auto' },
    schema: output?.type === 'json-schema' ? output.schema : output?.type === 'json' ? 'any JSON' : undefined,
    isThinking: reasoning !== undefined && reasoning.mode !== 'off' && reasoning.effort !== 'none',
    maxTokens: chat.maxOutputTokens,
    temperature: chat.temperature,
    stop: chat.stop ?? [],
  };
}

const isSystem = ({ role }: ChatTurn): boolean => role === 'system' || role === 'developer';

function plainText({ parts }: ChatTurn): string {
  return parts
    .map((part) => (part.type === 'text' || part.type === 'refusal' ? part.text : ''))
    .join('')
    .trim();
}

/** Turns of one role in a row are one: formats group them as they like. */
function wordsOf(turns: readonly ChatTurn[]): Understood['words'] {
  const words: ['user' | 'assistant', string][] = [];
  for (const turn of turns) {
    const text = plainText(turn);
    if (text === '' || isSystem(turn) || turn.role === 'tool') continue;
    words.push([turn.role === 'assistant' ? 'assistant' : 'user', text]);
  }
  return words;
}

/** In order, each with the first result of its id that no earlier call took. */
function callsOf(turns: readonly ChatTurn[]): UnderstoodCall[] {
  const calls: { id: string; call: UnderstoodCall }[] = [];
  for (const part of turns.flatMap(({ parts }) => parts)) {
    if (part.type === 'tool-call') {
      calls.push({ id: part.id, call: { name: part.name, input: JSON.parse(part.arguments || '{}') } });
    }
    if (part.type !== 'tool-result') continue;
    const own = calls.find(({ id, call }) => id === part.callId && call.result === undefined);
    expect(own, `a call with the id ${part.callId} before its result`).toBeDefined();
    const result = part.content.map((inner) => (inner.type === 'text' ? inner.text : '')).join('');
    own!.call = { ...own!.call, result, ...(part.isError && { isError: true }) };
  }
  return calls.map(({ call }) => call);
}

function imageIn(part: ChatPart): string[] {
  if (part.type === 'image' && part.source.kind === 'base64') return [part.source.data];
  return part.type === 'tool-result' ? part.content.flatMap(imageIn) : [];
}

/** The same of a conversation in the driver's words. */
export function meantBy(asked: Conversation): Understood {
  const results = asked.turns.flatMap((turn) => (turn.role === 'results' ? turn.results : []));
  const calls = asked.turns.flatMap((turn) => (turn.role === 'echo' ? turn.heard.calls : []));
  return {
    system: asked.system ?? '',
    words: asked.turns.flatMap((turn): Understood['words'] => {
      if (turn.role === 'results') return [];
      if (turn.role !== 'echo') return [[turn.role, turn.text]];
      const text = turn.heard.text + turn.heard.refusal;
      return text === '' ? [] : [['assistant', text]];
    }),
    calls: calls.map(({ name, input }, index) => {
      const result = results[index];
      return { name, input, ...(result && { result: result.text }) };
    }),
    images: asked.turns.flatMap((turn) => (turn.role === 'user' && turn.image ? [turn.image.data] : [])),
    tools: asked.tools ?? [],
    toolChoice: choiceMeant(asked.toolChoice),
    schema: asked.schema,
    isThinking: asked.isThinking ?? false,
    maxTokens: asked.maxTokens,
    temperature: asked.temperature,
    stop: asked.stop ?? [],
  };
}

function choiceMeant(choice: ToolChoice | undefined): Understood['toolChoice'] {
  if (choice === undefined) return { type: 'auto' };
  return typeof choice === 'string' ? { type: choice } : { type: 'tool', name: choice.name };
}
