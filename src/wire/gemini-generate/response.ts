/**
 * The shell of a `GenerateContentResponse`, which a whole reply and each frame of a stream share: what stands around the
 * parts of the first candidate.
 */
import type { ChatPart, JsonObject } from '../chat.ts';
import { asObject, asText, isHollow, isObject, unknownFields } from '../json.ts';
import type { Rest } from '../rest.ts';
import { FORMAT } from './fields.ts';

/** Fields the chat has a word for. */
const BODY_FIELDS = new Set(['candidates', 'usageMetadata', 'modelVersion', 'responseId', 'createTime']);
/** `finishMessage` says in words what the reason does; `index` and `tokenCount` say nothing new. */
const CANDIDATE_FIELDS = new Set(['content', 'finishReason', 'finishMessage', 'index', 'tokenCount']);

/** Fields that show a body to be a reply, of which none is always there. */
const TELLING = ['candidates', 'promptFeedback', 'usageMetadata', 'modelVersion', 'responseId'];

/** Whether the body is a reply at all, however little is in it. */
export function isResponse(body: JsonObject): boolean {
  return !isObject(body.error) && TELLING.some((key) => body[key] !== undefined);
}

export interface Head {
  readonly id: string;
  readonly model: string;
  readonly createdAtMs: number | undefined;
}

export function readHead(body: JsonObject): Head {
  const time = asText(body.createTime);
  const createdAtMs = time === undefined ? Number.NaN : Date.parse(time);
  return {
    id: asText(body.responseId) ?? '',
    model: asText(body.modelVersion) ?? '',
    createdAtMs: Number.isNaN(createdAtMs) ? undefined : createdAtMs,
  };
}

/** The candidate that is the reply: others were asked for on top. */
export function firstCandidate(body: JsonObject): JsonObject | undefined {
  const candidates = candidatesOf(body);
  return candidates.find(({ index = 0 }) => index === 0) ?? candidates[0];
}

export function candidatesOf({ candidates }: JsonObject): JsonObject[] {
  return Array.isArray(candidates) ? candidates.filter(isObject) : [];
}

export function partsOf(candidate: JsonObject | undefined): JsonObject[] {
  const parts = asObject(candidate?.content)?.parts;
  return Array.isArray(parts) ? parts.filter(isObject) : [];
}

function unknownOf(value: JsonObject, known: ReadonlySet<string>): Rest {
  return unknownFields(value, known, isHollow);
}

/** Fields around the candidates that the chat has no word for. */
export function unknownAround(body: JsonObject): Rest {
  return unknownOf(body, BODY_FIELDS);
}

/** Fields of the first candidate that the chat has no word for: grounding, citations, ratings, log probabilities. */
export function unknownOfCandidate(candidate: JsonObject | undefined): Rest {
  return candidate ? unknownOf(candidate, CANDIDATE_FIELDS) : {};
}

/** The role of the answer, and who else it could be. */
export const MODEL_ROLE = 'model';

/** What stands after the candidates in each body of one reply. */
export function renderTail(head: Head): JsonObject {
  const tail: JsonObject = { modelVersion: head.model, responseId: head.id };
  if (head.createdAtMs !== undefined) tail.createTime = new Date(head.createdAtMs).toISOString();
  return tail;
}

/** Frames of other candidates of a stream travel whole, as opaque parts under this name. */
export const CANDIDATE_PART = 'candidate';

/** The other candidate that a part is, if it is one. */
export function candidateOf(part: ChatPart): JsonObject | undefined {
  return part.type === 'opaque' && part.format === FORMAT ? asObject(part.value[CANDIDATE_PART]) : undefined;
}
