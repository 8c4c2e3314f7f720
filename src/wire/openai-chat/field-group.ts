/**
 * Top-level request fields as a table: each group reads its fields into the chat and writes them back.
 *
 * Exactness needs no care in the groups. What a group would write otherwise than it was read (null, a legacy
 * name, a bare string for a list of one) is kept as spelling; and it is used again as long as reading it
 * still gives what the chat says, so an edited chat is never overruled by an old spelling.
 */
import type { ChatRequest, JsonObject } from '../chat.ts';
import { isSameJson, pick } from '../json.ts';
import type { ModelTraits } from './models.ts';

export interface FieldRead {
  readonly chat: Partial<ChatRequest>;
  /** Fields (or parts of them) the chat cannot say; another format names them in a warning. */
  readonly lost?: JsonObject;
}

export interface WriteHints {
  readonly traits: ModelTraits;
  /** The group's fields as the source spelled them, if that differed from what would be written. */
  readonly spelled: JsonObject;
  /** The group's part of the unknown fields. */
  readonly lost: JsonObject;
}

export interface FieldGroup {
  /** Wire fields this group owns. */
  readonly wire: readonly string[];
  /** Chat fields this group owns. */
  readonly chat: readonly (keyof ChatRequest)[];
  /** @throws {WireError} */
  read(wire: JsonObject): FieldRead;
  /** Gives nothing where neither the chat nor the hints have anything of this group: it is then not even asked. */
  write(chat: ChatRequest, hints: WriteHints): JsonObject;
}

/** All groups, and which of them owns a wire field. */
export interface GroupTable {
  readonly groups: readonly FieldGroup[];
  readonly placeOf: ReadonlyMap<string, number>;
}

/** At most 31 groups: a set of them is the bits of one number. */
export function tableOf(groups: readonly FieldGroup[]): GroupTable {
  const owned = groups.flatMap(({ wire }, place) => wire.map((field) => [field, place] as const));
  return { groups, placeOf: new Map(owned) };
}

/** The groups that own a field of this object, as bits. */
function groupsIn({ placeOf }: GroupTable, fields: JsonObject): number {
  let bits = 0;
  for (const field in fields) {
    const place = placeOf.get(field);
    if (place !== undefined) bits |= 1 << place;
  }
  return bits;
}

export interface GroupsRead {
  readonly chat: ChatRequest;
  readonly lost: JsonObject;
  /** What would come out otherwise than it stands in the body. */
  readonly spelling: JsonObject;
}

/** Reads all groups over a chat that has none of their fields. @throws {WireError} */
export function readGroups(
  table: GroupTable,
  body: JsonObject,
  base: ChatRequest,
  traits: ModelTraits,
): GroupsRead {
  const bits = groupsIn(table, body);
  const chat: ChatRequest = { ...base };
  const lost: JsonObject = {};
  const spelling: JsonObject = {};
  for (const [place, group] of table.groups.entries()) {
    const wire = (bits & (1 << place)) === 0 ? undefined : pick(body, group.wire);
    if (!wire) continue;
    const read = group.read(wire);
    Object.assign(chat, read.chat);
    Object.assign(lost, read.lost);
    const hints = { traits, spelled: NOTHING, lost: pickOf(read.lost, group) };
    if (!isSameJson(group.write(chat, hints), wire)) Object.assign(spelling, wire);
  }
  return { chat, lost, spelling };
}

const NOTHING: JsonObject = Object.freeze({});

function pickOf(fields: JsonObject | undefined, group: FieldGroup): JsonObject {
  return (fields && pick(fields, group.wire)) ?? NOTHING;
}

/** Writes the fields of all groups into the body. */
export function writeGroups(
  table: GroupTable,
  chat: ChatRequest,
  known: { readonly traits: ModelTraits; readonly fields: JsonObject; readonly spelling: JsonObject },
  body: JsonObject,
): void {
  const bits = groupsIn(table, known.spelling) | groupsIn(table, known.fields);
  for (const [place, group] of table.groups.entries()) {
    if ((bits & (1 << place)) !== 0) writeKnown(group, chat, known, body);
    else if (group.chat.some((key) => chat[key] !== undefined)) {
      Object.assign(body, group.write(chat, { traits: known.traits, spelled: NOTHING, lost: NOTHING }));
    }
  }
}

/** A group of which the source left its spelling, or what the chat cannot say. */
function writeKnown(
  group: FieldGroup,
  chat: ChatRequest,
  known: { readonly traits: ModelTraits; readonly fields: JsonObject; readonly spelling: JsonObject },
  body: JsonObject,
): void {
  const spelled = pick(known.spelling, group.wire);
  if (spelled && meansSame(group, spelled, chat)) {
    Object.assign(body, spelled);
    return;
  }
  const lost = pickOf(known.fields, group);
  Object.assign(body, group.write(chat, { traits: known.traits, spelled: spelled ?? NOTHING, lost }));
}

function meansSame(group: FieldGroup, spelled: JsonObject, chat: ChatRequest): boolean {
  const read = group.read(spelled).chat;
  return group.chat.every((key) => isSameJson(read[key], chat[key]));
}
