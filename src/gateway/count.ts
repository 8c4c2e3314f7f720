/** Token counting: relayed where the provider counts, estimated here (and said so) where it does not. */
import { estimateChatTokens } from '../wire/count.ts';

import type { Ask, Exchange } from './exchange.ts';
import { answerError, refusalError } from './reply-error.ts';
import { parsedChat } from './request-body.ts';
import type { Deployment } from './snapshot.ts';

export function canRelayCount(exchange: Exchange, { provider, model, formats }: Deployment): boolean {
  const { id } = exchange.format;
  if (!formats.includes(id)) return false;
  return provider.kind.path(id, 'count-tokens', { model, isStream: false }) !== undefined;
}

export function answerCount(exchange: Exchange, ask: Ask): void {
  const parsed = parsedChat(exchange, ask);
  if (!parsed.ok) return answerError(exchange, refusalError(parsed.refusal));
  const count = exchange.format.renderTokenCount(estimateChatTokens(parsed.chat));
  const body = Buffer.from(JSON.stringify(count));
  exchange.outcome = 'ok';
  exchange.response.writeHead(200, {
    'content-type': 'application/json',
    'content-length': body.length,
    'x-turnpike-exchange-id': exchange.id,
    'x-turnpike-estimated': 'true',
  });
  exchange.response.end(body);
}
