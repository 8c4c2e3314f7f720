/**
 * What a request needs of a model, read from the fields its walk has noted and by native searches, without parsing.
 * Asked for only where there is more than one candidate. A need that is missed or taken for one by mistake costs
 * nothing but the order of candidates.
 */
import type { Capability } from '../catalog/model.ts';
import type { RequestNeeds } from '../route/needs.ts';
import type { FormatId } from '../wire/chat.ts';
import { hasPair, textBegins, valuesOf } from '../wire/find-names.ts';
import type { MediaKind, MediaSpan } from '../wire/media.ts';
import { skipSpace } from '../wire/skip.ts';
import { decodeJsonString, type ValueSpan, walkTopLevel } from '../wire/walk.ts';
import type { Ask, Exchange } from './exchange.ts';

type Fields = ReadonlyMap<string, ValueSpan>;

/** A JSON object in bytes, and some of its fields. */
interface Found {
  readonly body: Buffer;
  readonly fields: Fields;
}

interface NeedRow {
  /** Top-level fields that `needsOf` wants to be noted. */
  readonly fields: readonly string[];
  readonly tools: readonly string[];
  /** Asked for outright; where it is left to the model, one that does not think will do. */
  wantsThinking(found: Found): boolean;
  wantsShape(found: Found): boolean;
  /** Media that stand elsewhere, or are too small to be known by their bytes. */
  has(found: Found, kind: MediaKind): boolean;
}

const responsesTypes: Readonly<Record<MediaKind, readonly string[]>> = {
  image: ['input_image', 'computer_screenshot', 'image_generation_call'],
  document: ['input_file'],
  audio: ['input_audio'],
};

/** What a MIME type of the kind begins with; a film is looked at too. */
const geminiTypes: Readonly<Record<MediaKind, readonly string[]>> = {
  image: ['image/', 'video/'],
  document: ['application/pdf"'],
  audio: ['audio/'],
};

const rows: Readonly<Record<FormatId, NeedRow>> = {
  'anthropic-messages': {
    fields: ['tools', 'thinking', 'output_format', 'output_config'],
    tools: ['tools'],
    wantsThinking: (found) => textInside(found, 'thinking', 'type') === 'enabled',
    wantsShape: (found) =>
      isThere(found, 'output_format') || isThere(inside(found, 'output_config', ['format']), 'format'),
    has: ({ body }, kind) => kind !== 'audio' && hasPair(body, 'type', kind),
  },
  'openai-chat': {
    fields: ['tools', 'functions', 'reasoning_effort', 'reasoning', 'response_format', 'modalities'],
    tools: ['tools', 'functions'],
    wantsThinking: (found) => isEffort(textAt(found, 'reasoning_effort')) || wantsOpenRouterThinking(found),
    wantsShape: (found) => textInside(found, 'response_format', 'type') === 'json_schema',
    has: (found, kind) =>
      hasPair(found.body, 'type', { image: 'image_url', document: 'file', audio: 'input_audio' }[kind]) ||
      (kind === 'audio' && listHas(found, 'modalities', 'audio')),
  },
  'openai-responses': {
    fields: ['tools', 'reasoning', 'text'],
    tools: ['tools'],
    wantsThinking: (found) => isEffort(textInside(found, 'reasoning', 'effort')),
    wantsShape: (found) => textInside(inside(found, 'text', ['format']), 'format', 'type') === 'json_schema',
    has: ({ body }, kind) => responsesTypes[kind].some((type) => hasPair(body, 'type', type)),
  },
  'gemini-generate': {
    fields: ['tools', 'generationConfig', 'generation_config'],
    tools: ['tools'],
    wantsThinking: (found) => wantsGeminiThinking(settingsOf(found)),
    wantsShape: (found) => geminiSchemas.some((name) => isThere(settingsOf(found), name)),
    has: ({ body }, kind) =>
      ['mimeType', 'mime_type'].some((name) => namesType(body, name, geminiTypes[kind])),
  },
  'ollama-chat': {
    fields: ['tools', 'think', 'format'],
    tools: ['tools'],
    wantsThinking: (found) => isEffort(textAt(found, 'think')) || isTrue(found, 'think'),
    wantsShape: ({ fields }) => fields.get('format')?.kind === 'object',
    has: ({ body }, kind) =>
      kind === 'image' && [...valuesOf(body, 'images')].some((at) => isFilledList(body, at)),
  },
};

/** Names for `walkTopLevel`; the same list for all bodies of a format. */
export function needFields(format: FormatId): readonly string[] {
  return rows[format].fields;
}

/** What an answer is taken to have at most where the request sets no limit: few are longer. */
export const UNSTATED_OUTPUT_TOKENS = 4_096;

type Need = Exclude<Capability, 'prompt-cache'>;

/** In the order in which they are told. */
const needs: Readonly<Record<Need, (row: NeedRow, found: Found, media: readonly MediaSpan[]) => boolean>> = {
  tools: ({ tools }, { body, fields }) => tools.some((name) => isFilledList(body, fields.get(name)?.start)),
  vision: (row, found, media) => hasMedia(row, found, media, 'image'),
  documents: (row, found, media) => hasMedia(row, found, media, 'document'),
  audio: (row, found, media) => hasMedia(row, found, media, 'audio'),
  thinking: (row, found) => row.wantsThinking(found),
  'structured-output': (row, found) => row.wantsShape(found),
};

function hasMedia(row: NeedRow, found: Found, media: readonly MediaSpan[], kind: MediaKind): boolean {
  return media.some((span) => span.kind === kind) || row.has(found, kind);
}

/**
 * @param fields noted by the walk of the body, with `needFields` among the wanted names
 * @param decisive what to look for, where the rest makes no difference to anybody; absent = all
 */
export function needsOf(
  format: FormatId,
  ask: Pick<Ask, 'body' | 'inputEstimate' | 'maxOutputTokens'>,
  fields: Fields,
  media: readonly MediaSpan[],
  decisive?: readonly Capability[],
): RequestNeeds {
  const row = rows[format];
  const found: Found = { body: ask.body, fields };
  const sought = (Object.keys(needs) as Need[]).filter((need) => decisive?.includes(need) ?? true);
  return {
    inputTokens: ask.inputEstimate,
    outputTokens: ask.maxOutputTokens ?? UNSTATED_OUTPUT_TOKENS,
    capabilities: sought.filter((need) => needs[need](row, found, media)),
  };
}

/** Of a chat, from what its one walk noted. */
export function requestNeeds({ format }: Exchange, ask: Ask, decisive: readonly Capability[]): RequestNeeds {
  const { fields = nothing.fields, media = [] } = ask.found ?? {};
  return needsOf(format.id, ask, fields, media, decisive);
}

/** Some effort is asked for. */
function isEffort(text: string | undefined): boolean {
  return text !== undefined && text !== 'none';
}

function wantsOpenRouterThinking(found: Found): boolean {
  const reasoning = inside(found, 'reasoning', ['effort', 'max_tokens', 'enabled']);
  return (
    isEffort(textAt(reasoning, 'effort')) || isAbove0(reasoning, 'max_tokens') || isTrue(reasoning, 'enabled')
  );
}

const geminiSchemas = ['responseSchema', 'responseJsonSchema', 'response_schema', 'response_json_schema'];
const geminiSettings = ['thinkingConfig', 'thinking_config', ...geminiSchemas];
function settingsOf(found: Found): Found {
  const name = found.fields.has('generationConfig') ? 'generationConfig' : 'generation_config';
  return inside(found, name, geminiSettings);
}

/** A budget of -1, a level and the wish to see thoughts leave it to the model. */
function wantsGeminiThinking(settings: Found): boolean {
  const name = settings.fields.has('thinkingConfig') ? 'thinkingConfig' : 'thinking_config';
  const config = inside(settings, name, ['thinkingBudget', 'thinking_budget']);
  return isAbove0(config, 'thinkingBudget') || isAbove0(config, 'thinking_budget');
}

const nothing: Found = { body: Buffer.alloc(0), fields: new Map() };

/** Some fields of the object that stands in a field; without it, none. */
function inside({ body, fields }: Found, name: string, names: readonly string[]): Found {
  const span = fields.get(name);
  if (span?.kind !== 'object') return nothing;
  const inner = body.subarray(span.start, span.end);
  const walk = walkTopLevel(inner, names);
  return walk.ok ? { body: inner, fields: walk.fields } : nothing;
}

function isThere({ fields }: Found, name: string): boolean {
  const span = fields.get(name);
  return span !== undefined && span.kind !== 'null';
}

function textAt({ body, fields }: Found, name: string): string | undefined {
  const span = fields.get(name);
  return span?.kind === 'string' ? decodeJsonString(body, span) : undefined;
}

function textInside(found: Found, name: string, field: string): string | undefined {
  return textAt(inside(found, name, [field]), field);
}

const LETTER_T = 't'.charCodeAt(0);

function isTrue({ body, fields }: Found, name: string): boolean {
  const span = fields.get(name);
  return span?.kind === 'boolean' && body[span.start] === LETTER_T;
}

function isAbove0({ body, fields }: Found, name: string): boolean {
  const span = fields.get(name);
  return span?.kind === 'number' && Number(body.toString('latin1', span.start, span.end)) > 0;
}

/** Of short lists of words. */
function listHas({ body, fields }: Found, name: string, word: string): boolean {
  const span = fields.get(name);
  return span?.kind === 'array' && body.toString('latin1', span.start, span.end).includes(`"${word}"`);
}

const OPEN_ARRAY = 91;
const CLOSE_ARRAY = 93;

function isFilledList(body: Buffer, start: number | undefined): boolean {
  return (
    start !== undefined && body[start] === OPEN_ARRAY && body[skipSpace(body, start + 1)] !== CLOSE_ARRAY
  );
}

/** Whether some key of the name has a text that begins like one of these. */
function namesType(body: Buffer, name: string, beginnings: readonly string[]): boolean {
  for (const at of valuesOf(body, name)) {
    if (beginnings.some((beginning) => textBegins(body, at, beginning))) return true;
  }
  return false;
}
