/** JSON as people write it by hand: with comments, and commas before a closing bracket. */

/** @throws {Error} whose message shows nothing of the text */
export function readLooseJson(text: string): unknown {
  try {
    return JSON.parse(withoutComments(text.replace(/^\uFEFF/, '')));
  } catch {
    throw new Error('it is not JSON');
  }
}

/** Texts in double quotes stay as they are. */
const PIECE =
  /"(?:[^"\\]|\\.)*"|\/\/[^\n]*|\/\*[\s\S]*?\*\/|,(?=\s*(?:(?:\/\/[^\n]*|\/\*[\s\S]*?\*\/)\s*)*[}\]])/g;

function withoutComments(text: string): string {
  return text.replace(PIECE, (piece) => (piece.startsWith('"') ? piece : ' '));
}
