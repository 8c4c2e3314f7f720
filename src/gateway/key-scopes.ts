/** What a key may be used for, and from where: clear refusals, which the client's format spells. */
import { compileRanges, type RangeMatcher } from '../base/ip-range.ts';
import { type Refusal, refuse } from '../base/refusal.ts';
import type { KeyRecord } from '../registry/keys.ts';
import { embeddingShapes } from '../wire/embeddings/index.ts';
import { formats } from '../wire/formats.ts';
import { relayOnlyCalls } from './relay-only-calls.ts';

type Scoped = Pick<KeyRecord, 'allowedFormats' | 'allowedRanges'>;

/** Calls by the names the ledger gives them. */
export const callNames: readonly string[] = [
  ...new Set([
    ...Object.keys(formats),
    ...Object.keys(embeddingShapes),
    ...relayOnlyCalls.map(({ name }) => name),
  ]),
];

/** Names that stand for several calls. */
export const callGroups: Readonly<Record<string, readonly string[]>> = {
  chat: Object.keys(formats),
  embeddings: Object.keys(embeddingShapes),
};

/** undefined = it may. */
export function mayCall({ allowedFormats }: Scoped, callName: string | undefined): Refusal | undefined {
  if (!allowedFormats || callName === undefined || allowedFormats.includes(callName)) return undefined;
  if (allowedFormats.some((name) => groupsOf(name).includes(callName))) return undefined;
  return refuse('format_not_allowed', `this key may not be used for ${callName}`);
}

function groupsOf(name: string): readonly string[] {
  return Object.hasOwn(callGroups, name) ? callGroups[name]! : [];
}

/** undefined = it may. Where nobody knows the address, a key that is bound to some lets nobody in. */
export function mayComeFrom(key: Scoped, address: () => string | undefined): Refusal | undefined {
  if (!key.allowedRanges || rangesOf(key, key.allowedRanges)(address())) return undefined;
  return refuse('address_not_allowed', 'this key may not be used from this address');
}

/** The same for as long as the key is the same. */
const matchers = new WeakMap<Scoped, RangeMatcher>();

function rangesOf(key: Scoped, ranges: readonly string[]): RangeMatcher {
  let matcher = matchers.get(key);
  if (!matcher) {
    matcher = compileRanges(ranges);
    matchers.set(key, matcher);
  }
  return matcher;
}
