/**
 * What must survive a translation, and the one law about what does not: it is named in a warning. `silentLosses`
 * lists what is gone or changed without one; a translation is right when the list is empty.
 */
import { isDeepStrictEqual } from 'node:util';
import type {
  ChatPart,
  ChatReply,
  ChatRequest,
  ChatTurn,
  FormatId,
  StopKind,
  Usage,
  Warning,
} from '../chat.ts';
import { holdsState, stateOf } from './state.ts';

type Named = (path: string) => boolean;

/** A warning names a path when it stands at it, above it or below it. */
function namedBy(warnings: readonly Warning[]): Named {
  const isBelow = (path: string, above: string) =>
    path === above || (path.startsWith(above) && /[.[]/.test(path[above.length]!));
  return (path) => warnings.some((warning) => isBelow(path, warning.path) || isBelow(warning.path, path));
}

/** Blanks may change where texts are joined. */
function squeeze(text: string): string {
  return text.replace(/\s+/g, '');
}

/** Fields of a request that stand for themselves. `stream` and `model` can never be lost. */
const settings = [
  'model',
  'stream',
  'maxOutputTokens',
  'temperature',
  'topP',
  'topK',
  'stop',
  'seed',
  'presencePenalty',
  'frequencyPenalty',
  'toolChoice',
  'parallelToolCalls',
  'reasoning',
  'output',
  'endUser',
  'serviceTier',
] as const satisfies readonly (keyof ChatRequest)[];

/** Values that say what is so without them, in every format. */
const defaults: Partial<Record<(typeof settings)[number], unknown>> = {
  temperature: 1,
  topP: 1,
  presencePenalty: 0,
  frequencyPenalty: 0,
  parallelToolCalls: true,
  toolChoice: { type: 'auto' },
  stop: [],
  serviceTier: 'auto',
  output: { type: 'text' },
};

export function silentLosses(
  source: ChatRequest,
  target: ChatRequest,
  warnings: readonly Warning[],
): string[] {
  const isNamed = namedBy(warnings);
  return [
    ...settings.filter((key) => !isExcused(key, isNamed) && !isSetting(key, source, target)),
    ...source.tools.flatMap((_, at) => lostTool(source, target, at, isNamed)),
    ...lostTexts(source, target, isNamed),
    ...lostMedia(source, target, isNamed),
    ...lostCalls(source.turns, target.turns, isNamed),
  ];
}

/** Tools that had to be made up bring a choice along: not to call them. */
function isExcused(key: string, isNamed: Named): boolean {
  return isNamed(key) || (key === 'toolChoice' && isNamed('tools'));
}

/** The same tier in the words of two vendors. */
const sameTiers: Readonly<Record<string, string>> = { standard_only: 'default', standard: 'default' };

function isSetting(key: (typeof settings)[number], source: ChatRequest, target: ChatRequest): boolean {
  const wanted = source[key];
  const got = target[key];
  if (wanted === undefined || isDeepStrictEqual(wanted, defaults[key])) {
    return got === undefined || isDeepStrictEqual(got, wanted ?? defaults[key]);
  }
  switch (key) {
    case 'reasoning':
      return isReasoning(source.reasoning!, target.reasoning);
    case 'output':
      return isDeepStrictEqual(outputSchema(source), outputSchema(target));
    case 'serviceTier':
      return tier(wanted) === tier(got);
    case 'parallelToolCalls':
      // Says nothing where nothing can be called.
      return source.tools.length === 0 || source.toolChoice?.type === 'none' || wanted === got;
    default:
      return isDeepStrictEqual(wanted, got);
  }
}

function tier(word: unknown): unknown {
  return sameTiers[String(word)] ?? word;
}

/** Formats say with a mode, an effort or a budget what another says with one of the others; off stays off. */
function isReasoning(wanted: NonNullable<ChatRequest['reasoning']>, got: ChatRequest['reasoning']): boolean {
  const isOff = wanted.mode === 'off' || wanted.effort === 'none';
  if (isOff) return got === undefined || got.mode === 'off' || got.effort === 'none';
  // Left to the model: where it thinks by itself, nothing need be said.
  const isLeft = wanted.mode === 'adaptive' && wanted.effort === undefined && wanted.budgetTokens === undefined;
  if (isLeft) return got?.mode !== 'off';
  return (
    got !== undefined && got.mode !== 'off' && (wanted.effort === undefined || wanted.effort === got.effort)
  );
}

/** A schema's name and strictness are the format's own affair. */
function outputSchema({ output }: ChatRequest): unknown {
  return output?.type === 'json-schema' ? output.schema : output?.type;
}

function lostTool(source: ChatRequest, target: ChatRequest, at: number, isNamed: Named): string[] {
  const tool = source.tools[at]!;
  const path = `tools[${at}]`;
  const same = target.tools.find(({ name, builtin }) => name === tool.name && !builtin === !tool.builtin);
  if (!same) return isNamed(path) ? [] : [path];
  const lost: string[] = [];
  if ((same.description ?? '') !== (tool.description ?? '')) lost.push(`${path}.description`);
  if (!holds(same.inputSchema ?? {}, tool.inputSchema ?? {})) lost.push(`${path}.inputSchema`);
  if ((same.strict ?? false) !== (tool.strict ?? false)) lost.push(`${path}.strict`);
  if (tool.cache && !same.cache) lost.push(`${path}.cache`);
  return lost.filter((one) => !isNamed(one));
}

/** All of the wanted fields are there; more may be. Which draft of the standard a schema follows says nothing of it. */
function holds(got: object, wanted: object): boolean {
  return Object.entries(wanted).every(
    ([key, value]) => key === '$schema' || isDeepStrictEqual(Reflect.get(got, key), value),
  );
}

/** Every text of the source, with its place; the texts inside tool results among them. */
function* textsOf(turns: readonly ChatTurn[]): Generator<{ path: string; text: string }> {
  for (const [at, turn] of turns.entries()) {
    for (const [place, part] of turn.parts.entries())
      yield* textsOfPart(part, `turns[${at}].parts[${place}]`);
  }
}

function* textsOfPart(part: ChatPart, path: string): Generator<{ path: string; text: string }> {
  if (part.type === 'text' || part.type === 'refusal') yield { path, text: squeeze(part.text) };
  if (part.type === 'thinking') yield { path, text: squeeze(part.text) };
  if (part.type === 'document' && part.source.kind === 'text')
    yield { path, text: squeeze(part.source.text) };
  if (part.type !== 'tool-result') return;
  for (const [at, inner] of part.content.entries()) yield* textsOfPart(inner, `${path}.content[${at}]`);
}

/** Each text stands in the target: in a text of its own or within a longer one, where texts are joined. */
function lostTexts(source: ChatRequest, target: ChatRequest, isNamed: Named): string[] {
  const got = [...textsOf(target.turns)].map(({ text }) => text).join('\n');
  return [...textsOf(source.turns)].flatMap(({ path, text }) => {
    const isThere = text === '' || got.includes(text);
    return isThere || isNamed(path) ? [] : [path];
  });
}

function* partsOf(turns: readonly ChatTurn[]): Generator<{ path: string; part: ChatPart }> {
  for (const [at, turn] of turns.entries()) {
    for (const [place, part] of turn.parts.entries()) {
      const path = `turns[${at}].parts[${place}]`;
      yield { path, part };
      if (part.type !== 'tool-result') continue;
      for (const [inside, inner] of part.content.entries()) {
        yield { path: `${path}.content[${inside}]`, part: inner };
      }
    }
  }
}

/** Images and files have the same bytes or address somewhere; opaque parts, cache marks and state too. */
function lostMedia(source: ChatRequest, target: ChatRequest, isNamed: Named): string[] {
  const got = [...partsOf(target.turns)].map(({ part }) => part);
  return [...partsOf(source.turns)].flatMap(({ path, part }) => {
    const lost: string[] = [];
    if (!isPartThere(part, got)) lost.push(path);
    if (stateOf(part) && !holdsState(part, got)) lost.push(`${path}.signature`);
    // A mark on nothing marks nothing.
    const isEmpty = part.type === 'text' && squeeze(part.text) === '';
    if (
      !isEmpty &&
      part.type !== 'opaque' &&
      part.cache &&
      !got.some((one) => one.type !== 'opaque' && one.cache)
    ) {
      lost.push(`${path}.cache`);
    }
    return lost.filter((one) => !isNamed(one));
  });
}

function isPartThere(part: ChatPart, got: readonly ChatPart[]): boolean {
  switch (part.type) {
    case 'image':
    case 'document':
    case 'audio':
      if (part.source.kind === 'text') return true;
      return got.some((one) => one.type === part.type && isDeepStrictEqual(one.source, part.source));
    case 'opaque':
      return got.some((one) => isDeepStrictEqual(one, part));
    default:
      return true;
  }
}

interface Call {
  readonly path: string;
  readonly name: string;
  readonly arguments: unknown;
  /** Texts of its result. */
  result: readonly string[] | undefined;
  resultPath: string;
}

/** Calls in order, each with its result: the first of its id that no earlier call took. */
function callsOf(turns: readonly ChatTurn[]): Call[] {
  const calls: (Call & { id: string })[] = [];
  for (const { path, part } of partsOf(turns)) {
    if (part.type === 'tool-call') {
      const { id, name } = part;
      calls.push({
        path,
        id,
        name,
        arguments: readArguments(part.arguments),
        result: undefined,
        resultPath: '',
      });
    }
    if (part.type !== 'tool-result') continue;
    const call = calls.find(({ id, result }) => id === part.callId && result === undefined);
    if (!call) continue;
    call.result = [...textsOfPart(part, '')].map(({ text }) => text);
    call.resultPath = path;
  }
  return calls;
}

function readArguments(text: string): unknown {
  try {
    return text === '' ? {} : JSON.parse(text);
  } catch {
    return text;
  }
}

function lostCalls(source: readonly ChatTurn[], target: readonly ChatTurn[], isNamed: Named): string[] {
  const calls = callsOf(target);
  return callsOf(source).flatMap((call, at) => {
    const same = calls[at];
    if (!same) return isNamed(call.path) ? [] : [call.path];
    const lost: string[] = [];
    if (same.name !== call.name && !isNamed('tools')) lost.push(`${call.path}.name`);
    if (!isDeepStrictEqual(same.arguments, call.arguments)) lost.push(`${call.path}.arguments`);
    const got = same.result?.join('') ?? '';
    if (call.result?.some((text) => !got.includes(text))) lost.push(call.resultPath);
    return lost.filter((one) => !isNamed(one));
  });
}

/** What a client sees of each kind of stop; kinds not named are shown as they are. */
export const stopsShownAs: Partial<Record<FormatId, Partial<Record<StopKind, StopKind>>>> = {
  'anthropic-messages': { 'content-filter': 'refusal', unknown: 'end' },
  'openai-chat': {
    'stop-sequence': 'end',
    refusal: 'content-filter',
    pause: 'end',
    'context-window': 'length',
    unknown: 'end',
  },
  'openai-responses': {
    'stop-sequence': 'end',
    'tool-calls': 'end',
    refusal: 'content-filter',
    pause: 'end',
    'context-window': 'length',
    unknown: 'end',
  },
  'gemini-generate': {
    'stop-sequence': 'end',
    'tool-calls': 'end',
    refusal: 'content-filter',
    pause: 'end',
    'context-window': 'length',
    unknown: 'end',
  },
  'ollama-chat': {
    'stop-sequence': 'end',
    'tool-calls': 'end',
    refusal: 'end',
    'content-filter': 'end',
    pause: 'end',
    'context-window': 'length',
    unknown: 'end',
  },
};

/** What a reply says, in terms any format can show. */
export interface Said {
  readonly text: string;
  readonly thinking: string;
  readonly calls: readonly (readonly [name: string, args: unknown])[];
  readonly stop: StopKind;
  /** The model refused in a part of its own. */
  readonly refused?: true | undefined;
  readonly usage: Totals | undefined;
}

type Totals = {
  readonly input: number;
  readonly cacheRead: number;
  readonly cacheWrite: number;
  readonly output: number;
};

export function whatIsSaid(reply: ChatReply): Said {
  const join = (type: 'text' | 'thinking') =>
    reply.parts.map((part) => (sort(part) === type && 'text' in part ? part.text : '')).join('');
  return {
    text: squeeze(join('text')),
    thinking: squeeze(join('thinking')),
    calls: reply.parts.flatMap((part) =>
      part.type === 'tool-call' ? [[part.name, readArguments(part.arguments)] as const] : [],
    ),
    stop: reply.stop.kind,
    ...(reply.parts.some((part) => part.type === 'refusal' && part.text !== '') && { refused: true }),
    usage: reply.usage && totals(reply.usage),
  };
}

/** Refusals are text where a format has no word for them. */
function sort(part: ChatPart): string {
  return part.type === 'refusal' ? 'text' : part.type;
}

/** Formats differ in the classes they tell apart, not in the sums; what is no number counts nothing. */
function totals(usage: Usage): Totals {
  const sum = (...counts: (number | undefined)[]) =>
    counts.reduce<number>((total, count) => total + (Number.isFinite(count) ? count! : 0), 0);
  return {
    input: sum(usage.input, usage.audioInput),
    cacheRead: sum(usage.cacheRead),
    cacheWrite: sum(usage.cacheWrite5m, usage.cacheWrite1h),
    output: sum(usage.output, usage.audioOutput),
  };
}

/** Parts whose state a client is not shown in any shape, and that no warning names. */
export function lostState(
  reply: ChatReply,
  shown: ChatReply,
  warnings: readonly Warning[],
): readonly string[] {
  const isNamed = namedBy(warnings);
  const paths = reply.parts.map((part, at) => ({ part, path: `parts[${at}]` }));
  return paths.flatMap(({ part, path }) => (isNamed(path) || holdsState(part, shown.parts) ? [] : [path]));
}

/** What a client of this format must be shown where this was said. */
export function asShownBy(format: FormatId, said: Said): Said {
  const refused = refusalParts.includes(format) ? said.refused : undefined;
  const told = said.refused && !refused && isPlain(said) ? 'refusal' : said.stop;
  const stop = stopsShownAs[format]?.[told] ?? told;
  // Agents go on only where the stop says so.
  const shownStop = stop === 'end' && said.calls.length > 0 ? 'tool-calls' : stop;
  const usage = said.usage && usageShownBy(format, said.usage);
  return { ...said, calls: callsShownBy(format, said.calls), stop: shownStop, refused, usage };
}

/** Formats with a part for a refusal; in the others it is text, and the stop says what it is. */
const refusalParts: readonly FormatId[] = ['openai-chat', 'openai-responses'];

function isPlain({ stop, calls }: Said): boolean {
  return (stop === 'end' || stop === 'unknown') && calls.length === 0;
}

/** Formats with objects for arguments have no other place for a text that is none. */
const objectArguments: readonly FormatId[] = ['ollama-chat', 'gemini-generate'];

function callsShownBy(format: FormatId, calls: Said['calls']): Said['calls'] {
  if (!objectArguments.includes(format)) return calls;
  return calls.map(([name, args]) => [name, typeof args === 'string' ? { raw: args } : args]);
}

/** Ollama and Gemini count what was written to a cache with the rest of the prompt. */
function usageShownBy(format: FormatId, usage: Totals): Totals {
  if (format !== 'ollama-chat' && format !== 'gemini-generate') return usage;
  return { ...usage, input: usage.input + usage.cacheWrite, cacheWrite: 0 };
}

/** The warnings of many samples as text, one block each: readable in a review. */
export function listWarnings(samples: readonly { name: string; warnings: readonly Warning[] }[]): string {
  const line = ({ kind, path, note }: Warning) => `  ${kind.padEnd(12)} ${path}: ${note}`;
  const blocks = samples.map(({ name, warnings }) => {
    const lines = warnings.length === 0 ? ['  nothing'] : [...new Set(warnings.map(line))];
    return [name, ...lines].join('\n');
  });
  return `${blocks.join('\n\n')}\n`;
}
