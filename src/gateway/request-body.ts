/** The bytes of one attempt's request: the client's own with a few named edits, or rendered anew for another format. */
import { type Refusal, refuse } from '../base/refusal.ts';
import type { BodyRule } from '../upstream/provider.ts';
import type { ChatRequest, ChatTool, JsonObject, JsonValue, Warning } from '../wire/chat.ts';
import { editFields } from '../wire/edit-fields.ts';
import { type Format, type RequestPlaces, WireError } from '../wire/format.ts';
import { mayHoldSeal } from '../wire/seal.ts';
import { type Edit, walkTopLevel } from '../wire/walk.ts';
import { type Ask, chatOperation, type Exchange, type Gateway } from './exchange.ts';
import type { Deployment } from './snapshot.ts';
import { mayStore } from './stored-keep.ts';
import { namesOwnState, withoutOwnIds } from './stored-rebuild.ts';

export type MadeBody =
  | {
      readonly ok: true;
      readonly body: readonly Uint8Array[];
      readonly warnings: readonly Warning[];
      /** Usage was asked for on the client's behalf, and has to be taken out of its stream again. */
      readonly isUsageHidden: boolean;
      /** It is the client's own body, but for single fields. */
      readonly isSpliced: boolean;
      /** Bound of the output tokens as it is sent, where translating gave or changed one. */
      readonly outputLimit: number | undefined;
      /** See `Attempt.isLimitSure`. */
      readonly isLimitSure: boolean;
      /** Tools of the request, for the names in a translated reply. */
      readonly tools: readonly ChatTool[];
      /** The client lets its reply be stored, and it is for us to do it. */
      readonly isStored: boolean;
    }
  | {
      readonly ok: false;
      readonly refusal: Refusal;
      /** Another deployment of the plan may take it as it is. */
      readonly mayFitElsewhere?: boolean;
    };

export function makeBody(
  gateway: Gateway,
  exchange: Exchange,
  ask: Ask,
  deployment: Deployment,
  format: Format,
  isRelay: boolean,
): MadeBody {
  const made =
    isRelay && !mustRender(ask, deployment, format)
      ? splicedBody(ask, deployment, format)
      : renderedBody(gateway, exchange, ask, deployment, format);
  const rule = made.ok ? deployment.provider.kind.bodyRule?.(format.id, chatOperation(exchange)) : undefined;
  return made.ok && rule ? { ...made, body: ruledBody(exchange, made.body, rule) } : made;
}

/** Reasons to write a body of the right format anew: state of another vendor in it, or of ours, and marks to be added. */
function mustRender(ask: Ask, deployment: Deployment, format: Format): boolean {
  const hasState = ask.rebuiltFrom !== undefined || mayHoldSeal(ask.body);
  return hasState || (deployment.provider.autoCache && format.withAutoCache !== undefined);
}

/** The client's bytes, with the model's name spliced; one field is added where a stream would go unmetered without it. */
export function splicedBody(ask: Ask, deployment: Deployment, format: Format): MadeBody & { ok: true } {
  const replaced: Edit[] = [];
  const added: [string, string][] = [];
  if (format.places.model === 'body') {
    const model = JSON.stringify(deployment.model);
    if (ask.modelSpan) replaced.push({ ...ask.modelSpan, text: model });
    else added.push(['model', model]);
  }
  const isUsageHidden = needsUsageAsked(ask, deployment, format);
  if (isUsageHidden && ask.streamOptions) replaced.push({ ...ask.streamOptions, text: withUsage(ask) });
  else if (isUsageHidden) added.push(['stream_options', '{"include_usage":true}']);
  const body = editFields(
    ask.body,
    { start: ask.objectStart, fieldCount: ask.fieldCount },
    { replaced, added },
  );
  return {
    ok: true,
    body,
    isSpliced: true,
    warnings: [],
    isUsageHidden,
    outputLimit: undefined,
    isLimitSure: ask.isLimitSure,
    tools: [],
    isStored: false,
  };
}

/** OpenAI chat streams report no usage unless asked to; an unmetered stream would be a hole in the ledger. */
function needsUsageAsked(ask: Ask, deployment: Deployment, format: Format): boolean {
  return (
    ask.isStream &&
    !ask.wantsStreamUsage &&
    format.id === 'openai-chat' &&
    deployment.provider.streamUsage === 'ask'
  );
}

function withUsage(ask: Ask): string {
  const span = ask.streamOptions!;
  const options = JSON.parse(ask.body.toString('utf8', span.start, span.end));
  return JSON.stringify({ ...options, include_usage: true });
}

function renderedBody(
  gateway: Gateway,
  exchange: Exchange,
  ask: Ask,
  deployment: Deployment,
  target: Format,
): MadeBody {
  const isSame = target.id === exchange.format.id;
  const read = parsedBody(exchange, ask);
  if (!read.ok) return read;
  const isStored = !isSame && mayStore(gateway, exchange, read.body);
  const { body: asked, warnings: lost } = withoutState(
    read.body,
    isSame && ask.rebuiltFrom !== undefined,
    isStored,
  );
  const parsed = chatIn(exchange, asked);
  if (!parsed.ok) return parsed;
  const state = parsed.chat.serverState?.[0];
  if (state !== undefined && !isSame) return unfit(notPortable(state, asked, deployment));
  const isUsageHidden = isSame && needsUsageAsked(ask, deployment, target);
  const chat = chatFor(parsed.chat, deployment, target, !isSame || isUsageHidden);
  const rendered = target.renderRequest(chat);
  const warnings = [...lost, ...rendered.warnings];
  if (exchange.labels.isStrict && warnings.length > 0) return unfit(tooLossy(warnings, deployment));
  const body = [Buffer.from(JSON.stringify(rendered.body))];
  const limit = limitOf(limitsIn(rendered.body, target.places.outputLimit));
  const { tools } = parsed.chat;
  return { ok: true, body, isSpliced: false, warnings, isUsageHidden, ...limit, tools, isStored };
}

/** What is done here is not asked of the upstream too. */
function withoutState(
  body: JsonObject,
  isRebuilt: boolean,
  isStored: boolean,
): ReturnType<typeof withoutOwnIds> {
  if (isRebuilt) return withoutOwnIds(body);
  if (!isStored) return { body, warnings: [] };
  const { store: _, ...rest } = body;
  return { body: rest, warnings: [] };
}

/** What a body that we wrote has in the places of output limits. */
function limitsIn(body: JsonObject, places: RequestPlaces['outputLimit']): readonly JsonValue[] {
  return places.flatMap((names) => {
    let value: JsonValue | undefined = body;
    for (const name of names) value = isObject(value) ? value[name] : undefined;
    return value === undefined ? [] : [value];
  });
}

/** A vendor that must be told a limit, or takes none so small, was told another than the client's. */
function limitOf(limits: readonly JsonValue[]): Pick<MadeBody & { ok: true }, 'outputLimit' | 'isLimitSure'> {
  const numbers = limits.filter((value) => typeof value === 'number' && value > 0) as number[];
  return { outputLimit: numbers[0], isLimitSure: limits.length === numbers.length && limits.length <= 1 };
}

function isObject(value: JsonValue | undefined): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function unfit(refusal: Refusal): MadeBody {
  return { ok: false, refusal, mayFitElsewhere: true };
}

function chatFor(chat: ChatRequest, deployment: Deployment, target: Format, asksUsage: boolean): ChatRequest {
  const named: ChatRequest = { ...chat, model: deployment.model };
  const asking = asksUsage && chat.stream ? { ...named, streamUsage: true } : named;
  return deployment.provider.autoCache && target.withAutoCache ? target.withAutoCache(asking) : asking;
}

function notPortable(field: string, body: JsonObject, deployment: Deployment): Refusal {
  const message = namesOwnState(body, field)
    ? `"${field}" points at a response that is not kept here: those of translated models are kept in the memory of this process, within its limits, for an hour after their last use and for the key that asked; not with "store": false`
    : `"${field}" points at state kept by the servers of another provider, which ${deployment.ref} cannot read`;
  return refuse('state_not_portable', message, { param: field });
}

/** Losses named in a refusal; the rest is counted. */
const MAX_NAMED_LOSSES = 5;

/** For clients that asked to be refused rather than to lose something. */
export function tooLossy(warnings: readonly Warning[], deployment: Deployment): Refusal {
  const named = warnings.slice(0, MAX_NAMED_LOSSES).map(({ path, note }) => `${path} (${note})`);
  const message = `${warnings.length} part(s) of the request cannot be carried to ${deployment.ref}: ${named.join('; ')}`;
  return refuse('translation_lossy', message, { param: warnings[0]!.path });
}

type ParsedChat =
  | { readonly ok: true; readonly chat: ChatRequest }
  | { readonly ok: false; readonly refusal: Refusal };

export function parsedChat(exchange: Exchange, ask: Ask): ParsedChat {
  const read = parsedBody(exchange, ask);
  return read.ok ? chatIn(exchange, read.body) : read;
}

type ParsedBody =
  | { readonly ok: true; readonly body: JsonObject }
  | { readonly ok: false; readonly refusal: Refusal };

function parsedBody(exchange: Exchange, ask: Ask): ParsedBody {
  try {
    const body = JSON.parse(ask.body.toString('utf8')) as JsonObject;
    // Who names no model leaves the choice to us; formats that have it in the body demand one there.
    if (ask.modelSpan === undefined && exchange.format.places.model === 'body') body.model = ask.model;
    return { ok: true, body };
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    return { ok: false, refusal: refuse('body_not_json', `the body is not JSON: ${error.message}`) };
  }
}

function chatIn(exchange: Exchange, body: JsonObject): ParsedChat {
  try {
    return { ok: true, chat: exchange.format.parseRequest(body, exchange.endpoint.target) };
  } catch (error) {
    if (!(error instanceof WireError)) throw error;
    const param = error.param === undefined ? {} : { param: error.param };
    return { ok: false, refusal: refuse('body_invalid', error.message, param) };
  }
}

/** What the API of this provider wants otherwise than the format has it. The body is an object we read before. */
function ruledBody(exchange: Exchange, made: readonly Uint8Array[], rule: BodyRule): readonly Uint8Array[] {
  const body = made.length === 1 ? Buffer.from(made[0]!) : Buffer.concat(made);
  const offered = offeredFields(exchange, rule);
  const walk = walkTopLevel(body, [...rule.removed, ...offered.map(([name]) => name)]);
  if (!walk.ok) throw new Error(`a body made for an upstream is no object: ${walk.message}`);
  const removed = rule.removed.flatMap((name) => walk.fields.get(name) ?? []);
  const added = offered.filter(([name]) => !walk.fields.has(name));
  return editFields(body, walk, { removed, added });
}

function offeredFields(exchange: Exchange, rule: BodyRule): (readonly [string, string])[] {
  const fields: (readonly [string, string])[] = Object.entries(rule.added).map(([name, value]) => [
    name,
    JSON.stringify(laterVersion(exchange, rule, name) ?? value),
  ]);
  for (const [header, name] of Object.entries(rule.fromHeaders)) {
    const value = exchange.request.headers[header];
    const text = typeof value === 'string' ? value : (value ?? []).join(',');
    const items = text
      .split(',')
      .map((item) => item.trim())
      .filter((item) => item !== '');
    if (items.length > 0) fields.push([name, JSON.stringify(items)]);
  }
  return fields;
}

/** Versions are dates, so they compare as texts. */
function laterVersion({ request }: Exchange, { version }: BodyRule, name: string): string | undefined {
  const asked = version?.field === name ? request.headers[version.header] : undefined;
  if (typeof asked !== 'string' || !/^\d{4}-\d\d-\d\d$/.test(asked)) return undefined;
  return asked > version!.standsFor ? asked : undefined;
}
