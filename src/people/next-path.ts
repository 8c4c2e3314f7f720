/** Where a browser may be sent after signing in: a path of this installation, and nowhere else. */

/** Of a page nobody asked for. */
export const HOME_PATH = '/console/sign-in';

/** Longer ones are no page of ours. */
const MAX_LENGTH = 1000;
const OURS = 'https://turnpike.invalid';

/** `asked` where it stays here, else `HOME_PATH`. */
export function safeNext(asked: string | undefined): string {
  if (asked === undefined || asked.length > MAX_LENGTH) return HOME_PATH;
  // Browsers take `\` for `/`, and skip what cannot be printed: such a path is made to look like another.
  if (!/^\/(?![/\\])[\x21-\x5b\x5d-\x7e]*$/.test(asked)) return HOME_PATH;
  try {
    const url = new URL(asked, OURS);
    // `/..//evil.example` is a path to us and a host to who resolves it once more.
    const path = `${url.pathname}${url.search}${url.hash}`;
    return url.origin === OURS && !path.startsWith('//') ? path : HOME_PATH;
  } catch {
    return HOME_PATH;
  }
}
