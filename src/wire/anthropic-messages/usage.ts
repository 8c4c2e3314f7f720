/**
 * Anthropic's usage object and the chat's classes. `input_tokens` already excludes what came from or went into
 * the cache. Numbers in a stream are cumulative: a later report replaces an earlier one field by field.
 */
import type { JsonObject, JsonValue, Usage } from '../chat.ts';
import { defined, isObject } from '../json.ts';
import { count } from '../usage-numbers.ts';

interface Counts {
  input: number | undefined;
  cacheRead: number | undefined;
  cacheWrite5m: number | undefined;
  cacheWrite1h: number | undefined;
  output: number | undefined;
}

/**
 * Splits the cache writes by lifetime. Without a split they count as 5m. In a stream the total of the last
 * report may have outgrown the split of the first (server tools run in between): what the split does not
 * explain has the lifetime of the rest, 5m where both occur.
 */
function splitWrites(usage: JsonObject): Pick<Counts, 'cacheWrite5m' | 'cacheWrite1h'> {
  const split = isObject(usage.cache_creation) ? usage.cache_creation : {};
  const total = count(usage.cache_creation_input_tokens);
  const short = count(split.ephemeral_5m_input_tokens);
  const long = count(split.ephemeral_1h_input_tokens);
  if (total === undefined || total === (short ?? 0) + (long ?? 0)) {
    return { cacheWrite5m: short ?? (long === undefined ? total : undefined), cacheWrite1h: long };
  }
  if (long === undefined) return { cacheWrite5m: total, cacheWrite1h: undefined };
  if (!short && long > 0) return { cacheWrite5m: short, cacheWrite1h: total };
  const kept = Math.min(long, total);
  return { cacheWrite5m: total - kept, cacheWrite1h: kept };
}

function readCounts(usage: JsonObject): Counts {
  const { cacheWrite5m, cacheWrite1h } = splitWrites(usage);
  return {
    input: count(usage.input_tokens),
    cacheRead: count(usage.cache_read_input_tokens),
    cacheWrite5m,
    cacheWrite1h,
    output: count(usage.output_tokens),
  };
}

/** Iterations that are billed but left out of the totals: the summary of a compaction, an advisor's answer. */
const UNCOUNTED_ITERATIONS = ['compaction', 'advisor_message'];

function addIterations(counts: Counts, iterations: JsonValue | undefined): Counts {
  if (!Array.isArray(iterations)) return counts;
  let sum = counts;
  for (const iteration of iterations) {
    if (!isObject(iteration) || !UNCOUNTED_ITERATIONS.includes(String(iteration.type))) continue;
    sum = addCounts(sum, readCounts(iteration));
  }
  return sum;
}

function addCounts(a: Counts, b: Counts): Counts {
  const add = (x: number | undefined, y: number | undefined) => (x === undefined ? y : x + (y ?? 0));
  return {
    input: add(a.input, b.input),
    cacheRead: add(a.cacheRead, b.cacheRead),
    cacheWrite5m: add(a.cacheWrite5m, b.cacheWrite5m),
    cacheWrite1h: add(a.cacheWrite1h, b.cacheWrite1h),
    output: add(a.output, b.output),
  };
}

const REQUESTS = '_requests';

/** `{ web_search_requests: 2 }` -> `{ web_search: 2 }`. */
function readCalls(value: JsonValue | undefined): Record<string, number> | undefined {
  if (!isObject(value)) return undefined;
  const calls: Record<string, number> = {};
  for (const [key, requests] of Object.entries(value)) {
    const number = count(requests);
    if (key.endsWith(REQUESTS) && number !== undefined) calls[key.slice(0, -REQUESTS.length)] = number;
  }
  return Object.keys(calls).length > 0 ? calls : undefined;
}

/** Usage as the chat counts it; undefined when the wire gave no object. */
export function readUsage(usage: JsonValue | undefined): Usage | undefined {
  if (!isObject(usage)) return undefined;
  const details = isObject(usage.output_tokens_details) ? usage.output_tokens_details : {};
  const counts = addIterations(readCounts(usage), usage.iterations);
  return defined<Usage>({
    input: counts.input,
    cacheRead: counts.cacheRead,
    cacheWrite5m: counts.cacheWrite5m,
    cacheWrite1h: counts.cacheWrite1h,
    output: counts.output,
    reasoning: count(details.thinking_tokens),
    calls: readCalls(usage.server_tool_use),
    serviceTier: typeof usage.service_tier === 'string' ? usage.service_tier : undefined,
    raw: usage,
  });
}

/** A later usage report over an earlier one. Null in the later one means "nothing new". */
export function mergeUsage(earlier: JsonObject | undefined, later: JsonObject): JsonObject {
  const merged: JsonObject = { ...earlier };
  for (const [key, value] of Object.entries(later)) {
    if (value !== null || merged[key] === undefined) merged[key] = value;
  }
  return merged;
}

/** Tiers Anthropic reports. */
const TIERS = ['standard', 'priority', 'batch'];

/** JSON has no NaN, and a client must get a number. */
function wireCount(value: number | undefined): number {
  return value === undefined || !Number.isFinite(value) ? 0 : value;
}

/** The usage object of an answer. The wire's own object goes back as it came when it is this format's. */
export function renderUsage(usage: Usage | undefined, isOwn: boolean): JsonObject {
  if (isOwn && isObject(usage?.raw)) return usage.raw;
  const short = wireCount(usage?.cacheWrite5m);
  const long = wireCount(usage?.cacheWrite1h);
  const body: JsonObject = {
    // Anthropic has no class for audio: its tokens are counted with the text.
    input_tokens: wireCount(usage?.input) + wireCount(usage?.audioInput),
    cache_creation_input_tokens: short + long,
    cache_read_input_tokens: wireCount(usage?.cacheRead),
    cache_creation: { ephemeral_5m_input_tokens: short, ephemeral_1h_input_tokens: long },
    output_tokens: wireCount(usage?.output) + wireCount(usage?.audioOutput),
  };
  if (usage?.reasoning !== undefined) {
    body.output_tokens_details = { thinking_tokens: wireCount(usage.reasoning) };
  }
  if (usage?.calls) {
    const calls = Object.entries(usage.calls);
    body.server_tool_use = Object.fromEntries(
      calls.map(([tool, number]) => [`${tool}${REQUESTS}`, wireCount(number)]),
    );
  }
  // Other vendors' tiers (`default`, `flex`) are no words of this wire.
  const tier = usage?.serviceTier;
  if (tier !== undefined && TIERS.includes(tier)) body.service_tier = tier;
  return body;
}

/** Counters of Anthropic's last usage report, always there; other fields are repeated only where they changed. */
const DELTA_FIELDS = [
  'input_tokens',
  'cache_creation_input_tokens',
  'cache_read_input_tokens',
  'output_tokens',
  'output_tokens_details',
  'server_tool_use',
];

/** The usage object of `message_delta`, given what `message_start` already said. */
export function renderFinalUsage(started: JsonObject, final: JsonObject): JsonObject {
  const body: JsonObject = {};
  for (const [key, value] of Object.entries(final)) {
    const isNews = JSON.stringify(value) !== JSON.stringify(started[key]);
    if (isNews || DELTA_FIELDS.includes(key)) body[key] = value;
  }
  return body;
}
