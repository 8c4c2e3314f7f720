/** Requests that ask nothing: Ollama's clients load a model so, which other providers would bill as a call. */
import type { Ask, Exchange } from './exchange.ts';
import { parsedChat } from './request-body.ts';
import type { Deployment } from './snapshot.ts';

/** A body without a turn is short; a longer one is not parsed for this. */
const MAX_BYTES = 4_096;

/** Answers such a request, unless its provider speaks the client's format and has a word of its own for it. */
export function answerLoaded(exchange: Exchange, ask: Ask, { formats }: Deployment): boolean {
  const { format, response } = exchange;
  if (!format.renderLoaded || formats.includes(format.id) || ask.body.length > MAX_BYTES) return false;
  const parsed = parsedChat(exchange, ask);
  if (!parsed.ok || parsed.chat.turns.length > 0) return false;
  const context = {
    model: ask.model,
    fallbackId: exchange.id,
    nowMs: exchange.startedAtMs,
    streamUsage: false,
  };
  const reply = format.renderLoaded(parsed.chat, context);
  if (!reply) return false;
  const text = JSON.stringify(reply);
  const body = Buffer.from(ask.isStream ? `${text}\n` : text);
  exchange.outcome = 'ok';
  response.writeHead(200, {
    'content-type': ask.isStream ? format.streamContentType : 'application/json',
    'content-length': body.length,
    'x-turnpike-exchange-id': exchange.id,
  });
  response.end(body);
  return true;
}
