/** Content as both of OpenAI's APIs have it: a string, nothing, or a list of parts. */
import type { ChatPart, JsonObject, JsonValue, ToolResultContent } from './chat.ts';
import { isObject } from './json.ts';

/** How content was written. */
export type ContentShape = 'string' | 'empty' | undefined;

export interface Content {
  readonly parts: readonly ChatPart[];
  readonly shape: ContentShape;
}

/** Called with a path below the content's owner for content that is none; throws, or returns to leave it out. */
export type OnMalformed = (path: string) => void;

/** Where content stands and how its parts are read; a part that is undefined is malformed. */
export interface ContentReader {
  readonly field: string;
  readonly readPart: (part: JsonObject) => ChatPart | undefined;
}

/** An empty string is no part. */
export function readContent(
  content: JsonValue | undefined,
  { field, readPart }: ContentReader,
  onMalformed: OnMalformed,
): Content {
  if (content === null || content === undefined) return { parts: [], shape: 'empty' };
  if (typeof content === 'string') {
    return { parts: content === '' ? [] : [{ type: 'text', text: content }], shape: 'string' };
  }
  if (!Array.isArray(content)) {
    onMalformed(field);
    return { parts: [], shape: 'empty' };
  }
  const parts: ChatPart[] = [];
  for (const [index, item] of content.entries()) {
    const part = isObject(item) ? readPart(item) : undefined;
    if (part) parts.push(part);
    else onMalformed(`${field}[${index}]`);
  }
  return { parts, shape: undefined };
}

/** The inverse; parts that `writePart` gives nothing for are left to the caller. */
export function writeContent(
  parts: readonly ChatPart[],
  shape: ContentShape,
  writePart: (part: ChatPart) => JsonObject | undefined,
): JsonValue {
  if (shape !== undefined && parts.every((part) => part.type === 'text')) {
    if (parts.length === 0 && shape === 'empty') return null;
    return parts.map((part) => part.text).join('');
  }
  return parts.flatMap((part) => writePart(part) ?? []);
}

const RESULT_CONTENT: ReadonlySet<string> = new Set(['text', 'image', 'document', 'opaque']);

/** The parts that a tool's result may hold. */
export function resultContent(parts: readonly ChatPart[]): ToolResultContent[] {
  return parts.filter((part): part is ToolResultContent => RESULT_CONTENT.has(part.type));
}

/** Arguments are JSON text; some servers give the object itself, or nothing. */
export function argumentsText(value: JsonValue | undefined): string {
  if (typeof value === 'string') return value;
  return value === null || value === undefined ? '' : JSON.stringify(value);
}
