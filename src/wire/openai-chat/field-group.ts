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
  write(chat: ChatRequest, hints: WriteHints): JsonObject;
}

export interface GroupsRead {
  readonly chat: ChatRequest;
  readonly lost: JsonObject;
}

/** Reads all groups over a chat that has none of their fields. @throws {WireError} */
export function readGroups(groups: readonly FieldGroup[], body: JsonObject, base: ChatRequest): GroupsRead {
  const lost: JsonObject = {};
  let chat = base;
  for (const group of groups) {
    const wire = pick(body, group.wire);
    if (!wire) continue;
    const read = group.read(wire);
    chat = { ...chat, ...read.chat };
    Object.assign(lost, read.lost);
  }
  return { chat, lost };
}

/** The fields that would come out otherwise than they stand in the body. */
export function findSpelling(
  groups: readonly FieldGroup[],
  body: JsonObject,
  { chat, lost }: GroupsRead,
  traits: ModelTraits,
): JsonObject {
  const spelling: JsonObject = {};
  for (const group of groups) {
    const wire = pick(body, group.wire);
    const written = group.write(chat, { traits, spelled: {}, lost: pick(lost, group.wire) ?? {} });
    if (wire && !isSameJson(written, wire)) Object.assign(spelling, wire);
  }
  return spelling;
}

export function writeGroups(
  groups: readonly FieldGroup[],
  chat: ChatRequest,
  known: { readonly traits: ModelTraits; readonly fields: JsonObject; readonly spelling: JsonObject },
): JsonObject {
  const body: JsonObject = {};
  for (const group of groups) {
    const spelled = pick(known.spelling, group.wire);
    if (spelled && meansSame(group, spelled, chat)) {
      Object.assign(body, spelled);
      continue;
    }
    const hints = {
      traits: known.traits,
      spelled: spelled ?? {},
      lost: pick(known.fields, group.wire) ?? {},
    };
    Object.assign(body, group.write(chat, hints));
  }
  return body;
}

function meansSame(group: FieldGroup, spelled: JsonObject, chat: ChatRequest): boolean {
  const read = group.read(spelled).chat;
  return group.chat.every((key) => isSameJson(read[key], chat[key]));
}
