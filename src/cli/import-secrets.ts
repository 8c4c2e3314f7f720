/** Secrets of other gateways' files: never carried over, but named by a variable that is to be set. */
import type { Draft } from './import-draft.ts';

export interface SecretNames {
  /**
   * `${NAME}` for a secret; undefined = there is none, or only a word that stands for none.
   * @param wanted name of the variable where the file has none
   */
  keyOf(value: unknown, wanted: string, place: string): string | undefined;
}

/** `os.environ/NAME` of LiteLLM; `$NAME` and `${NAME}` of the router of Claude Code. */
const REFERENCE = /^(?:os\.environ\/|\$)\{?([A-Za-z_][A-Za-z0-9_]*)\}?$/;
/** What people write where a key must stand and none is looked at. */
const PLACEHOLDER =
  /^(|none|null|dummy|fake|empty|ollama|lm-studio|anything|x+|n\/?a|not-?needed|no-?key|no-?key-?required|sk-1234)$/i;

export function createSecretNames(draft: Draft): SecretNames {
  const names = new Map<string, string>();
  const isTaken = (name: string) => [...names.values()].includes(name);
  return {
    keyOf(value, wanted, place) {
      if (typeof value !== 'string' && typeof value !== 'number') return undefined;
      const text = String(value).trim();
      const named = variableIn(text);
      if (named !== undefined) return draft.variable(named, `named by ${place}`);
      if (PLACEHOLDER.test(text)) {
        draft.note(`${place} holds a word in the place of a key; it is left out.`);
        return undefined;
      }
      const known = names.get(text);
      if (known !== undefined) return draft.variable(known, '');
      let name = wanted;
      for (let number = 2; isTaken(name); number += 1) name = `${wanted}_${number}`;
      names.set(text, name);
      return draft.variable(name, `its value stands in ${place} of the old file`);
    },
  };
}

/** undefined = it names none. */
export function variableIn(text: string): string | undefined {
  return REFERENCE.exec(text)?.[1];
}

/** A text that is no secret: with the variable that it names, where it names one. */
export function plainText(draft: Draft, value: unknown, place: string): string | undefined {
  if (typeof value !== 'string' && typeof value !== 'number') return undefined;
  const text = String(value).trim();
  const named = variableIn(text);
  if (named !== undefined) return draft.variable(named, `named by ${place}`);
  return text === '' ? undefined : text;
}

/** As a variable is called. */
export function variableName(...words: readonly string[]): string {
  const text = words
    .join('_')
    .replace(/[^A-Za-z0-9]+/g, '_')
    .replace(/^_+|_+$/g, '')
    .toUpperCase();
  return /^[0-9]/.test(text) ? `KEY_${text}` : text;
}

/** Whether the header of this name carries a secret. */
export function isSecretHeader(name: string): boolean {
  return /(^|-)(auth|authorization|cookie|credential|key|password|secret|token)($|-)/i.test(name);
}

/** As vendors begin their keys, or as long and mixed as only drawn texts are: in a place where secrets need not stand. */
export function isSecretText(value: unknown): boolean {
  if (typeof value !== 'string') return false;
  const words = value.trim().split(/\s+/);
  return words.some(
    (word) =>
      /^(sk[-_]|rk_|AIza|AQ\.|gsk_|xai-|hf_|pplx-|nvapi-|eyJ|AKIA|ABSK|ghp_|glpat-|xox[bp]-)/.test(word) ||
      (word.length >= 24 && /[a-z]/.test(word) && /[A-Z]/.test(word) && /\d/.test(word)),
  );
}

/** Where requests go: without user, password, query and slash at its end, and what was cut off is said. */
export function cleanUrl(
  draft: Draft,
  value: unknown,
  place: string,
  ends: readonly RegExp[],
): string | undefined {
  const text = plainText(draft, value, place);
  if (text === undefined || /^\$\{\w+\}/.test(text)) return text;
  if (!URL.canParse(text)) {
    draft.leave(place, 'it is no URL');
    return undefined;
  }
  const url = new URL(text);
  if (url.username || url.password || url.search || url.hash)
    draft.leave(place, 'what stands before its @ or after its ? is left out; use a key or a header');
  let path = url.pathname.replace(/\/+$/, '');
  for (const end of ends) path = path.replace(end, '');
  return `${url.origin}${path}`;
}
