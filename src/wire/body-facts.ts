/**
 * What a body asks for that decides what it may cost: cache writes, built-in tools, sound, several choices, input
 * that is kept elsewhere. From the one walk over its top level and native searches, without parsing; where a search
 * cannot tell, it says the dearer.
 */
import type { FormatId } from './chat.ts';
import { sampleBodyTokens } from './count.ts';
import { countKeys, hasKey, hasPair, isText, mayHideNames, textBegins, valuesOf } from './find-names.ts';
import { type MediaSpan, mediaTokens } from './media.ts';
import { createWalker, skipSpace, skipValue } from './skip.ts';
import { decodeJsonString, type ValueSpan, walkTopLevel } from './walk.ts';

export interface BodyFacts {
  /** At least the input tokens of everything in the body: text, media, and what caches hold of it. */
  readonly inputTokens: number;
  /** Some of the input is elsewhere: a stored reply, a file by its id, what a built-in tool will read. */
  readonly isInputOpen: boolean;
  /** The dearest cache write it may cause. */
  readonly cacheWrite: 'none' | '5m' | '1h';
  readonly hasAudioInput: boolean;
  readonly asksAudio: boolean;
  /** Calls of built-in tools, at most. */
  readonly toolCalls: number;
  /** Replies to the same input. */
  readonly choices: number;
  /** As asked for by name; undefined = left to the provider. */
  readonly serviceTier: string | undefined;
}

/** A body and what one walk found of it, with `factFields` among the wanted names. */
export interface FactSource {
  readonly body: Buffer;
  readonly fields: ReadonlyMap<string, ValueSpan>;
  readonly media: readonly MediaSpan[];
}

interface FactRow {
  /** Top-level fields whose presence means input that is not in the body. */
  readonly stored: readonly string[];
  /** Top-level fields whose presence is a built-in tool at work. */
  readonly searches: readonly string[];
  /** Keys anywhere that point at input elsewhere. */
  readonly pointers: readonly string[];
  /** Caches are written only where a mark asks for it; else the provider may do it unasked. */
  readonly cachesOnlyMarked: boolean;
  /** Fields of settings that are read as one small object. */
  readonly settings: readonly string[];
  /** Keys that a turn or an item has one of. */
  readonly turns: readonly string[];
  /** What sound in the body is called, quotes included, where its first bytes may not tell. */
  readonly sounds: readonly string[];
  /** The key of an image that may be an address. */
  readonly image: string | undefined;
  /** A tool that runs at the provider has a type that says so. */
  readonly typesTell: boolean;
  /** Whether a tool runs at the provider. */
  isBuiltin(tool: Buffer): boolean;
}

const openAi = {
  typesTell: true,
  searches: ['web_search_options', 'search_parameters', 'plugins'],
  cachesOnlyMarked: false,
  settings: [],
  sounds: ['_audio"'],
  image: 'image_url',
  isBuiltin: (tool) => !isOfType(tool, /^(?:function|custom|local_shell|apply_patch|computer\w*|namespace)$/),
} as const satisfies Partial<FactRow>;

const rows: Readonly<Record<FormatId, FactRow>> = {
  'anthropic-messages': {
    typesTell: true,
    stored: ['container'],
    searches: ['mcp_servers'],
    pointers: ['file_id'],
    cachesOnlyMarked: true,
    settings: [],
    turns: ['role'],
    sounds: [],
    image: undefined,
    // Tools of the client's own have no type, or one of these with a date; a search for tools reads only the body.
    isBuiltin: (tool) =>
      !isOfType(tool, /^(?:custom|(?:bash|text_editor|computer|memory|tool_search_tool)_\w+)$/),
  },
  'openai-chat': { ...openAi, stored: [], pointers: ['file_id'], turns: ['role'] },
  'openai-responses': {
    ...openAi,
    stored: ['previous_response_id', 'conversation', 'prompt'],
    pointers: ['file_id', 'file_url'],
    turns: ['role', 'call_id'],
  },
  'gemini-generate': {
    typesTell: false,
    stored: ['cachedContent', 'cached_content'],
    searches: [],
    pointers: ['fileUri', 'file_uri'],
    cachesOnlyMarked: false,
    settings: ['generationConfig', 'generation_config'],
    turns: ['role'],
    sounds: ['"audio/'],
    image: undefined,
    isBuiltin: (tool) => !hasOnly(tool, ['functionDeclarations', 'function_declarations', 'computerUse']),
  },
  'ollama-chat': {
    typesTell: false,
    stored: [],
    searches: [],
    pointers: [],
    cachesOnlyMarked: false,
    settings: [],
    turns: ['role'],
    sounds: [],
    image: undefined,
    isBuiltin: () => false,
  },
};

/** Fields that every format is asked for. */
const COMMON_FIELDS = ['tools', 'service_tier', 'serviceTier', 'n', 'modalities', 'audio', 'max_tool_calls'];

const fieldsByFormat = new Map<FormatId, readonly string[]>();

/** Names for `walkTopLevel`; the same list for all bodies of a format. */
export function factFields(format: FormatId): readonly string[] {
  let names = fieldsByFormat.get(format);
  if (!names) {
    const { stored, searches, settings } = rows[format];
    names = [...COMMON_FIELDS, ...stored, ...searches, ...settings];
    fieldsByFormat.set(format, names);
  }
  return names;
}

/** @param isStrict count bytes, which no text can have more tokens than, instead of estimating */
export function readBodyFacts(format: FormatId, source: FactSource, isStrict: boolean): BodyFacts {
  const { body, fields, media } = source;
  const row = rows[format];
  const settings = readSettings(source, row);
  const hidden = mayHideNames(body);
  const modalities = textAt(source, 'modalities') + settings.modalities;
  return {
    inputTokens: countInput(source, row, isStrict),
    isInputOpen: hidden || isElsewhere(format, source, row),
    cacheWrite: hidden ? '1h' : cacheWriteOf(body, row),
    hasAudioInput: hidden || hasSound(body, media, row),
    asksAudio: isThere(fields, 'audio') || /audio/i.test(modalities),
    toolCalls: countToolCalls(source, row),
    choices: numberAt(source, 'n', MAX_CHOICES) ?? settings.choices,
    serviceTier: tierOf(source),
  };
}

/** Providers take 128 at most; more is theirs to refuse. */
const MAX_CHOICES = 10_000;
/** More than agents are seen to make in one reply. What is beyond is booked all the same, as an overrun. */
const UNSTATED_TOOL_CALLS = 16;
const MAX_TOOL_CALLS = 10_000;
/** What a chat template adds for a turn or an item, at most. */
const TURN_TOKENS = 16;
/** Vendors put a text of their own in front of the tools: Anthropic states 313 to 346 tokens. */
const TOOLS_PREFACE_TOKENS = 346;

function countInput({ body, fields, media }: FactSource, row: FactRow, isStrict: boolean): number {
  const turns = row.turns.reduce((sum, name) => sum + countKeys(body, name), 0);
  const preface = isThere(fields, 'tools') ? TOOLS_PREFACE_TOKENS : 0;
  const images = row.image === undefined ? 0 : countLinkedImages(body, row.image) * mediaTokens('image', 0);
  const content = isStrict ? countBytes(body, media) : estimateContent(body, media);
  return content + turns * TURN_TOKENS + preface + images;
}

/** Up to here a body is taken for dense: reading it would cost more than what is held too much. */
const SMALL_BYTES = 2_048;
const DENSE_BYTES_PER_TOKEN = 2;

function estimateContent(body: Buffer, media: readonly MediaSpan[]): number {
  if (media.length === 0 && body.length <= SMALL_BYTES) return Math.ceil(body.length / DENSE_BYTES_PER_TOKEN);
  return sampleBodyTokens(body, media);
}

/** Text has at most a token a byte; media by their makers' rules. */
function countBytes(body: Buffer, media: readonly MediaSpan[]): number {
  return media.reduce(
    (tokens, { kind, start, end }) => tokens - (end - start) + mediaTokens(kind, end - start),
    body.length,
  );
}

/** Whether an image is named by its address alone, in the formats where that is a value like any other. */
export function hasLinkedImage(format: FormatId, body: Buffer): boolean {
  const { image } = rows[format];
  return image !== undefined && countLinkedImages(body, image) > 0;
}

/** Images by their address have a largest size in tokens, wherever they are. */
function countLinkedImages(body: Buffer, key: string): number {
  let found = 0;
  for (const at of valuesOf(body, key)) {
    const [inside = 0] = isText(body, at) ? [] : valuesOf(body.subarray(at, at + URL_NEAR), 'url');
    const place = at + inside;
    if (!textBegins(body, place, 'data:')) found += 1;
  }
  return found;
}

/** How far into the object of an image its address is looked for: `{"detail":"auto","url":"…`. */
const URL_NEAR = 200;

function isThere(fields: FactSource['fields'], name: string): boolean {
  const span = fields.get(name);
  return span !== undefined && span.kind !== 'null';
}

function isElsewhere(format: FormatId, { body, fields }: FactSource, row: FactRow): boolean {
  return (
    row.stored.some((name) => isThere(fields, name)) ||
    row.pointers.some((name) => hasKey(body, name)) ||
    (format === 'anthropic-messages' && hasPair(body, 'type', 'url')) ||
    (format === 'openai-responses' && hasPair(body, 'type', 'item_reference'))
  );
}

function cacheWriteOf(body: Buffer, { cachesOnlyMarked }: FactRow): BodyFacts['cacheWrite'] {
  if (!hasKey(body, 'cache_control')) return cachesOnlyMarked ? 'none' : '5m';
  return hasPair(body, 'ttl', '1h') ? '1h' : '5m';
}

function hasSound(body: Buffer, media: readonly MediaSpan[], { sounds }: FactRow): boolean {
  return (
    media.some(({ kind }) => kind === 'audio') || sounds.some((name) => body.includes(name, 0, 'latin1'))
  );
}

function countToolCalls(source: FactSource, row: FactRow): number {
  const searches = row.searches.filter((name) => isThere(source.fields, name)).length;
  const builtin = mayBeBuiltin(source, row) ? toolsOf(source).filter((tool) => row.isBuiltin(tool)) : [];
  if (builtin.length + searches === 0) return 0;
  const stated = numberAt(source, 'max_tool_calls', MAX_TOOL_CALLS);
  if (stated !== undefined) return stated;
  return builtin.reduce((calls, tool) => calls + callsOf(tool), searches * UNSTATED_TOOL_CALLS);
}

/** A type that no schema has and no tool of the client's own: only then each tool has to be looked at. */
const TELLING_TYPE =
  /"type"[ \t\r\n]*:[ \t\r\n]*"(?!(?:function|custom|object|string|array|number|integer|boolean|null)")/;

/** Most lists of tools hold none that runs at the provider, and may be long. */
function mayBeBuiltin({ body, fields }: FactSource, { typesTell }: FactRow): boolean {
  const span = fields.get('tools');
  if (!span || !typesTell) return span !== undefined;
  const tools = body.toString('latin1', span.start, span.end);
  return tools.includes(ESCAPED) || TELLING_TYPE.test(tools);
}

/** A name or a type may be spelled by escapes. */
const ESCAPED = '\\u00';

function callsOf(tool: Buffer): number {
  const [at] = valuesOf(tool, 'max_uses');
  const digits = at === undefined ? undefined : /^\d{1,9}/.exec(tool.toString('latin1', at, at + 9))?.[0];
  return digits === undefined ? UNSTATED_TOOL_CALLS : Math.min(Number(digits), MAX_TOOL_CALLS);
}

const COMMA = 44;
const CLOSE_ARRAY = 93;

/** The elements of the list of tools. The body has been walked, so each ends. */
function toolsOf({ body, fields }: FactSource): Buffer[] {
  const span = fields.get('tools');
  if (span?.kind !== 'array') return [];
  const walker = createWalker(body);
  const tools: Buffer[] = [];
  let at = skipSpace(body, span.start + 1);
  while (at < span.end && body[at] !== CLOSE_ARRAY) {
    const end = skipValue(walker, at);
    if (end === -1) break;
    tools.push(body.subarray(at, end));
    at = skipSpace(body, end);
    if (body[at] === COMMA) at = skipSpace(body, at + 1);
  }
  return tools;
}

/** A tool without a type is the client's own. */
function isOfType(tool: Buffer, pattern: RegExp): boolean {
  const walk = walkTopLevel(tool, ['type']);
  const span = walk.ok ? walk.fields.get('type') : undefined;
  const type = span && decodeJsonString(tool, span);
  return type === undefined ? walk.ok : pattern.test(type);
}

function hasOnly(tool: Buffer, names: readonly string[]): boolean {
  const walk = walkTopLevel(tool, names);
  return walk.ok && walk.fields.size === walk.fieldCount;
}

/** Tiers that are no tier of their own: the provider chooses, or the standard one is meant. */
const NO_TIERS = new Set(['auto', 'default', 'standard', 'standard_only', 'on_demand']);

function tierOf({ body, fields }: FactSource): string | undefined {
  const span = fields.get('service_tier') ?? fields.get('serviceTier');
  const tier = span?.kind === 'string' ? decodeJsonString(body, span)?.toLowerCase() : undefined;
  return tier === undefined || NO_TIERS.has(tier) ? undefined : tier;
}

function numberAt({ body, fields }: FactSource, name: string, most: number): number | undefined {
  const span = fields.get(name);
  if (span?.kind !== 'number') return undefined;
  const value = Number(body.toString('latin1', span.start, span.end));
  return value >= 1 ? Math.min(Math.ceil(value), most) : undefined;
}

/** Of fields that are short lists. */
function textAt({ body, fields }: FactSource, name: string): string {
  const span = fields.get(name);
  return span ? body.toString('latin1', span.start, Math.min(span.end, span.start + MAX_LIST_BYTES)) : '';
}

const MAX_LIST_BYTES = 1_000;

interface Settings {
  readonly choices: number;
  readonly modalities: string;
}

/** Gemini says in one object what others say at the top. It holds schemas too, and is walked like the body. */
function readSettings({ body, fields }: FactSource, row: FactRow): Settings {
  for (const name of row.settings) {
    const span = fields.get(name);
    if (span?.kind !== 'object') continue;
    const inner = body.subarray(span.start, span.end);
    const names = ['candidateCount', 'candidate_count', 'responseModalities', 'response_modalities'];
    const walk = walkTopLevel(inner, names);
    if (!walk.ok) continue;
    const source: FactSource = { body: inner, fields: walk.fields, media: [] };
    const choices =
      numberAt(source, 'candidateCount', MAX_CHOICES) ?? numberAt(source, 'candidate_count', MAX_CHOICES);
    const modalities = textAt(source, 'responseModalities') + textAt(source, 'response_modalities');
    return { choices: choices ?? 1, modalities };
  }
  return { choices: 1, modalities: '' };
}
