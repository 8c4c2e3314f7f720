/** The sinks that are declared, and the log. */
import type { AlertSettings } from '../base/alert-settings.ts';
import type { Clock } from '../base/clock.ts';
import type { Log } from '../base/log.ts';
import { createEmail } from './email.ts';
import { createLogSink } from './log-sink.ts';
import type { Sink } from './sink.ts';
import { createSlack } from './slack.ts';
import { createWebhook } from './webhook.ts';

/** Opens no connection yet. An address that is declared twice is one sink. */
export function openSinks(
  { webhooks, slack, email }: AlertSettings,
  { log, clock }: { readonly log: Log; readonly clock: Clock },
): readonly Sink[] {
  const sinks = [
    createLogSink(log),
    ...webhooks.map((settings) => createWebhook(settings, clock)),
    ...slack.map((settings) => createSlack(settings)),
    ...(email ? [createEmail(email)] : []),
  ];
  return [...new Map(sinks.map((sink) => [sink.name, sink])).values()];
}
