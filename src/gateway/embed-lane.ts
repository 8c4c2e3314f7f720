/** The reply of an embeddings attempt: passed on as it came, or written in the client's shape, and its usage read. */
import type { JsonObject, Usage, Warning } from '../wire/chat.ts';
import type { EmbeddingContext, EmbeddingShape } from '../wire/embeddings/index.ts';
import { WireError } from '../wire/format.ts';
import { nothingObserved } from './finish.ts';
import type { Lane, Observed, WholeReply } from './lane.ts';
import { refusalError } from './reply-error.ts';
import { readFields } from './reply-fields.ts';

export interface EmbedLaneInput {
  readonly client: EmbeddingShape;
  readonly upstream: EmbeddingShape;
  readonly context: EmbeddingContext;
  /** How many vectors were asked for; undefined = not counted. */
  readonly inputs: number | undefined;
}

export function createEmbedLane(input: EmbedLaneInput): Lane {
  const notOne = refusalError({
    code: 'upstream_invalid',
    message: 'the provider answered a call for embeddings with a stream',
  });
  return {
    // No vendor streams vectors; an upstream that claims to is not understood.
    take: () => '',
    hasContent: () => false,
    tookContent: () => false,
    error: () => notOne,
    end: () => ({ rest: '', error: notOne }),
    breakOff: () => '',
    isBetweenFrames: () => false,
    observed: () => nothingObserved,
    isText: false,
    // The cost belongs into the head, and clients need the whole anyway.
    holdOf: () => 'all',
    whole: (body) => wholeReply(input, body),
  };
}

function wholeReply(input: EmbedLaneInput, body: Buffer): WholeReply | undefined {
  const { client, upstream, context } = input;
  const fields = readFields(body, upstream.usageFields);
  const observed = observedOf(fields && upstream.readUsage(fields));
  if (client.id === upstream.id)
    return { body: client.recode(body, context.encoding), contentType: undefined, observed, warnings: [] };
  const reply = fields && parsedObject(body);
  const translated = reply && translate(input, reply);
  return translated && { ...translated, contentType: 'application/json', observed };
}

function parsedObject(body: Buffer): JsonObject | undefined {
  try {
    const value: unknown = JSON.parse(body.toString('utf8'));
    return typeof value === 'object' && value !== null && !Array.isArray(value)
      ? (value as JsonObject)
      : undefined;
  } catch {
    return undefined;
  }
}

/** Vectors are no tokens: there is no output to book. */
function observedOf(usage: Usage | undefined): Observed {
  return { usage, outputEstimate: 0, hasContent: true, stop: undefined };
}

function translate(
  { client, upstream, context, inputs }: EmbedLaneInput,
  reply: JsonObject,
): { readonly body: Buffer; readonly warnings: readonly Warning[] } | undefined {
  try {
    const parsed = upstream.parseReply(reply);
    if (parsed.vectors.length !== inputs) return undefined;
    const { body, warnings } = client.renderReply(parsed, context);
    return { body: Buffer.from(JSON.stringify(body)), warnings };
  } catch (error) {
    if (error instanceof WireError) return undefined;
    throw error;
  }
}
