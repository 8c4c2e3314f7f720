/** Content blocks to parts: one reader per block type. Types without a reader are opaque. */
import type {
  CacheMark,
  ChatPart,
  DocumentPart,
  ImagePart,
  JsonObject,
  JsonValue,
  OpaquePart,
  RedactedThinkingPart,
  TextPart,
  ThinkingPart,
  ToolCallPart,
  ToolResultContent,
  ToolResultPart,
} from '../chat.ts';
import { WireError } from '../format.ts';
import { defined, isObject, without } from '../json.ts';
import { openObject, type Rest, takeBoolean, takeText } from '../rest.ts';
import { readSignature, unsealId } from '../seal.ts';
import { FORMAT, leftExtra } from './fields.ts';
import { takeContentSource, takeSource } from './media.ts';
import { readName } from './names.ts';

/** Gives undefined for a block that lacks what its type demands. */
type BlockReader = (rest: Rest) => ChatPart | undefined;

const readers: Readonly<Record<string, BlockReader>> = {
  text: readText,
  image: readImage,
  document: readDocument,
  tool_use: readToolUse,
  tool_result: readToolResult,
  thinking: readThinking,
  redacted_thinking: readRedacted,
};

/** Known types whose broken blocks are refused; other broken blocks travel as they are. */
const DEMANDED: Readonly<Record<string, string>> = {
  text: 'a text block needs a string `text`',
  tool_use: 'a tool_use block needs the strings `id` and `name`',
  tool_result: 'a tool_result block needs a string `tool_use_id`, and content that is a string or blocks',
};

/** The breakpoint of a block or tool; fields of it the chat does not know stay in the rest. */
export function takeCache(rest: Rest): CacheMark | undefined {
  if (!isObject(rest.cache_control) || rest.cache_control.type !== 'ephemeral') return undefined;
  return openObject(rest, 'cache_control', (inner) => {
    delete inner.type;
    return defined<CacheMark>({ ttl: takeText(inner, 'ttl') });
  });
}

/** A block as it is: nothing of it is read. */
export function opaque(value: JsonObject): OpaquePart {
  return { type: 'opaque', format: FORMAT, value };
}

function read(block: JsonObject): ChatPart | undefined {
  const type = typeof block.type === 'string' ? block.type : '';
  if (!Object.hasOwn(readers, type)) return opaque(block);
  if (type === 'text' && isBareText(block)) return { type, text: String(block.text) };
  return readers[type]!(without(block, TYPE));
}

const TYPE = ['type'];

/** A text and nothing beside it. */
function isBareText(block: JsonObject): boolean {
  return typeof block.text === 'string' && Object.keys(block).length === 2;
}

/** Reads a block of an answer; a broken one is opaque. */
export function readBlock(block: JsonObject): ChatPart {
  return read(block) ?? opaque(block);
}

/**
 * Reads the blocks of a request.
 * @param path where the list stands, for the message
 * @throws {WireError}
 */
export function parseBlocks(blocks: readonly JsonValue[], path: string): ChatPart[] {
  return blocks.map((block, index) => {
    if (!isObject(block)) throw new WireError(`${path}[${index}]: must be an object`, `${path}[${index}]`);
    if (typeof block.type !== 'string') {
      throw new WireError(`${path}[${index}].type: must be a string`, `${path}[${index}].type`);
    }
    const part = read(block);
    if (!part && Object.hasOwn(DEMANDED, block.type)) {
      throw new WireError(`${path}[${index}]: ${DEMANDED[block.type]}`, `${path}[${index}]`);
    }
    return part ?? opaque(block);
  });
}

function readText(rest: Rest): TextPart | undefined {
  const text = takeText(rest, 'text');
  if (text === undefined) return undefined;
  return defined<TextPart>({ type: 'text', text, cache: takeCache(rest), extra: leftExtra(rest) });
}

function readImage(rest: Rest): ImagePart | undefined {
  const source = takeSource(rest);
  if (!source || source.kind === 'text') return undefined;
  return defined<ImagePart>({ type: 'image', source, cache: takeCache(rest), extra: leftExtra(rest) });
}

function readDocument(rest: Rest): DocumentPart | undefined {
  const content = takeContentSource(rest);
  const source = content?.source ?? takeSource(rest);
  if (!source) return undefined;
  return defined<DocumentPart>({
    type: 'document',
    source,
    title: takeText(rest, 'title'),
    cache: takeCache(rest),
    extra: leftExtra(rest, content?.spelling),
  });
}

function readToolUse(rest: Rest): ToolCallPart | undefined {
  const id = takeText(rest, 'id');
  const name = takeText(rest, 'name');
  if (id === undefined || name === undefined) return undefined;
  const { input } = rest;
  delete rest.input;
  const { id: ownId, signature } = unsealId(id);
  return defined<ToolCallPart>({
    type: 'tool-call',
    id: readName(ownId),
    name: readName(name),
    arguments: input === undefined ? '' : JSON.stringify(input),
    signature,
    cache: takeCache(rest),
    extra: leftExtra(rest),
  });
}

function readToolResult(rest: Rest): ToolResultPart | undefined {
  const callId = takeText(rest, 'tool_use_id');
  const read = takeResultContent(rest);
  if (callId === undefined || !read) return undefined;
  return defined<ToolResultPart>({
    type: 'tool-result',
    callId: readName(unsealId(callId).id),
    ...read,
    isError: takeBoolean(rest, 'is_error'),
    cache: takeCache(rest),
    extra: leftExtra(rest),
  });
}

function takeResultContent(rest: Rest): Pick<ToolResultPart, 'content' | 'shape'> | undefined {
  const { content } = rest;
  // A null stays in the rest and goes back as it was.
  if (content === undefined || content === null) return { content: [], shape: 'empty' };
  delete rest.content;
  if (typeof content === 'string') return { content: [{ type: 'text', text: content }], shape: 'string' };
  if (!Array.isArray(content) || !content.every(isObject)) return undefined;
  return { content: content.map(readResultBlock) };
}

function readResultBlock(block: JsonObject): ToolResultContent {
  const part = read(block);
  return part?.type === 'text' || part?.type === 'image' || part?.type === 'document' ? part : opaque(block);
}

function readThinking(rest: Rest): ThinkingPart | undefined {
  const text = takeText(rest, 'thinking');
  if (text === undefined) return undefined;
  const signed = takeText(rest, 'signature');
  const signature = signed === undefined ? undefined : readSignature(signed, FORMAT);
  return defined<ThinkingPart>({ type: 'thinking', text, signature, extra: leftExtra(rest) });
}

function readRedacted(rest: Rest): RedactedThinkingPart | undefined {
  const data = takeText(rest, 'data');
  if (data === undefined) return undefined;
  const extra = leftExtra(rest);
  return defined<RedactedThinkingPart>({
    type: 'redacted-thinking',
    data: readSignature(data, FORMAT),
    extra,
  });
}
