/** Which top-level fields of a chat's body the first walk notes beside those that every chat has: for whom they are looked for. */
import { factFields } from '../wire/body-facts.ts';
import type { FormatId } from '../wire/chat.ts';
import type { Exchange } from './exchange.ts';
import { promptFields } from './find-prompt.ts';
import { needFields } from './request-needs.ts';
import type { Snapshot } from './snapshot.ts';
import { mayBeLimited } from './spend.ts';

/** By snapshot, then by format and whether spend is limited: the same list for all requests of a kind. */
const lists = new WeakMap<Snapshot, Map<string, readonly string[] | undefined>>();

/** undefined = none. */
export function notedFields(exchange: Exchange): readonly string[] | undefined {
  const { snapshot, format } = exchange;
  const isLimited = mayBeLimited(exchange);
  const name = isLimited ? `${format.id} limited` : format.id;
  let known = lists.get(snapshot);
  if (!known) {
    known = new Map();
    lists.set(snapshot, known);
  }
  if (!known.has(name)) known.set(name, listFor(snapshot, format.id, isLimited));
  return known.get(name);
}

function listFor(snapshot: Snapshot, format: FormatId, isLimited: boolean): readonly string[] | undefined {
  const { routing, prompts } = snapshot;
  const hasChoice = routing.routes.size > 0 || routing.fallback.isEnabled;
  const names = new Set([
    ...(isLimited ? factFields(format) : []),
    ...(hasChoice ? needFields(format) : []),
    ...(prompts.isEmpty ? [] : promptFields(format)),
  ]);
  return names.size === 0 ? undefined : [...names];
}
