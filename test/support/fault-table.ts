/** What upstreams do wrong, and what the client and the ledger must make of it: the fault matrix as data. */
import type { CannedAnswer } from '../fake-upstream.ts';
import { errorEvent, good, json, type Spoken, streamed, type UsageObject } from './spoken.ts';

export type Lane = 'relay' | 'translate';

export interface Fault {
  /** Row of the fault matrix, and what happens. */
  readonly name: string;
  readonly isStream: boolean;
  answer(voice: Spoken<string>): CannedAnswer;
  readonly client: {
    /** A number, or anything from 500 on. */
    readonly status: number | 'failure';
    readonly text?: string;
    /** Turnpike's own code, where the error is Turnpike's. */
    readonly code?: string;
    /** Any error at all; implied by `code`. */
    readonly isError?: boolean;
    readonly retryAfter?: string;
  };
  readonly entry: {
    readonly status: string;
    readonly errorClass?: string | RegExp;
    /** Input and output as reported; `estimated` = Turnpike's own count, `nothing` = not charged. */
    readonly tokens: readonly [number, number] | 'estimated' | 'nothing';
    readonly flags?: string;
    /** Of an estimate: was there anything to count? */
    readonly hasOutput?: boolean;
  };
  /** Where one lane differs. */
  readonly only?: Lane;
}

const TEXT = 'Half an answer is here.';
const done = { status: 'ok', tokens: [100, 10] } as const;
const nothing = { status: 'upstream_error', tokens: 'nothing' } as const;
const guessed = { status: 'ok', tokens: 'estimated', hasOutput: true } as const;

const half = (voice: Spoken<string>): string => voice.opening() + voice.words(TEXT);

const silent: readonly Fault[] = [
  {
    name: '2: hangs before the head',
    isStream: true,
    answer: () => ({ headAfterMs: Number.POSITIVE_INFINITY }),
    client: { status: 504, code: 'upstream_timeout' },
    entry: { status: 'timeout', errorClass: 'first-byte-timeout', tokens: 'estimated', flags: 'missing' },
  },
  {
    name: '2: hangs before the head of a whole reply',
    isStream: false,
    answer: () => ({ headAfterMs: Number.POSITIVE_INFINITY }),
    client: { status: 504, code: 'upstream_timeout' },
    entry: { status: 'timeout', errorClass: 'first-byte-timeout', tokens: 'estimated', flags: 'missing' },
  },
  {
    name: '3: falls silent after the head',
    isStream: true,
    answer: () => ({ ...streamed(), ending: 'silence' }),
    client: { status: 504, code: 'upstream_timeout' },
    entry: { status: 'timeout', errorClass: 'first-byte-timeout', tokens: 'estimated', flags: 'missing' },
  },
  {
    name: '3: falls silent before the first content',
    isStream: true,
    answer: (voice) => ({ ...streamed(voice.opening()), ending: 'silence' }),
    client: { status: 504, code: 'upstream_timeout' },
    entry: { status: 'timeout', errorClass: 'idle-timeout', tokens: 'estimated', flags: 'missing' },
  },
  {
    name: '3: falls silent in the middle',
    isStream: true,
    answer: (voice) => ({ ...streamed(half(voice)), ending: 'silence' }),
    client: { status: 200, text: TEXT, code: 'upstream_timeout' },
    entry: {
      status: 'timeout',
      errorClass: 'idle-timeout',
      tokens: 'estimated',
      hasOutput: true,
      flags: 'missing',
    },
  },
  {
    name: '8: sends signs of life and nothing else',
    isStream: true,
    answer: (voice) => streamed(...Array.from({ length: 100 }, () => ({ bytes: voice.ping, delayMs: 100 }))),
    client: { status: 504, code: 'upstream_timeout' },
    entry: { status: 'timeout', errorClass: 'total-timeout', tokens: 'estimated', flags: 'missing' },
  },
];

const cutOff: readonly Fault[] = [
  {
    name: '4: resets the connection in the middle',
    isStream: true,
    answer: (voice) => ({ ...streamed(half(voice)), ending: 'cut' }),
    client: { status: 200, text: TEXT, code: 'upstream_truncated' },
    entry: { status: 'truncated', errorClass: 'cut', tokens: 'estimated', hasOutput: true, flags: 'missing' },
  },
  {
    name: '4: resets the connection inside a whole reply',
    isStream: false,
    answer: (voice) => {
      const text = JSON.stringify(voice.whole(TEXT, voice.usage(100, 10)));
      const headers = { 'content-type': 'application/json', 'content-length': String(text.length) };
      return { headers, chunks: [text.slice(0, 60)], ending: 'cut' };
    },
    client: { status: 502, code: 'upstream_truncated' },
    entry: { status: 'truncated', errorClass: 'cut', tokens: 'estimated', hasOutput: true, flags: 'missing' },
  },
  {
    name: '5: ends well before it is finished',
    isStream: true,
    answer: (voice) => streamed(half(voice)),
    client: { status: 200, text: TEXT, code: 'upstream_truncated' },
    entry: {
      status: 'truncated',
      errorClass: /truncated/,
      tokens: 'estimated',
      hasOutput: true,
      flags: 'missing',
    },
  },
  {
    name: '5: ends before any content',
    isStream: true,
    answer: (voice) => streamed(voice.opening()),
    client: { status: 502, code: 'upstream_truncated' },
    entry: { status: 'truncated', errorClass: /truncated/, tokens: 'estimated', flags: 'missing' },
  },
  {
    name: '7: drips byte by byte',
    isStream: true,
    answer: (voice) => streamed(...[...wholeStream(voice)].map((bytes) => ({ bytes, delayMs: 0 }))),
    client: { status: 200, text: TEXT },
    entry: done,
  },
];

function wholeStream(voice: Spoken<string>, usage: UsageObject = voice.usage(100, 10)): string {
  return voice.opening() + voice.words(TEXT) + voice.closing(usage);
}

const garbled: readonly Fault[] = [
  {
    name: '6: breaks three frames',
    isStream: true,
    answer: (voice) => streamed(half(voice) + voice.broken.repeat(3) + voice.closing(voice.usage(100, 10))),
    client: { status: 200, text: TEXT },
    entry: done,
  },
  {
    name: '6: breaks more frames than can be passed over',
    isStream: true,
    only: 'translate',
    answer: (voice) => streamed(half(voice) + voice.broken.repeat(8) + voice.closing(voice.usage(100, 10))),
    client: { status: 200, text: TEXT, code: 'upstream_invalid' },
    entry: { status: 'upstream_error', tokens: 'estimated', hasOutput: true, flags: 'missing' },
  },
  {
    name: 'answers with a page of HTML',
    isStream: false,
    only: 'translate',
    answer: () => ({ headers: { 'content-type': 'text/html' }, chunks: ['<html>Welcome</html>'] }),
    client: { status: 502, code: 'upstream_invalid' },
    entry: { status: 'upstream_error', errorClass: 'invalid', tokens: 'estimated', flags: 'missing' },
  },
  {
    name: 'compresses although plain was asked for',
    isStream: false,
    answer: (voice) => {
      const answer = good(voice, false);
      return { ...answer, headers: { ...answer.headers, 'content-encoding': 'gzip' } };
    },
    client: { status: 502, code: 'upstream_invalid' },
    entry: { status: 'upstream_error', errorClass: 'protocol', tokens: 'estimated', flags: 'missing' },
  },
  {
    name: 'sends a head of 100 KB',
    isStream: false,
    answer: (voice) => ({ ...good(voice, false), headers: { 'x-long': 'x'.repeat(100_000) } }),
    client: { status: 502, code: 'upstream_invalid' },
    entry: { status: 'upstream_error', errorClass: 'protocol', tokens: 'estimated', flags: 'missing' },
  },
];

const miscounted: readonly Fault[] = [true, false].flatMap((isStream) => {
  const kind = isStream ? 'stream' : 'whole';
  const told = (
    name: string,
    usage: (voice: Spoken<string>) => UsageObject,
    entry: Fault['entry'],
  ): Fault => ({
    name: `${name} (${kind})`,
    isStream,
    answer: (voice) => good(voice, isStream, TEXT, usage(voice)),
    client: { status: 200, text: TEXT },
    entry,
  });
  const absurd = { ...guessed, flags: 'absurd' };
  return [
    {
      name: `9: reports no usage (${kind})`,
      isStream,
      answer: (voice) => (isStream ? streamed(half(voice) + voice.closing()) : json(voice.whole(TEXT))),
      client: { status: 200, text: TEXT },
      entry: { ...guessed, flags: 'missing' },
    },
    told('10: reports zero beside an answer', (voice) => voice.usage(0, 0), {
      ...guessed,
      flags: 'suspect_zero',
    }),
    told('11: reports a negative number', (voice) => voice.usage(100, -5), absurd),
    told('11: reports text', (voice) => textUsage(voice.usage(100, 10)), absurd),
    told('11: reports more than there is', (voice) => voice.usage(1e18, 10), absurd),
    told('12: reports more than was held', (voice) => voice.usage(90_000, 16_000), {
      status: 'ok',
      tokens: [90_000, 16_000],
    }),
  ] satisfies Fault[];
});

function textUsage(usage: UsageObject): UsageObject {
  return Object.fromEntries(Object.entries(usage).map(([name, value]) => [name, String(value)]));
}

const counted: readonly Fault[] = [
  {
    name: '13: reports its usage so far again and again',
    isStream: true,
    answer: (voice) =>
      streamed(
        voice.opening() +
          voice.report(voice.usage(100, 3)) +
          voice.words(TEXT) +
          voice.report(voice.usage(100, 7)) +
          voice.closing(voice.usage(100, 10)),
      ),
    client: { status: 200, text: TEXT },
    entry: done,
  },
  {
    name: '10: reports zero output with nothing to show',
    isStream: true,
    answer: (voice) => streamed(voice.opening() + voice.closing(voice.usage(100, 0))),
    client: { status: 200, text: '' },
    entry: { status: 'ok', tokens: [100, 0] },
  },
  {
    name: 'answers whole where a stream was asked for',
    isStream: true,
    answer: (voice) => good(voice, false, TEXT),
    client: { status: 200, text: TEXT },
    entry: done,
  },
];

const refused: readonly Fault[] = [
  ...[400, 413, 422, 500, 503].map(
    (status): Fault => ({
      name: `15: answers ${status}`,
      isStream: status % 2 === 0,
      answer: (voice) => json(voice.error('invalid_request_error', 'It is not to my taste.'), status),
      client: { status, isError: true },
      entry: { ...nothing, errorClass: `status_${status}` },
    }),
  ),
  {
    name: '17: answers 429 and when to come again',
    isStream: false,
    answer: (voice) => {
      const answer = json(voice.error('rate_limit_error', 'Slowly!'), 429);
      return { ...answer, headers: { ...answer.headers, 'retry-after': '7' } };
    },
    client: { status: 429, isError: true, retryAfter: '7' },
    entry: { ...nothing, errorClass: 'status_429' },
  },
  {
    name: '17: answers 429 and nothing more',
    isStream: true,
    answer: (voice) => json(voice.error('rate_limit_error', 'Slowly!'), 429),
    client: { status: 429, isError: true, retryAfter: '10' },
    entry: { ...nothing, errorClass: 'status_429' },
  },
  {
    name: '19: begins with 200 and an error event',
    isStream: true,
    answer: (voice) => streamed(errorEvent(voice, 'overloaded_error', 'Too busy.')),
    client: { status: 'failure', isError: true },
    entry: { ...nothing, errorClass: 'error_event' },
  },
  {
    name: '19: ends with an error event',
    isStream: true,
    answer: (voice) => streamed(half(voice) + errorEvent(voice, 'overloaded_error', 'Too busy.')),
    client: { status: 200, text: TEXT, isError: true },
    entry: {
      status: 'upstream_error',
      errorClass: 'error_event',
      tokens: 'estimated',
      hasOutput: true,
      flags: 'missing',
    },
  },
  {
    name: '19: says an error in the middle and then nothing',
    isStream: true,
    answer: (voice) => ({
      ...streamed(half(voice) + errorEvent(voice, 'overloaded_error', 'Too busy.')),
      ending: 'silence',
    }),
    client: { status: 200, text: TEXT, isError: true },
    entry: {
      status: 'upstream_error',
      errorClass: 'error_event',
      tokens: 'estimated',
      hasOutput: true,
      flags: 'missing',
    },
  },
  {
    name: 'redirects',
    isStream: false,
    answer: () => ({ status: 302, headers: { location: 'http://127.0.0.1:1/v1' } }),
    client: { status: 502, isError: true },
    entry: { ...nothing, errorClass: 'status_302' },
  },
];

export const faults: readonly Fault[] = [
  ...silent,
  ...cutOff,
  ...garbled,
  ...miscounted,
  ...counted,
  ...refused,
];
