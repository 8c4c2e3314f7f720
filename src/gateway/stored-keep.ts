/** Keeps what a client was told of a translated response, once it was told, for what it may ask of it later. */
import type { JsonObject, JsonValue } from '../wire/chat.ts';
import { type Ask, chatOperation, type Exchange, type Gateway } from './exchange.ts';
import { ownItems } from './stored-rebuild.ts';
import { responseIdOf } from './stored-responses.ts';

/** Replies of this format may be gone on from by their id, and those of no other. */
export function hasOwnIds({ format }: Exchange): boolean {
  return format.id === 'openai-responses';
}

/** The id of a translated reply whose upstream gives none, or whose own may not be shown. */
export function replyIdOf(exchange: Exchange): string {
  return hasOwnIds(exchange) ? responseIdOf(exchange.id) : exchange.id;
}

/** As at OpenAI: unless the client says no. */
export function mayStore({ storedResponses }: Gateway, exchange: Exchange, body: JsonObject): boolean {
  const isReply = hasOwnIds(exchange) && chatOperation(exchange) === 'chat';
  return isReply && body.store !== false && storedResponses.maxResponseBytes > 0;
}

export interface ReplyKeeper {
  /** What the reply is to say of itself. */
  readonly echo: JsonObject;
  /** @param text ends with the event that ends the stream, and is about to be written */
  keepStreamed(text: string): void;
  /** Of a reply that is written in one piece: itself, or a stream that ends with such an event. */
  keepWhole(reply: JsonObject | string): void;
}

export function createReplyKeeper(gateway: Gateway, exchange: Exchange, ask: Ask): ReplyKeeper {
  const previousId = ask.rebuiltFrom?.previousId;
  const lastOf = (text: string) => lastResponseIn(text, gateway.storedResponses.maxResponseBytes);
  const keep = (read: () => JsonObject | undefined): void => {
    try {
      const response = read();
      if (response) keepResponse(gateway, exchange, ask, response);
    } catch (fault) {
      gateway.log.error({ exchange: exchange.id, fault: String(fault) }, 'a response could not be kept');
    }
  };
  return {
    echo: { store: true, previous_response_id: previousId ?? null },
    keepStreamed(text) {
      // After the write that this is the last of, and before anything is read: a client may go on at once.
      queueMicrotask(() => {
        if (!exchange.isClientGone) keep(() => lastOf(text));
      });
    },
    keepWhole(reply) {
      const read = typeof reply === 'string' ? () => lastOf(reply) : () => reply;
      exchange.response.once('finish', () => keep(read));
    },
  };
}

const DATA = '\ndata: ';

/** The response in the event that a stream ends with; undefined = it holds none, or a longer one. */
function lastResponseIn(text: string, maxChars: number): JsonObject | undefined {
  const start = text.lastIndexOf(DATA);
  if (start === -1 || text.length - start > maxChars) return undefined;
  const event = JSON.parse(text.slice(start + DATA.length)) as JsonObject;
  return event.response as JsonObject | undefined;
}

/** What did not end well is nothing to go on from. */
const ENDED: ReadonlySet<JsonValue | undefined> = new Set(['completed', 'incomplete']);

function keepResponse(gateway: Gateway, exchange: Exchange, ask: Ask, response: JsonObject): void {
  if (!ENDED.has(response.status)) return;
  gateway.storedResponses.keep({
    id: responseIdOf(exchange.id),
    keyId: exchange.key!.id,
    previousId: ask.rebuiltFrom?.previousId,
    input: ownItems(gateway, exchange, ask.rebuiltFrom?.body ?? ask.body),
    output: (response.output as JsonValue[]).map((item) => JSON.stringify(item)),
    head: JSON.stringify({ ...response, output: [] }),
  });
}
