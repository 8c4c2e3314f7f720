/** What a reply says, whoever shows it: the one measure for replies and streams across formats. */
import type { ChatPart, ChatReply, FormatId, StopKind, Usage, Warning } from '../chat.ts';
import { readArguments, squeeze } from './meaning.ts';
import { holdsState } from './state.ts';
import { namedBy } from './warnings.ts';

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
