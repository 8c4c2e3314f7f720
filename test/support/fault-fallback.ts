/** What the first of two deployments does wrong, and whether the second may answer in its place. */
import type { CannedAnswer } from '../fake-upstream.ts';
import type { Wellness, Where } from './fault-matrix.ts';
import { jsonOf, streamOf, type Voice } from './spoken-formats.ts';

export interface Trouble {
  /** Row of the fault matrix, and what happens. */
  readonly name: string;
  /** Absent = both. */
  readonly isStream?: boolean;
  /** Where one lane differs. */
  readonly only?: 'relay' | 'translate';
  /** Where the first is; absent = it answers as said. */
  readonly where?: Where;
  answer(voice: Voice, isStream: boolean): CannedAnswer;
  /** How often the first is asked; absent = once. */
  readonly asked?: number;
  /** What its entry says. */
  readonly entry: {
    readonly status: string;
    readonly errorClass: string | RegExp;
    /** `free` = nothing is charged; `input` = the input as estimated, and no output. */
    readonly charge: 'free' | 'input';
  };
  readonly health: Wellness;
}

const gone = {
  answer: () => ({}),
  entry: { status: 'not_sent', errorClass: 'connect', charge: 'free' },
  health: 'down',
} as const;
const hung = (kind: string) => ({ status: 'timeout', errorClass: kind, charge: 'input' }) as const;
const refused = (status: number) =>
  ({ status: 'upstream_error', errorClass: `status_${status}`, charge: 'free' }) as const;
const never = Number.POSITIVE_INFINITY;

const silent: readonly Trouble[] = [
  { name: '1: the connection is refused', where: 'refused', ...gone },
  { name: '1: the name leads nowhere', where: 'nameless', ...gone },
  { name: '1: there is no TLS', where: 'untrusted', ...gone },
  {
    name: '2: it hangs before the head',
    answer: () => ({ headAfterMs: never }),
    entry: hung('first-byte-timeout'),
    health: 'down',
  },
  {
    name: '3: it falls silent after the head',
    isStream: true,
    answer: (voice) => ({ ...streamOf(voice), ending: 'silence' }),
    entry: hung('first-byte-timeout'),
    health: 'down',
  },
  {
    name: '3: it falls silent before the first content',
    isStream: true,
    answer: (voice) => ({ ...streamOf(voice, voice.opening()), ending: 'silence' }),
    entry: hung('idle-timeout'),
    health: 'down',
  },
];

const broken: readonly Trouble[] = [
  {
    name: '4: it is cut before the first content',
    isStream: true,
    answer: (voice) => ({ ...streamOf(voice, voice.opening()), ending: 'cut' }),
    entry: { status: 'truncated', errorClass: 'cut', charge: 'input' },
    health: 'down',
  },
  {
    name: '5: it ends before the first content',
    isStream: true,
    answer: (voice) => streamOf(voice, voice.opening()),
    entry: { status: 'truncated', errorClass: /truncated/, charge: 'input' },
    health: 'down',
  },
  {
    name: '6: its first frames cannot be read',
    isStream: true,
    only: 'translate',
    answer: (voice) => ({ ...streamOf(voice, voice.opening() + voice.broken.repeat(4)), ending: 'silence' }),
    entry: { status: 'upstream_error', errorClass: 'invalid', charge: 'input' },
    health: 'down',
  },
  {
    name: '6: nothing in it can be read',
    isStream: true,
    answer: (voice) => streamOf(voice, voice.broken.repeat(3)),
    entry: { status: 'truncated', errorClass: /truncated/, charge: 'input' },
    health: 'down',
  },
  {
    name: '7: it drips half an event and never a word',
    isStream: true,
    answer: (voice) => streamOf(voice, voice.opening(), ...drip(voice.words('slow').slice(0, -2), 120)),
    entry: hung('content-timeout'),
    health: 'down',
  },
  {
    name: '8: it pings and says nothing',
    isStream: true,
    answer: (voice) => streamOf(voice, voice.opening(), ...repeated(voice.ping, 120)),
    entry: hung('content-timeout'),
    health: 'down',
  },
];

/** Byte by byte, as long as the text is. */
function drip(text: string, delayMs: number): { bytes: string; delayMs: number }[] {
  return [...text].map((bytes) => ({ bytes, delayMs }));
}

function repeated(bytes: string, delayMs: number): { bytes: string; delayMs: number }[] {
  return Array.from({ length: 100 }, () => ({ bytes, delayMs }));
}

const noes: readonly Trouble[] = [
  ...[500, 502, 503, 504, 529].map(
    (status): Trouble => ({
      name: `18: it answers ${status}`,
      answer: (voice) => jsonOf(voice.error('overloaded_error', 'Too busy.'), status),
      entry: refused(status),
      health: 'down',
    }),
  ),
  {
    name: '17: it answers 429 with a wait',
    answer: (voice) => jsonOf(voice.error('rate_limit_error', 'Slowly!'), 429, { 'retry-after': '7' }),
    entry: refused(429),
    health: 'limited',
  },
  {
    name: '17: it answers 429 and names no wait',
    answer: (voice) => jsonOf(voice.error('rate_limit_error', 'Slowly!'), 429),
    entry: refused(429),
    health: 'limited',
  },
  {
    name: '19: its stream begins with an error',
    isStream: true,
    answer: (voice) => streamOf(voice, voice.errorEvent('overloaded_error', 'Too busy.')),
    entry: { status: 'upstream_error', errorClass: 'error_event', charge: 'free' },
    health: 'down',
  },
  {
    name: '19: its stream opens and says an error',
    isStream: true,
    answer: (voice) =>
      streamOf(voice, voice.opening() + voice.ping, voice.errorEvent('overloaded_error', 'Too busy.')),
    entry: { status: 'upstream_error', errorClass: 'error_event', charge: 'free' },
    health: 'down',
  },
  {
    name: '19: it answers 200, and an error in place of a reply',
    answer: (voice) => jsonOf(voice.error('overloaded_error', 'Too busy.')),
    entry: { status: 'upstream_error', errorClass: 'error_body', charge: 'free' },
    health: 'down',
  },
  {
    name: '20: the request is too long for it',
    answer: (voice) => jsonOf(voice.tooLong.body, voice.tooLong.status),
    entry: refused(400),
    health: 'well',
  },
  ...[404, 408, 409].map(
    (status): Trouble => ({
      name: `it answers ${status}`,
      answer: (voice) => jsonOf(voice.error('invalid_request_error', 'Not now.'), status),
      asked: status === 404 ? 1 : 2,
      entry: refused(status),
      health: 'well',
    }),
  ),
];

export const troubles: readonly Trouble[] = [...silent, ...broken, ...noes];
