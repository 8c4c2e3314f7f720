/** Looking at responses that are kept here, and deleting them: as OpenAI answers for its own, without asking anybody. */
import { type Refusal, refuse } from '../base/refusal.ts';
import type { JsonObject } from '../wire/chat.ts';
import type { Exchange, Gateway } from './exchange.ts';
import type { RelayOnlyEndpoint } from './relay-only-calls.ts';
import { type Conversation, responseIdIn, type StoredResponse } from './stored-responses.ts';

export type StoredAnswer =
  | { readonly ok: true; readonly body: JsonObject }
  | { readonly ok: false; readonly refusal: Refusal };

/** undefined = the call is not about a response that is kept here for this key. */
export function answerOfStored(
  { storedResponses }: Gateway,
  exchange: Exchange,
  { call, relayPath }: RelayOnlyEndpoint,
): StoredAnswer | undefined {
  const id = call.api === 'openai' ? responseIdIn(relayPath) : undefined;
  const keyId = exchange.key!.id;
  const response = id === undefined ? undefined : storedResponses.find(keyId, id);
  if (!response) return undefined;
  const query = new URLSearchParams(exchange.query);
  switch (`${exchange.request.method} ${call.relayPath}`) {
    case 'GET /responses/{id}':
      if (query.get('stream') === 'true')
        return unsupported('a response that is kept here is not streamed again');
      return { ok: true, body: wholeResponse(response) };
    case 'DELETE /responses/{id}':
      storedResponses.forget(keyId, response.id);
      return { ok: true, body: { id: response.id, object: 'response', deleted: true } };
    case 'GET /responses/{id}/input_items':
      return listInput(response, storedResponses.conversationOf(keyId, response.id), query);
    case 'POST /responses/{id}/cancel':
      return unsupported('only a response in the background can be cancelled');
    default:
      return undefined;
  }
}

/** Of an id that is of our making, where no provider could be asked: what to say to who asks for it. */
export function unknownStored({ relayPath }: RelayOnlyEndpoint): Refusal | undefined {
  const id = responseIdIn(relayPath);
  return id === undefined ? undefined : refuse('response_unknown', `the response ${id} is not kept here`);
}

function unsupported(message: string): StoredAnswer {
  return { ok: false, refusal: refuse('operation_unsupported', message) };
}

function wholeResponse({ head, output }: StoredResponse): JsonObject {
  return {
    ...(JSON.parse(head) as JsonObject),
    output: output.map((text) => JSON.parse(text) as JsonObject),
  };
}

/** As OpenAI's own. */
const DEFAULT_ITEMS = 20;
const MAX_ITEMS = 100;

/** All that the model was given, newest first unless asked otherwise. */
function listInput(
  response: StoredResponse,
  conversation: Conversation,
  query: URLSearchParams,
): StoredAnswer {
  const limit = Number(query.get('limit') ?? DEFAULT_ITEMS);
  if (!Number.isInteger(limit) || limit < 1 || limit > MAX_ITEMS) {
    const message = `"limit" must be a whole number from 1 to ${MAX_ITEMS}`;
    return { ok: false, refusal: refuse('body_invalid', message, { param: 'limit' }) };
  }
  // Its own output stands last. Where an earlier response is gone, what came with this one is still there.
  const texts = conversation.ok
    ? conversation.items.slice(0, conversation.items.length - response.output.length)
    : response.input;
  const items = texts.map((text, index) => listedItem(JSON.parse(text) as JsonObject, response.id, index));
  if (query.get('order') !== 'asc') items.reverse();
  const after = query.get('after');
  const start = after === null ? 0 : items.findIndex(({ id }) => id === after) + 1;
  const data = items.slice(start, start + limit);
  return {
    ok: true,
    body: {
      object: 'list',
      data,
      first_id: data[0]?.id ?? null,
      last_id: data.at(-1)?.id ?? null,
      has_more: start + data.length < items.length,
    },
  };
}

/** With what clients may leave out and lists have. */
function listedItem(item: JsonObject, responseId: string, index: number): JsonObject {
  const id = item.id ?? `item_${responseId}_${index}`;
  const { content } = item;
  if (typeof content !== 'string') return { type: 'message', ...item, id };
  const type = item.role === 'assistant' ? 'output_text' : 'input_text';
  return { type: 'message', ...item, id, content: [{ type, text: content }] };
}
