/** FNV-1a, 32 bit, as eight hex digits: spreads names that had to be cut, keeps no secret. */
export const HASH_CHARS = 8;

export function hashText(text: string, seed = 0x811c9dc5): string {
  let hash = seed;
  for (const byte of Buffer.from(text)) hash = Math.imul(hash ^ byte, 0x01000193);
  return (hash >>> 0).toString(16).padStart(HASH_CHARS, '0');
}
