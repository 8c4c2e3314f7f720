/** Writes down a reply on its way to the client, and keeps it at its end if it may be given again. */
import type { JsonObject } from '../wire/chat.ts';
import type { Format } from '../wire/format.ts';
import type { KeptAnswer, ResponseCache } from './response-cache.ts';

/** Who answers, and how. */
export interface AnsweredBy {
  readonly deployment: {
    readonly ref: string;
    readonly headerRef: string;
    readonly provider: { readonly name: string };
    readonly model: string;
  };
  readonly lane: 'relay' | 'translate';
}

/** What watches a reply from its head to its end. None of it ever throws. */
export interface ReplyKeeping {
  /** Before the head is written: adds what it says of the cache. @param head names and values, flat */
  takeHead(status: number, head: string[], by: AnsweredBy): void;
  take(out: Uint8Array | string): void;
  /** @param last the rest of it, where it was not taken before */
  end(outcome: string, last: Uint8Array | undefined): void;
}

/** Of requests that want no answer of the cache, or that have none. */
export const notKept: ReplyKeeping = {
  takeHead: (_status, head) => void head.push('x-turnpike-cache', 'off'),
  take: () => undefined,
  end: () => undefined,
};

export interface KeepInput {
  readonly cache: ResponseCache;
  readonly key: string;
  readonly ttlMs: number;
  /** What the client reads. */
  readonly format: Format;
  /** It asked for a stream. */
  readonly isStream: boolean;
  /** Where the ref that was chosen leads. */
  readonly refs: ReadonlySet<string>;
}

interface Head {
  readonly by: AnsweredBy;
  readonly contentType: string;
  readonly translation: string;
  /** Budgets had room for less than was asked for, or set a limit where there was none. */
  readonly isLimited: boolean;
}

interface Keeping extends KeepInput {
  /** undefined = none was written yet. */
  head: Head | undefined;
  parts: Buffer[];
  bytes: number;
  /** It will not be kept, whatever comes. */
  isOff: boolean;
}

/** Of a reply that may be worth keeping. */
export function createKeeping(input: KeepInput): ReplyKeeping {
  const keeping: Keeping = { ...input, head: undefined, parts: [], bytes: 0, isOff: false };
  return {
    takeHead(status, head, by) {
      const told = valuesOf(head);
      head.push('x-turnpike-cache', 'miss');
      keeping.head = {
        by,
        contentType: told.get('content-type') ?? 'application/json',
        translation: told.get('x-turnpike-translation') ?? 'lossless',
        isLimited: told.has('x-turnpike-max-tokens'),
      };
      // Who stands in is not asked for longer than it must: as soon as what was chosen can answer, it shall.
      const isChosen = input.refs.has(by.deployment.ref) && told.get('x-turnpike-fallback') !== 'true';
      if (status !== 200 || !isChosen) letGo(keeping);
    },
    take: (out) => take(keeping, out),
    end(outcome, last) {
      if (last) take(keeping, last);
      if (outcome === 'ok') keep(keeping, last === undefined && input.isStream);
      letGo(keeping);
    },
  };
}

function valuesOf(head: readonly string[]): ReadonlyMap<string, string> {
  const values = new Map<string, string>();
  for (let at = 0; at + 1 < head.length; at += 2) values.set(head[at]!, head[at + 1]!);
  return values;
}

function take(keeping: Keeping, out: Uint8Array | string): void {
  // What was written only to keep a silent connection open is no part of the answer.
  if (keeping.isOff || out.length === 0 || out === keeping.format.keepAlive) return;
  // A copy: what came from a socket is a part of a larger piece, which would be held with it.
  const part = typeof out === 'string' ? Buffer.from(out) : Buffer.from(out);
  const isTooLong = keeping.bytes + part.length > keeping.cache.maxAnswerBytes;
  if (isTooLong || !keeping.cache.makeRoom(part.length)) return letGo(keeping);
  keeping.parts.push(part);
  keeping.bytes += part.length;
}

function letGo(keeping: Keeping): void {
  keeping.cache.makeRoom(-keeping.bytes);
  keeping.isOff = true;
  keeping.parts = [];
  keeping.bytes = 0;
}

function keep(keeping: Keeping, isStream: boolean): void {
  const { cache, key, ttlMs, head, format } = keeping;
  if (keeping.isOff || !head || keeping.bytes === 0) return;
  const body = Buffer.concat(keeping.parts, keeping.bytes);
  if (head.isLimited && mayBeCut(format, body, isStream)) return;
  const { deployment, lane } = head.by;
  const answer: KeptAnswer = {
    body,
    isStream,
    contentType: head.contentType,
    provider: deployment.provider.name,
    model: deployment.model,
    headerRef: deployment.headerRef,
    lane,
    translation: head.translation,
  };
  cache.keep(key, answer, ttlMs);
}

/** `length`, `max_tokens`, `MAX_TOKENS`, `max_output_tokens`, `incomplete`: every format's word for it. */
const LENGTH_STOP = /length|max|incomplete/i;

/** It ended at a limit that the next one to ask may not have; or nobody knows why it ended. */
function mayBeCut(format: Format, body: Buffer, isStream: boolean): boolean {
  const stop = isStream ? stopOfStream(format, body) : stopOfWhole(format, body);
  return stop === undefined || LENGTH_STOP.test(stop);
}

function stopOfStream(format: Format, body: Buffer): string | undefined {
  const tap = format.createTap();
  tap.push(body);
  return tap.report().stop;
}

function stopOfWhole(format: Format, body: Buffer): string | undefined {
  try {
    return format.readStop(JSON.parse(body.toString('utf8')) as JsonObject);
  } catch {
    return undefined;
  }
}
