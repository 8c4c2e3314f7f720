/** Reads what routing needs from a request: a few top-level fields of the body, found in place, and the labels in its headers. */
import type { IncomingHttpHeaders } from 'node:http';
import { type Refusal, refuse } from '../base/refusal.ts';
import { estimateBodyTokens, sampleBodyTokens } from '../wire/count.ts';
import type { RequestPlaces } from '../wire/format.ts';
import type { MediaSpan } from '../wire/media.ts';
import { decodeJsonString, type ValueSpan, type Walk, walkTopLevel } from '../wire/walk.ts';
import type { UrlTarget } from './endpoints.ts';
import type { Ask, Labels, Span } from './exchange.ts';

export type AskResult =
  | { readonly ok: true; readonly ask: Ask }
  | { readonly ok: false; readonly refusal: Refusal };

/** What the model is, from what the request names (undefined = nothing) and from all that the walk found. */
export type ChooseModel = (
  requested: string | undefined,
  found: Pick<Walk & { ok: true }, 'fields'>,
) =>
  | { readonly ok: true; readonly model: string | undefined }
  | { readonly ok: false; readonly refusal: Refusal };

/** Where a request says what routing needs: partly its format, partly its URL. */
export interface AskSource {
  readonly places: RequestPlaces;
  /** What the URL says, in formats that say it there. */
  readonly target: UrlTarget | undefined;
  /** Further top-level fields to find in the same walk; absent = none. */
  readonly facts?: readonly string[] | undefined;
}

/** Model refs are short; a longer text is a mistake and is not repeated in answers. */
const MAX_MODEL_LENGTH = 300;
/** Labels are grouping keys, not content. */
const MAX_LABEL_LENGTH = 200;

const wantedFields = new WeakMap<RequestPlaces, readonly string[]>();

/** The top-level fields to look for; the same list for all requests of a format. */
function wantedOf(places: RequestPlaces): readonly string[] {
  let wanted = wantedFields.get(places);
  if (!wanted) {
    const limits = places.outputLimit.map(([name]) => name!);
    const own = places.model === 'body' ? ['model', 'stream', 'stream_options'] : [];
    wanted = [...own, ...limits];
    wantedFields.set(places, wanted);
  }
  return wanted;
}

const withFactsOf = new WeakMap<readonly string[], readonly string[]>();

/** The same list for all requests of a format. */
function withFacts(wanted: readonly string[], facts: readonly string[]): readonly string[] {
  let both = withFactsOf.get(wanted);
  if (!both) {
    both = [...wanted, ...facts];
    withFactsOf.set(wanted, both);
  }
  return both;
}

export function readAsk(body: Buffer, { places, target, facts }: AskSource, choose: ChooseModel): AskResult {
  const wanted = wantedOf(places);
  const walk = walkTopLevel(body, facts ? withFacts(wanted, facts) : wanted);
  if (!walk.ok) return { ok: false, refusal: walkRefusal(walk) };
  const duplicate = walk.duplicates.find((name) => wanted.includes(name));
  if (duplicate !== undefined) {
    // Which of two values an upstream takes is its own affair; an allow-list could be passed by that.
    return invalid(`the field "${duplicate}" stands twice in the body`, duplicate);
  }
  const lookalike = walk.lookalikes.find((name) => wanted.includes(name.toLowerCase()));
  if (lookalike !== undefined) {
    // Servers that fold letter case would read it as the field itself.
    return invalid(
      `the field "${lookalike.slice(0, 40)}" differs from a known one only in letter case`,
      lookalike,
    );
  }
  const { fields } = walk;
  const modelSpan = fields.get('model');
  if (modelSpan && modelSpan.kind !== 'string') return invalid('"model" must be a string', 'model');
  const asked = modelSpan ? decodeJsonString(body, modelSpan) : target?.model;
  const chosen = choose(asked, walk);
  if (!chosen.ok) return chosen;
  const model = chosen.model?.trim() ?? '';
  if (model === '')
    return { ok: false, refusal: refuse('model_missing', 'no model is named', { param: 'model' }) };
  if (model.length > MAX_MODEL_LENGTH)
    return invalid(`"model" is longer than ${MAX_MODEL_LENGTH} characters`, 'model');
  const stream = fields.get('stream');
  if (stream && stream.kind !== 'boolean' && stream.kind !== 'null')
    return invalid('"stream" must be true or false', 'stream');
  const options = fields.get('stream_options');
  const streamOptions = options?.kind === 'object' ? options : undefined;
  return {
    ok: true,
    ask: {
      body,
      modelSpan,
      model,
      isStream: target?.isStream ?? streamAt(body, stream, places.streamsByDefault),
      ...outputLimitAt(body, fields, places.outputLimit),
      streamOptions,
      wantsStreamUsage: streamOptions !== undefined && asksUsage(body, streamOptions),
      inputEstimate: estimateInput(body, walk.media),
      fieldCount: walk.fieldCount,
      objectStart: walk.start,
      found: facts && { fields, media: walk.media },
    },
  };
}

/** Bodies up to here are estimated by length alone: reading them would cost more than the estimate gains. */
const SAMPLED_BYTES = 8 * 1024;

function estimateInput(body: Buffer, media: readonly MediaSpan[]): number {
  if (media.length === 0 && body.length < SAMPLED_BYTES) return estimateBodyTokens(body.length);
  return sampleBodyTokens(body, media);
}

const LETTER_T = 't'.charCodeAt(0);

function invalid(message: string, param: string): AskResult {
  return { ok: false, refusal: refuse('body_invalid', message, { param }) };
}

function walkRefusal(walk: Walk & { ok: false }): Refusal {
  if (walk.problem === 'too-deep') return refuse('body_too_deep', walk.message);
  if (walk.problem === 'too-many-fields') return refuse('body_invalid', `the body has ${walk.message}`);
  return refuse('body_not_json', `the body is not a JSON object: ${walk.message}`);
}

function streamAt(body: Buffer, stream: ValueSpan | undefined, byDefault: boolean): boolean {
  return stream?.kind === 'boolean' ? body[stream.start] === LETTER_T : byDefault;
}

/** The first of the limits there are, and whether it is the only one: which of several counts, servers decide. */
function outputLimitAt(
  body: Buffer,
  fields: ReadonlyMap<string, ValueSpan>,
  places: RequestPlaces['outputLimit'],
): Pick<Ask, 'maxOutputTokens' | 'isLimitSure'> {
  let maxOutputTokens: number | undefined;
  let isLimitSure = true;
  for (const [name, ...rest] of places) {
    const span = fields.get(name!);
    const limit = span && (rest.length === 0 ? numberAt(body, span) : numberInside(body, span, rest));
    if (limit === undefined) {
      // Something is there that is no limit, or may hide one.
      if (span) isLimitSure = false;
      continue;
    }
    maxOutputTokens ??= limit;
    if (limit !== maxOutputTokens) isLimitSure = false;
  }
  return { maxOutputTokens, isLimitSure };
}

function numberAt(body: Buffer, span: Span): number | undefined {
  return positive(Number(body.toString('latin1', span.start, span.end)));
}

/** Objects of settings are short, so they are parsed. */
function numberInside(body: Buffer, span: ValueSpan, names: readonly string[]): number | undefined {
  if (span.kind !== 'object') return undefined;
  try {
    let value: unknown = JSON.parse(body.toString('utf8', span.start, span.end));
    for (const name of names) value = (value as Record<string, unknown> | null | undefined)?.[name];
    return positive(value);
  } catch {
    return undefined;
  }
}

function positive(value: unknown): number | undefined {
  return typeof value === 'number' && Number.isSafeInteger(value) && value > 0 ? value : undefined;
}

function asksUsage(body: Buffer, span: Span): boolean {
  try {
    const options: unknown = JSON.parse(body.toString('utf8', span.start, span.end));
    return typeof options === 'object' && options !== null && Reflect.get(options, 'include_usage') === true;
  } catch {
    return false;
  }
}

export function readLabels(headers: IncomingHttpHeaders): Labels {
  const ownAgent = label(headers['x-turnpike-agent']);
  const agent = ownAgent ?? label(headers['x-claude-code-agent-id']);
  const session =
    label(headers['x-turnpike-session']) ??
    label(headers['x-claude-code-session-id']) ??
    label(headers['session-id']) ??
    label(headers.session_id);
  return {
    agent,
    isClientAgent: ownAgent === undefined && agent !== undefined,
    prompt: headerText(headers['x-turnpike-prompt']),
    session,
    endUser: label(headers['x-turnpike-end-user']),
    pipeline: label(headers['x-turnpike-pipeline']),
    step: label(headers['x-turnpike-step']),
    maxCostUsd: headerText(headers['x-turnpike-max-cost-usd']),
    isStrict: isOn(headers['x-turnpike-strict']),
    modelOverride: headerText(headers['x-turnpike-model']),
  };
}

function label(value: string | string[] | undefined): string | undefined {
  if (typeof value !== 'string') return undefined;
  const text = value.trim();
  return text === '' || text.length > MAX_LABEL_LENGTH ? undefined : text;
}

/** Kept whole, so that a name that is too long is refused and not quietly passed over. */
function headerText(value: string | string[] | undefined): string | undefined {
  return typeof value === 'string' && value.trim() !== '' ? value.trim() : undefined;
}

function isOn(value: string | string[] | undefined): boolean {
  return value === 'true' || value === '1';
}
