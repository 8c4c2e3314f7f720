/**
 * Token counts. This wire counts inclusively (cached tokens are inside `input_tokens`, reasoning inside
 * `output_tokens`); the chat's classes do not overlap. Nothing is repaired here: what is no number becomes NaN, a
 * negative rest stays negative, and the ledger judges.
 */
import type { JsonObject, Usage } from '../chat.ts';
import { asFullText, asObject, asText, isObject, objectsOf, present } from '../json.ts';
import { outputOf, readCost } from '../openai-usage.ts';
import { count, sum } from '../usage-numbers.ts';

/** Usage of a whole response, unary or in the terminal event of a stream. */
export function readUsage(response: JsonObject): Usage | undefined {
  const raw = asObject(response.usage);
  if (!raw) return undefined;
  const inputDetails = asObject(raw.input_tokens_details) ?? {};
  const outputDetails = asObject(raw.output_tokens_details) ?? {};
  const total = count(raw.input_tokens);
  const totals = { input: raw.input_tokens, output: raw.output_tokens, all: raw.total_tokens };
  const cacheRead = count(inputDetails.cached_tokens);
  const cacheWrite5m = count(inputDetails.cache_write_tokens);
  const audioInput = count(inputDetails.audio_tokens);
  const reasoning = count(outputDetails.reasoning_tokens);
  const audioOutput = count(outputDetails.audio_tokens);
  return {
    input:
      total === undefined ? undefined : total - (cacheRead ?? 0) - (cacheWrite5m ?? 0) - (audioInput ?? 0),
    cacheRead,
    cacheWrite5m,
    audioInput,
    output: outputOf(totals, reasoning, audioOutput),
    reasoning,
    audioOutput,
    calls: readCalls(response, raw),
    reportedCostUsd: readCost(raw),
    serviceTier: asFullText(raw.service_tier) ?? asFullText(response.service_tier),
    raw,
  };
}

/** What xAI's counters of its servers' tools are called here. */
const XAI_CALLS: Readonly<Record<string, string>> = {
  web_search_calls: 'web_search',
  x_search_calls: 'x_search',
  code_interpreter_calls: 'code_interpreter',
  file_search_calls: 'file_search',
  document_search_calls: 'document_search',
  mcp_calls: 'mcp',
  image_generation_calls: 'image_generation',
};

/** Billed calls of built-in tools: xAI counts them; OpenAI's stand among the items of the output. */
function readCalls(response: JsonObject, raw: JsonObject): Record<string, number> | undefined {
  const details = asObject(raw.server_side_tool_usage_details);
  const calls = details ? readCounters(details) : countItems(objectsOf(response.output));
  if (typeof raw.num_sources_used === 'number' && raw.num_sources_used > 0) {
    calls.search_source = raw.num_sources_used;
  }
  return Object.keys(calls).length === 0 ? undefined : calls;
}

function readCounters(details: JsonObject): Record<string, number> {
  const calls: Record<string, number> = {};
  for (const [field, name] of Object.entries(XAI_CALLS)) {
    const times = details[field];
    if (typeof times === 'number' && times > 0) calls[name] = times;
  }
  return calls;
}

/** Items that are billed by the call; opening a page or finding a text in it is not. */
const BILLED_ITEMS: ReadonlyMap<string, string> = new Map([
  ['web_search_call', 'web_search'],
  ['file_search_call', 'file_search'],
]);

function countItems(items: readonly JsonObject[]): Record<string, number> {
  const calls: Record<string, number> = {};
  for (const item of items) {
    const name = BILLED_ITEMS.get(asText(item.type) ?? '');
    const action = asText(asObject(item.action)?.type);
    if (name === undefined || (action !== undefined && action !== 'search')) continue;
    calls[name] = (calls[name] ?? 0) + 1;
  }
  return calls;
}

/** Usage as this wire tells it, both details always there; its own raw object where it came from here. */
export function writeUsage(usage: Usage, isOwn: boolean): JsonObject {
  if (isOwn && isObject(usage.raw)) return usage.raw;
  const cacheWrite = sum(usage.cacheWrite5m, usage.cacheWrite1h);
  const input = sum(usage.input, usage.cacheRead, cacheWrite, usage.audioInput) ?? 0;
  const output = sum(usage.output, usage.audioOutput) ?? 0;
  return {
    input_tokens: input,
    input_tokens_details: present({
      cached_tokens: sum(usage.cacheRead) ?? 0,
      cache_write_tokens: cacheWrite,
      audio_tokens: sum(usage.audioInput),
    }),
    output_tokens: output,
    output_tokens_details: present({
      reasoning_tokens: sum(usage.reasoning) ?? 0,
      audio_tokens: sum(usage.audioOutput),
    }),
    total_tokens: input + output,
  };
}
