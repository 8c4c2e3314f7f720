/** Usage in the answers of relayed calls: the vendors' shapes of it, told apart by the fields they have. */
import type { Price, Rates } from '../catalog/price.ts';
import type { JsonObject, JsonValue, Usage } from '../wire/chat.ts';

/** Top-level fields of an answer, or of an event of a stream, that say what was used. */
export const usageFields: readonly string[] = ['usage', 'meta', 'service_tier'];

/** Seconds of sound, searches: counted as calls, by these names in a price. */
export const SECOND = 'second';
export const SEARCH_UNIT = 'search_unit';

/** undefined = nothing is reported. Numbers are not judged here; what is none becomes NaN, for the ledger. */
export function readCallUsage(body: JsonObject): Usage | undefined {
  const usage = asObject(body.usage);
  const billed = asObject(asObject(body.meta)?.billed_units);
  const raw = usage ?? billed;
  if (!raw) return undefined;
  const tier = body.service_tier;
  const read = { ...readTokens(raw), ...readUnits(raw) };
  if (Object.keys(read).length === 0) return undefined;
  return { ...read, ...(typeof tier === 'string' && { serviceTier: tier }), ...readCost(raw), raw };
}

type Reading = Partial<{ -readonly [K in keyof Usage]: Usage[K] }>;

/** `prompt_tokens` of completions, `input_tokens` of everything newer, `total_tokens` alone of rerankers. */
function readTokens(raw: JsonObject): Reading {
  const total = count(raw.prompt_tokens) ?? count(raw.input_tokens);
  const output = count(raw.completion_tokens) ?? count(raw.output_tokens);
  const input = total ?? (output === undefined ? count(raw.total_tokens) : undefined);
  const details =
    asObject(raw.prompt_tokens_details) ??
    asObject(raw.input_tokens_details) ??
    asObject(raw.input_token_details) ??
    {};
  const written = asObject(raw.completion_tokens_details) ?? asObject(raw.output_tokens_details) ?? {};
  const cacheRead = count(details.cached_tokens);
  const audioInput = count(details.audio_tokens);
  const reasoning = count(written.reasoning_tokens);
  return {
    ...(input !== undefined && { input: input - (cacheRead ?? 0) - (audioInput ?? 0) }),
    ...(cacheRead !== undefined && { cacheRead }),
    ...(audioInput !== undefined && { audioInput }),
    ...(output !== undefined && { output }),
    ...(reasoning !== undefined && { reasoning }),
  };
}

/** Rounded up, as vendors bill begun units. */
function readUnits(raw: JsonObject): Reading {
  const seconds = count(raw.seconds);
  const searches = count(raw.search_units);
  if (seconds === undefined && searches === undefined) return {};
  return {
    calls: {
      ...(seconds !== undefined && { [SECOND]: Math.ceil(seconds) }),
      ...(searches !== undefined && { [SEARCH_UNIT]: Math.ceil(searches) }),
    },
  };
}

function readCost({ cost }: JsonObject): Reading {
  return typeof cost === 'number' ? { reportedCostUsd: String(cost) } : {};
}

function count(value: JsonValue | undefined): number | undefined {
  if (value === undefined || value === null) return undefined;
  return typeof value === 'number' ? value : Number.NaN;
}

function asObject(value: JsonValue | undefined): JsonObject | undefined {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? value : undefined;
}

/**
 * Whether these rates say what the report costs. Tokens of images are dearer than those of text in every price
 * list that has both, and the rates here have one number for them: so they are not priced at all.
 */
export function isPriceable(usage: Usage, rates: Rates | undefined): boolean {
  if (!rates) return false;
  const hasRate = (name: string): boolean => rates.calls?.[name] !== undefined;
  return Object.keys(usage.calls ?? {}).every(hasRate) && imageTokens(usage.raw) === 0;
}

/** Costs nothing in whatever units, as servers of one's own do. */
export function isFree(price: Price | undefined): boolean {
  return (
    price?.tiers.every(({ rates: { calls, ...rates } }) => isZero(rates) && isZero(calls ?? {})) ?? false
  );
}

function isZero(rates: object): boolean {
  return Object.values(rates).every((rate) => rate === 0);
}

function imageTokens(raw: JsonValue): number {
  const usage = asObject(raw) ?? {};
  const details = [usage.input_tokens_details, usage.input_token_details, usage.output_tokens_details];
  return details.reduce<number>((sum, item) => sum + (count(asObject(item)?.image_tokens) ?? 0), 0);
}
