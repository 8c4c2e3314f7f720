/**
 * What must survive a translation, and the one law about what does not: it is named in a warning. `silentLosses`
 * lists what is gone or changed without one; a translation is right when the list is empty.
 */
import { isDeepStrictEqual } from 'node:util';
import type {
  ChatPart,
  ChatRequest,
  ChatTurn,
  Warning,
} from '../chat.ts';
import { holdsState, stateOf } from './state.ts';
import { type Named, namedBy } from './warnings.ts';

/** Blanks may change where texts are joined. */
export function squeeze(text: string): string {
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

export function readArguments(text: string): unknown {
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
