/** Sees where a JSON object that comes in pieces ends, without keeping the pieces. */

export interface JsonEnd {
  depth: number;
  isInString: boolean;
  isEscaped: boolean;
  /** The outermost bracket was closed. */
  isWhole: boolean;
}

export function createJsonEnd(): JsonEnd {
  return { depth: 0, isInString: false, isEscaped: false, isWhole: false };
}

/** Reads on. What comes after the end does not change it. */
export function feedJsonEnd(state: JsonEnd, text: string): void {
  for (let index = 0; index < text.length && !state.isWhole; index += 1) {
    if (state.isInString) readInString(state, text.charCodeAt(index));
    else readOutside(state, text.charCodeAt(index));
  }
}

const QUOTE = 34;
const BACKSLASH = 92;
const OPENING = new Set([91, 123]);
const CLOSING = new Set([93, 125]);

function readInString(state: JsonEnd, code: number): void {
  if (state.isEscaped) state.isEscaped = false;
  else if (code === BACKSLASH) state.isEscaped = true;
  else if (code === QUOTE) state.isInString = false;
}

function readOutside(state: JsonEnd, code: number): void {
  if (code === QUOTE) state.isInString = true;
  else if (OPENING.has(code)) state.depth += 1;
  else if (CLOSING.has(code)) {
    state.depth -= 1;
    state.isWhole = state.depth <= 0;
  }
}
