/**
 * Token counts. This wire counts inclusively (cached tokens are inside `prompt_tokens`, reasoning inside
 * `completion_tokens`); the chat's classes do not overlap. Nothing is repaired here: what is no number
 * becomes NaN, a negative rest stays negative, and the ledger judges.
 */
import type { JsonObject, JsonValue, Usage } from '../chat.ts';
import { asFullText, asObject, isObject, present } from '../json.ts';
import { outputOf, readCost } from '../openai-usage.ts';
import { count, sum } from '../usage-numbers.ts';

/** Usage of a whole reply or of a stream chunk. */
export function readUsage(
  body: JsonObject,
  serviceTier: string | undefined = asFullText(body.service_tier),
): Usage | undefined {
  // Groq has told it only inside `x_groq` for a while.
  const raw = asObject(body.usage) ?? asObject(asObject(body.x_groq)?.usage);
  if (!raw) return undefined;
  const input = readInput(raw);
  const output = readOutput(raw);
  // Field by field: read once for each request and each stream, and spreading costs a microsecond a time.
  return {
    input: input.input,
    cacheRead: input.cacheRead,
    cacheWrite5m: input.cacheWrite5m,
    audioInput: input.audioInput,
    output: output.output,
    reasoning: output.reasoning,
    audioOutput: output.audioOutput,
    calls: readCalls(raw),
    reportedCostUsd: readCost(raw),
    serviceTier: asFullText(raw.service_tier) ?? serviceTier,
    raw,
  };
}

function firstCount(...values: readonly (JsonValue | undefined)[]): number | undefined {
  return count(values.find((value) => value !== undefined && value !== null));
}

type InputClasses = Pick<Usage, 'input' | 'cacheRead' | 'cacheWrite5m' | 'cacheWrite1h' | 'audioInput'>;

function readInput(raw: JsonObject): { [K in keyof InputClasses]: InputClasses[K] | undefined } {
  const details = asObject(raw.prompt_tokens_details) ?? {};
  const prompt = count(raw.prompt_tokens);
  // OpenAI's place, DeepSeek's, Moonshot's.
  const cacheRead = firstCount(details.cached_tokens, raw.prompt_cache_hit_tokens, raw.cached_tokens);
  // OpenAI's and OpenRouter's word, LiteLLM's, Alibaba's.
  const cacheWrite5m = firstCount(
    details.cache_write_tokens,
    details.cache_creation_tokens,
    details.cache_creation_input_tokens,
  );
  const audioInput = count(details.audio_tokens);
  const input =
    prompt === undefined ? undefined : prompt - (cacheRead ?? 0) - (cacheWrite5m ?? 0) - (audioInput ?? 0);
  return { input, cacheRead, cacheWrite5m, audioInput };
}

type OutputClasses = Pick<Usage, 'output' | 'reasoning' | 'audioOutput'>;

function readOutput(raw: JsonObject): { [K in keyof OutputClasses]: OutputClasses[K] | undefined } {
  const details = asObject(raw.completion_tokens_details) ?? {};
  const reasoning = firstCount(details.reasoning_tokens, raw.reasoning_tokens);
  const audioOutput = count(details.audio_tokens);
  const totals = { input: raw.prompt_tokens, output: raw.completion_tokens, all: raw.total_tokens };
  return { output: outputOf(totals, reasoning, audioOutput), reasoning, audioOutput };
}

/** Billed calls of built-in tools: Perplexity's searches, xAI's sources, OpenRouter's server tools. */
function readCalls(raw: JsonObject): Record<string, number> | undefined {
  const searches = raw.num_search_queries ?? asObject(raw.server_tool_use)?.web_search_requests;
  const sources = raw.num_sources_used;
  const hasSearches = typeof searches === 'number' && searches > 0;
  const hasSources = typeof sources === 'number' && sources > 0;
  if (!hasSearches && !hasSources) return undefined;
  return { ...(hasSearches && { web_search: searches }), ...(hasSources && { search_source: sources }) };
}

/** Usage as this wire tells it; its own raw object where it came from here. */
export function writeUsage(usage: Usage, isOwn: boolean): JsonObject {
  if (isOwn && isObject(usage.raw)) return usage.raw;
  const cacheWrite = sum(usage.cacheWrite5m, usage.cacheWrite1h);
  const prompt = sum(usage.input, usage.cacheRead, cacheWrite, usage.audioInput) ?? 0;
  const completion = sum(usage.output, usage.audioOutput) ?? 0;
  const inputDetails = present({
    cached_tokens: sum(usage.cacheRead),
    cache_write_tokens: cacheWrite,
    audio_tokens: sum(usage.audioInput),
  });
  const outputDetails = present({
    reasoning_tokens: sum(usage.reasoning),
    audio_tokens: sum(usage.audioOutput),
  });
  return {
    prompt_tokens: prompt,
    completion_tokens: completion,
    total_tokens: prompt + completion,
    ...(Object.keys(inputDetails).length > 0 && { prompt_tokens_details: inputDetails }),
    ...(Object.keys(outputDetails).length > 0 && { completion_tokens_details: outputDetails }),
  };
}
