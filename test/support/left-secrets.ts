/** Looks through what a Turnpike under test leaves behind, as a thief would with `strings`: no key may be in it. */
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { judgeToken } from '../../src/registry/token.ts';

/** Where secrets are meant to be: what tests wrote as configuration, the CLI's own file, and the vault's master key. */
const MEANT = /\.(ya?ml|json|md|env|key|txt|pem)$/;
/** More than any test's database has. */
const MAX_BYTES = 64 * 1024 * 1024;

const PATTERNS: readonly {
  readonly name: string;
  readonly pattern: RegExp;
  isSecret?(text: string): boolean;
}[] = [
  {
    name: 'a virtual key',
    pattern: /tp-[0-9A-Za-z]{49}/g,
    isSecret: (text) => judgeToken(text) === 'whole',
  },
  { name: 'the bootstrap key', pattern: /tp-test-bootstrap-key-[0-9]+/g },
  { name: 'an operator token', pattern: /tpo-[A-Za-z0-9_-]{43}/g },
  {
    name: 'a provider key',
    pattern: /\b(?:sk-[A-Za-z0-9_-]{16,}|gsk_[A-Za-z0-9]{16,}|AIza[A-Za-z0-9_-]{30,})/g,
  },
  { name: 'a private key', pattern: /-----BEGIN (?:[A-Z]+ )?PRIVATE KEY-----/g },
  { name: 'a password', pattern: /correct horse[ -]battery/gi },
];

/** Each with where it was found; the secret itself is not repeated whole. */
export function secretsInText(text: string, where: string): string[] {
  return PATTERNS.flatMap(({ name, pattern, isSecret }) =>
    [...new Set(text.match(pattern) ?? [])]
      .filter((found) => isSecret?.(found) ?? true)
      .map((found) => `${name} (${found.slice(0, 10)}…) in ${where}`),
  );
}

/** Of every file below the folder in which no secret is meant to be. */
export function secretsBelow(folder: string): string[] {
  if (!existsSync(folder)) return [];
  return readdirSync(folder, { recursive: true, encoding: 'utf8' }).flatMap((name) => {
    const path = join(folder, name);
    const facts = statSync(path, { throwIfNoEntry: false });
    if (!facts?.isFile() || MEANT.test(name) || facts.size > MAX_BYTES) return [];
    return secretsInText(readFileSync(path, 'latin1'), name);
  });
}
