/**
 * Token counts. This wire counts the cached tokens inside the prompt, but the thoughts and the results of Google's own
 * tools beside it and the answer; the chat's classes do not overlap. In a stream each report replaces the one before.
 * Nothing is repaired here: what is no number becomes NaN, a negative rest stays negative, and the ledger judges.
 */
import type { JsonObject, JsonValue, Usage } from '../chat.ts';
import { asText, defined, isObject, objectsOf, present } from '../json.ts';
import { count, sum } from '../usage-numbers.ts';

/** Tokens of one modality in a list of details; undefined when it is not listed. */
function countOf(details: JsonValue | undefined, modality: string): number | undefined {
  return count(objectsOf(details).find((one) => one.modality === modality)?.tokenCount);
}

/** What Vertex AI says of the traffic, as tiers; other words are kept. */
const TIERS: Readonly<Record<string, string>> = {
  ON_DEMAND: 'standard',
  ON_DEMAND_PRIORITY: 'priority',
  ON_DEMAND_FLEX: 'flex',
};

/** Usage as the chat counts it; undefined when the wire gave no object. */
export function readUsage(usage: JsonValue | undefined): Usage | undefined {
  if (!isObject(usage)) return undefined;
  const input = readInput(usage);
  const output = readOutput(usage);
  return defined<Usage>({
    input: input.input,
    cacheRead: input.cacheRead,
    audioInput: input.audioInput,
    output: output.output,
    reasoning: output.reasoning,
    audioOutput: output.audioOutput,
    serviceTier: readTier(usage),
    raw: usage,
  });
}

function readTier({ serviceTier, trafficType }: JsonObject): string | undefined {
  const word = asText(serviceTier) ?? asText(trafficType);
  if (word === undefined || /unspecified$/i.test(word)) return undefined;
  return Object.hasOwn(TIERS, word) ? TIERS[word] : word.toLowerCase();
}

function readInput(usage: JsonObject): { [K in 'input' | 'cacheRead' | 'audioInput']: number | undefined } {
  const prompt = count(usage.promptTokenCount);
  const tools = count(usage.toolUsePromptTokenCount);
  const cacheRead = count(usage.cachedContentTokenCount);
  const audio = countOf(usage.promptTokensDetails, 'AUDIO');
  // Cached audio is in the cached tokens already.
  const audioInput =
    audio === undefined ? undefined : audio - (countOf(usage.cacheTokensDetails, 'AUDIO') ?? 0);
  const input =
    prompt === undefined && tools === undefined
      ? undefined
      : (prompt ?? 0) + (tools ?? 0) - (cacheRead ?? 0) - (audioInput ?? 0);
  return { input, cacheRead, audioInput };
}

function readOutput(usage: JsonObject): {
  [K in 'output' | 'reasoning' | 'audioOutput']: number | undefined;
} {
  const candidates = count(usage.candidatesTokenCount);
  const reasoning = count(usage.thoughtsTokenCount);
  const audioOutput = countOf(usage.candidatesTokensDetails, 'AUDIO');
  const output =
    candidates === undefined && reasoning === undefined
      ? undefined
      : (candidates ?? 0) + (reasoning ?? 0) - (audioOutput ?? 0);
  return { output, reasoning, audioOutput };
}

function details(total: number, audio: number | undefined): JsonObject[] | undefined {
  if (audio === undefined) return undefined;
  return [
    { modality: 'TEXT', tokenCount: total - (sum(audio) ?? 0) },
    { modality: 'AUDIO', tokenCount: sum(audio) ?? 0 },
  ];
}

/** Tiers Google reports. */
const REPORTED_TIERS = ['standard', 'flex', 'priority'];

/** The wire's usage. Its own object goes back as it came; writes into a cache, which it has no count for, are prompt. */
export function renderUsage(usage: Usage, isOwn: boolean): JsonObject {
  if (isOwn && isObject(usage.raw)) return usage.raw;
  const thoughts = sum(usage.reasoning) ?? 0;
  const prompt =
    sum(usage.input, usage.cacheRead, usage.cacheWrite5m, usage.cacheWrite1h, usage.audioInput) ?? 0;
  // A report that says more thinking than output is taken at its word for the sum.
  const candidates = Math.max(0, (sum(usage.output, usage.audioOutput) ?? 0) - thoughts);
  const tier = usage.serviceTier;
  return present({
    promptTokenCount: prompt,
    candidatesTokenCount: candidates,
    totalTokenCount: prompt + candidates + thoughts,
    cachedContentTokenCount: usage.cacheRead === undefined ? undefined : (sum(usage.cacheRead) ?? 0),
    thoughtsTokenCount: usage.reasoning === undefined ? undefined : thoughts,
    promptTokensDetails: details(prompt, usage.audioInput),
    candidatesTokensDetails: details(candidates, usage.audioOutput),
    serviceTier: tier !== undefined && REPORTED_TIERS.includes(tier) ? tier : undefined,
  });
}
