/** One POST of JSON to a declared address: guarded, bounded, never redirected. */
import { createHash } from 'node:crypto';
import { Agent } from 'undici';
import type { HookSettings } from '../base/alert-settings.ts';
import { EgressError, type EgressPolicy, guardedLookup, whyHostRefused } from './egress.ts';
import { failed, type SinkAnswer, taken } from './sink.ts';

/** No answer of a webhook is read further: nothing in it is of use. */
const MAX_ANSWER_BYTES = 4 * 1024;
/** A message is some hundred bytes; more than this means that something else is wrong. */
export const MAX_BODY_BYTES = 64 * 1024;
/** For connecting and for the head of the answer, should the caller's own limit fail. */
const TIMEOUT_MS = 30_000;
/** Longer waits that a receiver asks for are cut to it. */
const MAX_RETRY_AFTER_S = 3_600;

export interface Poster {
  /** Of the address, for names: the same after each restart, and no way back to it. */
  readonly label: string;
  post(body: string, headers: Readonly<Record<string, string>>, signal: AbortSignal): Promise<SinkAnswer>;
  close(): Promise<void>;
}

/** The address was judged when the configuration was read. */
export function createPoster({ url: secretUrl, allowPrivate }: HookSettings): Poster {
  const url = new URL(secretUrl.reveal());
  const policy: EgressPolicy = { allowPrivate, isPlain: url.protocol === 'http:' };
  const agent = new Agent({
    connect: { lookup: guardedLookup(policy), timeout: TIMEOUT_MS },
    headersTimeout: TIMEOUT_MS,
    bodyTimeout: TIMEOUT_MS,
    connections: 4,
    pipelining: 1,
  });
  const digest = createHash('sha256').update(url.href).digest('hex').slice(0, 8);
  return {
    label: `${url.host}:${digest}`,
    async post(body, headers, signal) {
      const refused = whyUnsendable(url, policy, body);
      if (refused !== undefined) return failed(refused);
      try {
        const answer = await agent.request({
          origin: url.origin,
          path: `${url.pathname}${url.search}`,
          method: 'POST',
          headers: { 'content-type': 'application/json', 'user-agent': 'turnpike', ...headers },
          body,
          signal,
        });
        await answer.body.dump({ limit: MAX_ANSWER_BYTES });
        return judgeStatus(answer.statusCode, answer.headers['retry-after']);
      } catch (error) {
        return failed(sayError(error));
      }
    },
    close: () => agent.destroy(),
  };
}

function whyUnsendable(url: URL, policy: EgressPolicy, body: string): string | undefined {
  if (Buffer.byteLength(body) > MAX_BODY_BYTES) return `the message is longer than ${MAX_BODY_BYTES} bytes`;
  const why = whyHostRefused(url.hostname, policy);
  return why === undefined ? undefined : `not sent: ${why}`;
}

function judgeStatus(status: number, retryAfter: string | string[] | undefined): SinkAnswer {
  if (status >= 200 && status < 300) return taken(`answered ${status}`);
  if (status >= 300 && status < 400) return failed(`answered ${status}; redirects are not followed`);
  const seconds =
    typeof retryAfter === 'string' && /^\d{1,9}$/.test(retryAfter) ? Number(retryAfter) : undefined;
  return failed(
    `answered ${status}`,
    seconds === undefined ? undefined : Math.min(seconds, MAX_RETRY_AFTER_S) * 1000,
  );
}

/** Texts of errors may hold the address: only their code goes on. */
function sayError(error: unknown): string {
  if (error instanceof EgressError) return `not sent: ${error.message}`;
  const name = error instanceof Error ? error.name : '';
  if (name === 'AbortError' || name === 'TimeoutError') return 'no answer in time';
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  return `not reached (${typeof code === 'string' ? code : name || 'unknown'})`;
}
