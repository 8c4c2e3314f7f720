/** Reads the text of a custom tool out of the arguments it stands in, while they come in pieces. */

export interface InputReader {
  /** The text these characters add. */
  push(text: string): string;
}

const HEAD = /^\s*\{\s*"input"\s*:\s*"/;
/** Arguments that begin otherwise within so many characters have no such field: their text is known at the end. */
const MAX_HEAD_CHARS = 64;
/** Whole characters of a JSON string: no quote that ends it, no half of an escape, nothing below the blank. */
const WHOLE = /^(?:[ !#-[\]-\uffff]|\\u[0-9a-fA-F]{4}|\\["\\/bfnrt])*/;

/** An escape whose end is still to come; anything else that is left ends the text, or is no JSON. */
const HALF = /^\\(?:u[0-9a-fA-F]{0,3})?$/;

export function createInputReader(): InputReader {
  const state = { isInside: false, isOver: false, rest: '' };
  return {
    push: (text) => {
      if (state.isOver) return '';
      state.rest += text;
      if (!state.isInside) {
        const head = HEAD.exec(state.rest)?.[0];
        state.isOver = head === undefined && state.rest.length > MAX_HEAD_CHARS;
        if (head === undefined) return '';
        state.isInside = true;
        state.rest = state.rest.slice(head.length);
      }
      const whole = WHOLE.exec(state.rest)![0];
      state.rest = state.rest.slice(whole.length);
      state.isOver = state.rest !== '' && !HALF.test(state.rest);
      return JSON.parse(`"${whole}"`) as string;
    },
  };
}
