/** How streams are told from whole replies, and what a client's stream is called. */
import type { Exchange } from './exchange.ts';
import type { Attempt } from './lane.ts';

/** Of streams in the formats there are, and of the framing that one cloud puts around them. */
const STREAM_TYPE = /event-stream|ndjson|amazon\.eventstream/;

/**
 * Whether an upstream's reply is to be read as a stream. A JSON array that comes piece by piece has the type of
 * any JSON; only a relayed stream can be one, as we ask for events ourselves.
 */
export function isStreamType(exchange: Exchange, attempt: Attempt, contentType: string): boolean {
  if (STREAM_TYPE.test(contentType)) return true;
  return attempt.isStream && attempt.lane === 'relay' && exchange.streamShape === 'array';
}

/** Content type of a stream we write for the client. */
export function streamType({ format, streamShape }: Exchange): string {
  return streamShape === 'array' ? 'application/json' : format.streamContentType;
}
