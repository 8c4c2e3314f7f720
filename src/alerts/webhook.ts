/** Sink: JSON to any address, signed so that the receiver can tell it is ours. */
import type { WebhookSettings } from '../base/alert-settings.ts';
import type { Clock } from '../base/clock.ts';
import { createPoster } from './post.ts';
import { signatureHeaders } from './sign.ts';
import type { Message, Sink } from './sink.ts';

export function createWebhook(settings: WebhookSettings, clock: Clock): Sink {
  const poster = createPoster(settings);
  return {
    name: `webhook:${poster.label}`,
    deliver(message, signal) {
      const body = JSON.stringify(bodyOf(message));
      const signed = { id: message.id, sentAtMs: clock.now(), body };
      return poster.post(body, signatureHeaders(signed, settings.secret), signal);
    },
    close: () => poster.close(),
  };
}

function bodyOf({ id, topic, atMs, title, lines, hint, data }: Message) {
  return {
    id,
    type: topic,
    timestamp: new Date(atMs).toISOString(),
    title,
    text: lines.join('\n'),
    hint,
    data,
  };
}
