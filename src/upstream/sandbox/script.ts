/** What an upstream will do with one request, decided before the first byte: played by player.ts. */

/** A request as it reached the simulated upstream. */
export interface SandboxRequest {
  readonly method: string;
  /** With query. */
  readonly path: string;
  /** Lower-case names. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Buffer;
}

/** Pieces of a body in order, made when they are due; undefined when there is none left. */
export type NextPiece = () => Uint8Array | string | undefined;

/** How a response stops once its pieces are gone: as it should, by a reset, or not at all. */
export type Ending = 'end' | 'cut' | 'silence';

export interface Answer {
  readonly type: 'answer';
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  /** Request -> head. Infinity = never. */
  readonly headAfterMs: number;
  /** Wait before the piece of this number (from 0, counted from the piece before it, the first from the head). */
  delayMs(index: number): number;
  readonly next: NextPiece;
  readonly ending: Ending;
}

/** No connection comes to be. */
export interface Refused {
  readonly type: 'refused';
}

export type Script = Answer | Refused;

const NO_DELAY = (): number => 0;

/** A whole body at once, with its length in the head. */
export function wholeAnswer(
  status: number,
  headers: Readonly<Record<string, string>>,
  body: Uint8Array | string,
  headAfterMs = 0,
): Answer {
  const bytes = typeof body === 'string' ? Buffer.from(body) : body;
  return {
    type: 'answer',
    status,
    headers: { ...headers, 'content-length': String(bytes.byteLength) },
    headAfterMs,
    delayMs: NO_DELAY,
    next: piecesOf([bytes]),
    ending: 'end',
  };
}

/** Pieces that are there already. */
export function piecesOf(pieces: readonly (Uint8Array | string)[]): NextPiece {
  let index = 0;
  return () => pieces[index++];
}
