/** Passwords: which are taken, and how they are kept. */
import { COMMON_PASSWORDS } from './common-passwords.ts';

export const MIN_PASSWORD_LENGTH = 12;
/** A sentence fits; more is work for the hash and nothing else. */
export const MAX_PASSWORD_LENGTH = 256;

/** Argon2id as OWASP has it: 19 MiB, twice over them; some 70 ms on a small machine. */
const COST = { memoryCost: 19_456, timeCost: 2, parallelism: 1 } as const;
/** Argon2id, by its number: the package's constant has no value at run time. */
const ARGON2ID = 2;

/** Each takes 19 MiB and one of the four threads that files and names are looked up with, too. */
const MAX_AT_ONCE = 2;
/** Some 2 s of waiting; more come from nobody who is to be let in. */
const MAX_WAITING = 50;

export interface Passwords {
  /** @throws {TooManyPasswords} */
  hash(password: string): Promise<string>;
  /** @throws {TooManyPasswords} */
  verify(hash: string, password: string): Promise<boolean>;
}

/** More people at once than this machine can tell apart. */
export class TooManyPasswords extends Error {
  override readonly name = 'TooManyPasswords';
}

/** What is wrong with it, for who chose it; undefined = nothing. */
export function passwordProblem(password: string, about: readonly string[]): string | undefined {
  // Characters, not halves of them.
  const length = [...password].length;
  if (length < MIN_PASSWORD_LENGTH) return `a password has at least ${MIN_PASSWORD_LENGTH} characters`;
  if (password.length > MAX_PASSWORD_LENGTH)
    return `a password has at most ${MAX_PASSWORD_LENGTH} characters`;
  const plain = password.toLowerCase();
  if (COMMON_PASSWORDS.has(plain)) return 'this password is one of the commonest';
  if (new Set(plain).size < 4) return 'this password repeats too few characters';
  if (about.some((word) => word.toLowerCase() === plain)) return 'a password is not the name or the address';
  return undefined;
}

/** The package is loaded when the first is asked for: nobody who brings a key needs it. */
export function createPasswords(): Passwords {
  const inTurn = createTurns();
  return {
    hash: (password) =>
      inTurn(async () => (await import('@node-rs/argon2')).hash(password, { ...COST, algorithm: ARGON2ID })),
    verify: (hash, password) =>
      inTurn(async () => {
        const { verify } = await import('@node-rs/argon2');
        // What is no hash is nobody's password; that is not told apart from a wrong one.
        return verify(hash, password).catch(() => false);
      }),
  };
}

/** Lets so many work at once, and so many wait for them. */
function createTurns(): <T>(work: () => Promise<T>) => Promise<T> {
  let working = 0;
  const waiting: (() => void)[] = [];
  return async (work) => {
    if (working >= MAX_AT_ONCE) {
      if (waiting.length >= MAX_WAITING) throw new TooManyPasswords('too many passwords at once');
      await new Promise<void>((resolve) => waiting.push(resolve));
    } else working += 1;
    try {
      return await work();
    } finally {
      // The place goes from hand to hand: nobody who comes just now takes it.
      const next = waiting.shift();
      if (next) next();
      else working -= 1;
    }
  };
}
