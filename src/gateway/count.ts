/** Token counting: relayed where the provider counts, estimated here (and said so) where it does not. */
import { estimateChatTokens } from '../wire/count.ts';
import { parsedChat } from './attempt.ts';
import type { Ask, Exchange } from './exchange.ts';
import { answerError, refusalError } from './reply-error.ts';
import type { Deployment } from './snapshot.ts';

export function canRelayCount(exchange: Exchange, deployment: Deployment): boolean {
  const { kind } = deployment.provider;
  return (
    kind.formats.includes(exchange.format.id) && kind.path(exchange.format.id, 'count-tokens') !== undefined
  );
}

export function answerCount(exchange: Exchange, ask: Ask): void {
  const parsed = parsedChat(exchange, ask);
  if (!parsed.ok) return answerError(exchange, refusalError(parsed.refusal));
  const body = Buffer.from(JSON.stringify({ input_tokens: estimateChatTokens(parsed.chat) }));
  exchange.outcome = 'ok';
  exchange.response.writeHead(200, {
    'content-type': 'application/json',
    'content-length': body.length,
    'x-turnpike-exchange-id': exchange.id,
    'x-turnpike-estimated': 'true',
  });
  exchange.response.end(body);
}
