/**
 * The context window. A server that is not told one takes 4096 tokens, and cuts what does not fit without a word: so
 * a request says how large it must be. Changing it loads the model anew, so only a few sizes are asked for.
 */
import type { ChatRequest, JsonObject } from '../chat.ts';
import { estimateChatTokens } from '../count.ts';
import { asObject } from '../json.ts';
import { type Edit, insertField, type ValueSpan, walkTopLevel } from '../walk.ts';

/** Smallest size asked for: a chat of some turns fits, and no machine that runs a model is too small for it. */
export const MIN_NUM_CTX = 8_192;
/** Room for the answer where the request has no limit. The server's own default is to go on until the model ends. */
export const DEFAULT_OUTPUT_TOKENS = 4_096;

/** The size that holds this much: 8k, 16k, 32k and so on. */
export function numCtxFor(inputTokens: number, outputLimit: number | undefined): number {
  const needed = inputTokens + (outputLimit ?? DEFAULT_OUTPUT_TOKENS);
  let size = MIN_NUM_CTX;
  while (size < needed) size *= 2;
  return size;
}

/** The size a chat needs, by estimate. */
export function numCtxOfChat(chat: ChatRequest): number {
  return numCtxFor(estimateChatTokens(chat), chat.maxOutputTokens);
}

/** The size a body asks for; undefined when it leaves that to the server. */
export function readNumCtx(body: JsonObject): number | undefined {
  const size = asObject(body.options)?.num_ctx;
  return typeof size === 'number' && size > 0 ? size : undefined;
}

/** A rendered body with another size, for those who know what the model can hold. */
export function withNumCtx(body: JsonObject, numCtx: number): JsonObject {
  return { ...body, options: { ...asObject(body.options), num_ctx: numCtx } };
}

/** What to do to the bytes of a client's own request so that it says a size. */
export type NumCtxEdit =
  /** It says this one itself; nothing is to be done. */
  | { readonly kind: 'said'; readonly numCtx: number }
  /** Put in a field of the body, as `editFields` does. */
  | { readonly kind: 'add'; readonly name: string; readonly json: string }
  | { readonly kind: 'replace'; readonly edit: Edit }
  /** `options` or the size in it is nothing the server can read: it refuses the request. */
  | { readonly kind: 'unreadable' };

/**
 * @param options where the body's `options` are, as `walkTopLevel` found them; undefined = it has none
 * @param numCtx the size to ask for where the client asks for none
 */
export function numCtxEdit(body: Buffer, options: ValueSpan | undefined, numCtx: number): NumCtxEdit {
  const json = `{"num_ctx":${numCtx}}`;
  if (!options) return { kind: 'add', name: 'options', json };
  if (options.kind === 'null') return replace(options, json);
  if (options.kind !== 'object') return { kind: 'unreadable' };
  const inner = walkTopLevel(body.subarray(options.start, options.end), ['num_ctx']);
  if (!inner.ok || inner.duplicates.length > 0) return { kind: 'unreadable' };
  const said = inner.fields.get('num_ctx');
  if (!said) {
    const { start, end, text } = insertField(inner, 'num_ctx', String(numCtx));
    return replace({ start: start + options.start, end: end + options.start }, text);
  }
  const span = { start: said.start + options.start, end: said.end + options.start };
  const value = Number(body.toString('latin1', span.start, span.end));
  if (said.kind === 'number' && value > 0) return { kind: 'said', numCtx: value };
  // Null and 0 leave it to the server; a text or the like it refuses.
  return said.kind === 'null' || value === 0 ? replace(span, String(numCtx)) : { kind: 'unreadable' };
}

function replace({ start, end }: Pick<ValueSpan, 'start' | 'end'>, text: string): NumCtxEdit {
  return { kind: 'replace', edit: { start, end, text } };
}
