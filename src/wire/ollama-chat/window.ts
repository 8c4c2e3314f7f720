/**
 * The context window. A server that is not told one takes 4096 tokens, and cuts what does not fit without a word: so
 * a request says how large it must be. Changing it loads the model anew, so only a few sizes are asked for.
 */
import type { ChatRequest, JsonObject } from '../chat.ts';
import { estimateChatTokens } from '../count.ts';
import { type Edit, insertField, type ValueSpan, type Walk, walkTopLevel } from '../walk.ts';
import { asObject } from './loose.ts';

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
  | { readonly kind: 'edit'; readonly edit: Edit }
  /** `options` is no object that can be read: the server refuses it. */
  | { readonly kind: 'unreadable' };

/**
 * @param walk of the whole body, with `options` among the wanted fields
 * @param numCtx the size to ask for where the client asks for none
 */
export function numCtxEdit(body: Buffer, walk: Walk & { ok: true }, numCtx: number): NumCtxEdit {
  const options = walk.fields.get('options');
  if (!options) return { kind: 'edit', edit: insertField(walk, 'options', `{"num_ctx":${numCtx}}`) };
  if (options.kind === 'null') return replace(options, `{"num_ctx":${numCtx}}`);
  if (options.kind !== 'object') return { kind: 'unreadable' };
  const inner = walkTopLevel(body.subarray(options.start, options.end), ['num_ctx']);
  if (!inner.ok || inner.duplicates.length > 0) return { kind: 'unreadable' };
  const said = inner.fields.get('num_ctx');
  if (!said)
    return { kind: 'edit', edit: moved(insertField(inner, 'num_ctx', String(numCtx)), options.start) };
  const span = { ...said, start: said.start + options.start, end: said.end + options.start };
  const value = Number(body.toString('latin1', span.start, span.end));
  if (said.kind === 'number' && value > 0) return { kind: 'said', numCtx: value };
  // Null and 0 leave it to the server; a text or the like it refuses.
  return said.kind === 'null' || value === 0 ? replace(span, String(numCtx)) : { kind: 'unreadable' };
}

function replace({ start, end }: ValueSpan, text: string): NumCtxEdit {
  return { kind: 'edit', edit: { start, end, text } };
}

function moved({ start, end, text }: Edit, by: number): Edit {
  return { start: start + by, end: end + by, text };
}
