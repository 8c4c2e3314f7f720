/** Token counts of a simulated exchange: input by four characters a token, output by words. */
import type { ChatPart, ChatRequest, MediaSource, Usage } from '../../wire/chat.ts';
import type { Directive } from './directive.ts';
import { outputTokens } from './limits.ts';
import type { CachedInput, PromptCache, Segment } from './prompt-cache.ts';

const CHARS_PER_TOKEN = 4;
/** Role and separators around a turn. */
const TURN_TOKENS = 3;
/** Whatever its size; the sandbox has no eyes. */
const IMAGE_TOKENS = 1_000;

/** The input in the order a model reads it: tools, then turns, part by part. */
export function segmentsOf(chat: ChatRequest): Segment[] {
  const segments: Segment[] = chat.tools.map((tool) => {
    const schema = tool.builtin?.value ?? tool.inputSchema ?? {};
    return segment(`tool ${tool.name} ${tool.description ?? ''} ${JSON.stringify(schema)}`, tool.cache);
  });
  for (const turn of chat.turns) {
    for (const [index, part] of turn.parts.entries()) segments.push(partSegment(part, turn.role, index));
  }
  return segments;
}

function segment(text: string, mark: Segment['mark'], extraTokens = 0): Segment {
  const tokens = Math.ceil(text.length / CHARS_PER_TOKEN) + extraTokens;
  return mark ? { text, tokens, mark } : { text, tokens };
}

function partSegment(part: ChatPart, role: string, index: number): Segment {
  const mark = part.type === 'opaque' ? undefined : part.cache;
  const around = index === 0 ? TURN_TOKENS : 0;
  const text = partText(part);
  const tokens = partInputTokens(part, text) + around;
  const whole = { text: `${role} ${part.type} ${text}`, tokens };
  return mark ? { ...whole, mark } : whole;
}

function partText(part: ChatPart): string {
  switch (part.type) {
    case 'text':
    case 'refusal':
    case 'thinking':
      return part.text;
    case 'redacted-thinking':
      return part.data.value;
    case 'tool-call':
      return `${part.name} ${part.arguments}`;
    case 'tool-result':
      return part.content.map(partText).join('\n');
    case 'image':
    case 'document':
    case 'audio':
      return sourceText(part.source);
    case 'opaque':
      return JSON.stringify(part.value);
    default:
      return part satisfies never;
  }
}

function sourceText(source: MediaSource): string {
  switch (source.kind) {
    case 'base64':
      return source.data;
    case 'url':
      return source.url;
    case 'file':
      return source.fileId;
    case 'text':
      return source.text;
    default:
      return source satisfies never;
  }
}

function partInputTokens(part: ChatPart, text: string): number {
  if (part.type === 'image') return IMAGE_TOKENS;
  if (part.type !== 'tool-result') return Math.ceil(text.length / CHARS_PER_TOKEN);
  return part.content.reduce((sum, inner) => sum + partInputTokens(inner, partText(inner)), 0);
}

export function inputTokens(segments: readonly Segment[]): number {
  return segments.reduce((sum, one) => sum + one.tokens, 0);
}

/** Input classes of a request; with a cache its reads and writes stand apart. Orders go over what was counted. */
export function countInput(
  segments: readonly Segment[],
  cache: PromptCache | undefined,
  directive: Directive,
): CachedInput {
  const counted = cache?.count(segments) ?? {
    input: inputTokens(segments),
    cacheRead: 0,
    cacheWrite5m: 0,
    cacheWrite1h: 0,
  };
  return {
    input: directive.inputTokens ?? counted.input,
    cacheRead: directive.cacheReadTokens ?? counted.cacheRead,
    cacheWrite5m: directive.cacheWriteTokens ?? counted.cacheWrite5m,
    cacheWrite1h: counted.cacheWrite1h,
  };
}

/**
 * The report of a whole answer. Cache classes appear only where there is something in them.
 * @param limit of the request, which no honest provider passes
 */
export function usageOf(
  input: CachedInput,
  parts: readonly ChatPart[],
  directive: Directive,
  limit = Number.POSITIVE_INFINITY,
): Usage {
  const reasoning = outputTokens(parts.filter((part) => part.type === 'thinking'));
  return {
    input: input.input,
    ...(input.cacheRead > 0 && { cacheRead: input.cacheRead }),
    ...(input.cacheWrite5m > 0 && { cacheWrite5m: input.cacheWrite5m }),
    ...(input.cacheWrite1h > 0 && { cacheWrite1h: input.cacheWrite1h }),
    output: Math.min(directive.outputTokens ?? outputTokens(parts), limit),
    ...(reasoning > 0 && { reasoning }),
    raw: null,
  };
}
