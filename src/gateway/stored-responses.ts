/**
 * Responses that were translated here, kept in memory for a while: their clients go on from them by id, as they
 * would at OpenAI. Each response holds only what was new in it and points at the one before it. Texts that come
 * again (clients that send the whole conversation with every request) are held once.
 */
import type { Clock } from '../base/clock.ts';
import type { ExchangeId, KeyId } from '../base/ids.ts';

/** Since it was last used. Agents and chats go on within minutes; what lies longer takes room from others. */
const LIFE_MS = 60 * 60_000;
/** How often what outlived that is let go of, where no traffic does it. */
const SWEEP_MS = 60_000;
/** One response may take a quarter of the memory: a larger one would push out most other conversations. */
const SHARE_OF_ONE = 1 / 4;
/** Responses of one conversation. Every link is looked up with each request, and no window holds so many turns. */
export const MAX_LINKS = 1_000;
/** What a response costs beside its texts (entries of maps, objects, ids), rounded up. */
const RESPONSE_BYTES = 1_024;
/** What an item costs beside its text. */
const ITEM_BYTES = 128;

/** Stands in the ids of all responses that are translated, and so in those of their items. */
export const OWN_MARK = 'resp_tp_';
const OWN_ID = /resp_tp_[0-9a-z]{26}/;
const EXCHANGE_MARK = 'exc_';

/** The id a client gets for a translated response: an upstream's own may come twice, or say nothing of its maker. */
export function responseIdOf(exchangeId: ExchangeId): string {
  return OWN_MARK + exchangeId.slice(EXCHANGE_MARK.length);
}

/** The response that an id of one of its items belongs to, or that is named by it. */
export function responseIdIn(id: string): string | undefined {
  return OWN_ID.exec(id)?.[0];
}

/** JSON texts throughout: what is kept is seldom read. */
export interface StoredResponse {
  readonly id: string;
  readonly keyId: KeyId;
  /** The response it goes on from. */
  readonly previousId: string | undefined;
  /** What its request brought anew. */
  readonly input: readonly string[];
  /** As the client got them. */
  readonly output: readonly string[];
  /** The response as the client got it, with an empty `output`. */
  readonly head: string;
}

export type Conversation =
  | {
      readonly ok: true;
      /** Input and output of all its responses, oldest first. */
      readonly items: readonly string[];
      readonly responseIds: ReadonlySet<string>;
    }
  /** `unknown`: there is no such response. `broken`: an earlier one is gone. `too-long`: over `MAX_LINKS`. */
  | { readonly ok: false; readonly problem: 'unknown' | 'broken' | 'too-long' };

/** All of it is by key: of another key's responses nothing can be told from here. */
export interface StoredResponses {
  /** Bytes one response may take; 0 = none are kept. */
  readonly maxResponseBytes: number;
  /** False: it is too large, and not kept. */
  keep(response: StoredResponse): boolean;
  find(keyId: KeyId, id: string): StoredResponse | undefined;
  /** What a model is to know that goes on from this response. */
  conversationOf(keyId: KeyId, id: string): Conversation;
  /** An item of an output by its id. */
  itemOf(keyId: KeyId, itemId: string): string | undefined;
  /** False: there is none. */
  forget(keyId: KeyId, id: string): boolean;
  /** Lets go of what outlived its time. */
  sweep(): void;
  /** Bytes held, by our own count. */
  bytes(): number;
}

interface Kept {
  readonly response: StoredResponse;
  usedAtMs: number;
}

/** A text and how many times it stands in responses. */
interface Shared {
  readonly text: string;
  count: number;
}

interface Memory {
  readonly clock: Clock;
  readonly limitBytes: number;
  /** The one that was not used for longest first. */
  readonly responses: Map<string, Kept>;
  readonly texts: Map<string, Shared>;
  bytes: number;
}

/** @param limitBytes all of it together; 0 = nothing is kept */
export function createStoredResponses(clock: Clock, limitBytes: number): StoredResponses {
  const memory: Memory = { clock, limitBytes, responses: new Map(), texts: new Map(), bytes: 0 };
  const maxResponseBytes = Math.floor(limitBytes * SHARE_OF_ONE);
  return {
    maxResponseBytes,
    keep(response) {
      if (sizeOf(response) > maxResponseBytes) return false;
      useAll(memory, response);
      add(memory, response);
      sweep(memory);
      return true;
    },
    find: (keyId, id) => use(memory, keyId, id),
    conversationOf: (keyId, id) => conversationOf(memory, keyId, id),
    itemOf(keyId, itemId) {
      const id = responseIdIn(itemId);
      const response = id === undefined ? undefined : use(memory, keyId, id);
      return response?.output.find((text) => idOf(text, itemId) === itemId);
    },
    forget: (keyId, id) => use(memory, keyId, id) !== undefined && drop(memory, id),
    sweep: () => sweep(memory),
    bytes: () => memory.bytes,
  };
}

/** @returns what ends it */
export function sweepRegularly(stored: StoredResponses): () => void {
  const timer = setInterval(() => stored.sweep(), SWEEP_MS).unref();
  return () => clearInterval(timer);
}

/** Only a text that holds the id at all is parsed. */
function idOf(text: string, wanted: string): unknown {
  return text.includes(wanted) ? (JSON.parse(text) as { readonly id?: unknown }).id : undefined;
}

/** In a heap: two bytes a character, unless all are of the plainest. */
function bytesOf(text: string): number {
  return Buffer.byteLength(text) === text.length ? text.length : 2 * text.length;
}

function sizeOf({ input, output, head }: StoredResponse): number {
  let bytes = RESPONSE_BYTES + bytesOf(head);
  for (const text of [...input, ...output]) bytes += ITEM_BYTES + bytesOf(text);
  return bytes;
}

function add(memory: Memory, response: StoredResponse): void {
  const { id, head, input, output } = response;
  const kept = { ...response, input: shareAll(memory, input), output: shareAll(memory, output) };
  memory.bytes += RESPONSE_BYTES + bytesOf(head);
  memory.responses.set(id, { response: kept, usedAtMs: memory.clock.monotonic() });
}

function shareAll(memory: Memory, texts: readonly string[]): string[] {
  return texts.map((text) => {
    memory.bytes += ITEM_BYTES;
    const shared = memory.texts.get(text);
    if (shared) {
      shared.count += 1;
      return shared.text;
    }
    memory.texts.set(text, { text, count: 1 });
    memory.bytes += bytesOf(text);
    return text;
  });
}

function drop(memory: Memory, id: string): boolean {
  const kept = memory.responses.get(id);
  if (!kept) return false;
  memory.responses.delete(id);
  const { head, input, output } = kept.response;
  memory.bytes -= RESPONSE_BYTES + bytesOf(head);
  for (const text of [...input, ...output]) {
    memory.bytes -= ITEM_BYTES;
    const shared = memory.texts.get(text)!;
    shared.count -= 1;
    if (shared.count > 0) continue;
    memory.texts.delete(text);
    memory.bytes -= bytesOf(text);
  }
  return true;
}

/** The least used go first; their order is that of time, so the first one that may stay ends it. */
function sweep(memory: Memory): void {
  const oldest = memory.clock.monotonic() - LIFE_MS;
  for (const [id, { usedAtMs }] of memory.responses) {
    if (usedAtMs > oldest && memory.bytes <= memory.limitBytes) return;
    drop(memory, id);
  }
}

/** The response, which is then the one used last. */
function use(memory: Memory, keyId: KeyId, id: string): StoredResponse | undefined {
  const kept = memory.responses.get(id);
  if (!kept || kept.response.keyId !== keyId) return undefined;
  const now = memory.clock.monotonic();
  if (now - kept.usedAtMs >= LIFE_MS) {
    drop(memory, id);
    return undefined;
  }
  kept.usedAtMs = now;
  memory.responses.delete(id);
  memory.responses.set(id, kept);
  return kept.response;
}

/** A conversation stays or goes as one: its beginning alone is of no use, and its end is none without it. */
function useAll(memory: Memory, { keyId, previousId }: StoredResponse): void {
  let id = previousId;
  for (let links = 0; id !== undefined && links < MAX_LINKS; links += 1)
    id = use(memory, keyId, id)?.previousId;
}

function conversationOf(memory: Memory, keyId: KeyId, id: string): Conversation {
  const links: StoredResponse[] = [];
  for (let next: string | undefined = id; next !== undefined; ) {
    const response = use(memory, keyId, next);
    if (!response) return { ok: false, problem: links.length === 0 ? 'unknown' : 'broken' };
    if (links.length === MAX_LINKS) return { ok: false, problem: 'too-long' };
    links.push(response);
    next = response.previousId;
  }
  links.reverse();
  return {
    ok: true,
    items: links.flatMap(({ input, output }) => [...input, ...output]),
    responseIds: new Set(links.map((link) => link.id)),
  };
}
