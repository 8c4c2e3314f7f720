/**
 * What the model behind the fake upstream says, and how each vendor's wire spells it. Written out by hand from the
 * vendors' documents and recordings, so that our own renderers are not the judges of themselves.
 */
import type { FormatId, StopKind } from '../../../src/wire/chat.ts';

export interface SaidCall {
  readonly id: string;
  readonly name: string;
  readonly input: Readonly<Record<string, unknown>>;
}

/** Token counts; `input` excludes what came from or went into a cache, `output` includes reasoning. */
export interface Counts {
  readonly input: number;
  readonly cacheRead?: number;
  readonly cacheWrite?: number;
  readonly output: number;
  readonly reasoning?: number;
}

export type CountClass = keyof Counts;

export interface Said {
  readonly thinking?: string;
  /** Opaque state of the thinking, where the vendor has some; without a text, the thinking is hidden. */
  readonly signature?: string;
  readonly text?: string;
  readonly refusal?: string;
  readonly calls?: readonly SaidCall[];
  readonly stop: StopKind;
  readonly usage: Counts;
}

/** The pieces of a streamed reply, each a whole frame or more. */
export interface Spoken {
  readonly opening: readonly string[];
  readonly content: readonly string[];
  readonly closing: readonly string[];
}

export interface Voice {
  readonly format: FormatId;
  /** Where answers are asked for, from the root of the server. */
  readonly path: string;
  readonly streamType: string;
  /** Classes of tokens this vendor reports. */
  readonly counts: readonly CountClass[];
  /** Kinds of stop this vendor has a word for. */
  readonly stops: readonly StopKind[];
  /** Whether a thought comes with state that its vendor wants back. */
  readonly signs: 'thought' | 'call' | 'nothing';
  readonly hasThinking: boolean;
  whole(said: Said): object;
  stream(said: Said): Spoken;
  /** Answer to the question how many tokens a request has, where the vendor has it. */
  tokenCount?(tokens: number): object;
  error(status: number, message: string): object;
  /** In the middle of a stream. */
  streamError(message: string): string;
}

/** Pieces as a model streams them: cut inside words, and between the halves of no character. */
export function cut(text: string, pieces = 3): string[] {
  const letters = [...text];
  const size = Math.max(1, Math.ceil(letters.length / pieces));
  const cuts: string[] = [];
  for (let at = 0; at < letters.length; at += size) cuts.push(letters.slice(at, at + size).join(''));
  return cuts;
}

export const data = (value: object): string => `data: ${JSON.stringify(value)}\n\n`;

export const event = (value: { readonly type: string; readonly [field: string]: unknown }): string =>
  `event: ${value.type}\n${data(value)}`;

/** All input tokens, whatever the vendor calls them. */
export function inputTotal({ input, cacheRead = 0, cacheWrite = 0 }: Counts): number {
  return input + cacheRead + cacheWrite;
}

/** Only the classes this vendor reports; the rest it counts as plain input, or not at all. */
export function reported(voice: Pick<Voice, 'counts'>, usage: Counts): Counts {
  const has = (name: CountClass) => voice.counts.includes(name);
  return {
    input:
      usage.input +
      (has('cacheRead') ? 0 : (usage.cacheRead ?? 0)) +
      (has('cacheWrite') ? 0 : (usage.cacheWrite ?? 0)),
    output: usage.output,
    ...(has('cacheRead') && usage.cacheRead !== undefined && { cacheRead: usage.cacheRead }),
    ...(has('cacheWrite') && usage.cacheWrite !== undefined && { cacheWrite: usage.cacheWrite }),
    ...(has('reasoning') && usage.reasoning !== undefined && { reasoning: usage.reasoning }),
  };
}
