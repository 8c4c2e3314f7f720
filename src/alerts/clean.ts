/** Texts of others as they may stand in a message. */

/** Names and subjects are cut to this: whoever wants more looks them up. */
const MAX_NAME_LENGTH = 120;

/** What operators and clients wrote, without characters that steer a terminal, a mail or the order of text. */
export function clean(text: string): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for.
  const plain = text.replace(/[\u0000-\u001f\u007f-\u009f\u200e\u200f\u2028-\u202e\u2066-\u2069]+/g, ' ');
  const whole = plain.toWellFormed();
  return whole.length > MAX_NAME_LENGTH
    ? `${whole.slice(0, MAX_NAME_LENGTH - 1).replace(/[\ud800-\udbff]$/, '')}…`
    : whole;
}
