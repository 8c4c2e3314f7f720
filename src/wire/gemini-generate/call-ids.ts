/**
 * Ids of function calls. Gemini gives none (its older models) or optional ones; the chat needs one for each call, and
 * its result under the same. Where the wire has none they are made, and marked so that they are not written back.
 */
import type { Extra, JsonObject } from '../chat.ts';
import { unsealId } from '../seal.ts';
import { FORMAT, ownSpelling } from './fields.ts';

/** As a spelling: the wire had no id. */
const NO_ID: JsonObject = { id: null };

export interface CallIds {
  /** The id of the next call. */
  readonly call: (id: string | undefined, name: string) => { id: string; spelling: JsonObject };
  /** The id of the call that a result answers: its own, or that of the first open call of its name. */
  readonly result: (id: string | undefined, name: string) => { id: string; spelling: JsonObject };
}

/** @param prefix of ids that have to be made; they are unique as far as it is. */
export function createCallIds(prefix: string): CallIds {
  const open: { readonly id: string; readonly name: string }[] = [];
  let count = 0;
  const make = (): string => {
    count += 1;
    return `${prefix}_${count}`;
  };
  return {
    call: (given, name) => {
      const id = given === undefined ? make() : unsealId(given).id;
      open.push({ id, name });
      return { id, spelling: given === undefined ? NO_ID : {} };
    },
    result: (given, name) => {
      const wanted = given === undefined ? undefined : unsealId(given).id;
      const at = open.findIndex((call) => (wanted === undefined ? call.name === name : call.id === wanted));
      const call = at === -1 ? undefined : open.splice(at, 1)[0];
      const id = wanted ?? call?.id ?? make();
      return { id, spelling: given === undefined ? NO_ID : {} };
    },
  };
}

/** Whether the wire this part came from had no id for it. */
export function isIdMade(extra: Extra | undefined): boolean {
  return extra?.format === FORMAT && ownSpelling(extra).id === null;
}
