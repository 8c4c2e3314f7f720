/** A secret that cannot be printed by accident: JSON, template strings and inspect show a mask. */
import { inspect } from 'node:util';

export class Secret {
  readonly #value: string;
  constructor(value: string) {
    this.#value = value;
  }
  /** The one way to the text. Grep for it to see every place a secret leaves its shell. */
  reveal(): string {
    return this.#value;
  }
  /** First 7 and last 4 characters; all masked where that would show more than a third. */
  masked(): string {
    return maskSecret(this.#value);
  }
  toString(): string {
    return '[secret]';
  }
  toJSON(): string {
    return '[secret]';
  }
  [inspect.custom](): string {
    return '[secret]';
  }
}

export function maskSecret(value: string): string {
  return value.length < 33 ? '\u2022\u2022\u2022\u2022' : `${value.slice(0, 7)}\u2026${value.slice(-4)}`;
}
