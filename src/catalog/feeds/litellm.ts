/** LiteLLM's `model_prices_and_context_window.json`: one object per model, dollars per token, tiers in the names of fields. */
import type { TokenRate } from '../../base/rates.ts';
import type { PriceTier } from '../price.ts';
import {
  type Feed,
  type FeedModel,
  type FeedPrice,
  isJson,
  type Json,
  ratesOf,
  withCapabilities,
  withTokens,
} from './feed.ts';

/** Its name of a vendor -> ours. What is not here is left out. */
const providers: Readonly<Record<string, string>> = {
  openai: 'openai',
  'text-completion-openai': 'openai',
  anthropic: 'anthropic',
  gemini: 'google',
  'vertex_ai-anthropic_models': 'vertex',
  bedrock: 'aws',
  bedrock_converse: 'aws',
  azure: 'azure',
  mistral: 'mistral',
  groq: 'groq',
  deepseek: 'deepseek',
  xai: 'x-ai',
  together_ai: 'together',
  fireworks_ai: 'fireworks',
  cerebras: 'cerebras',
  perplexity: 'perplexity',
  moonshot: 'moonshotai',
  zai: 'zai',
  cohere: 'cohere',
  cohere_chat: 'cohere',
  openrouter: 'openrouter',
};

/** Our rate -> beginning and end of its field; the threshold, if any, stands between them. */
const fields: readonly (readonly [TokenRate, string])[] = [
  ['input', 'input_cost_per_token'],
  ['output', 'output_cost_per_token'],
  ['cacheRead', 'cache_read_input_token_cost'],
  ['cacheWrite5m', 'cache_creation_input_token_cost'],
  ['cacheWrite1h', 'cache_creation_input_token_cost_above_1hr'],
  ['reasoning', 'output_cost_per_reasoning_token'],
  ['audioInput', 'input_cost_per_audio_token'],
  ['audioOutput', 'output_cost_per_audio_token'],
];

/** Service tier -> what its fields end in. */
const tierEnds = { standard: '', flex: '_flex', priority: '_priority', batch: '_batches' } as const;

/** Dollars per token -> pico-dollars per token. */
const PLACES = 12;

export function isLitellm(file: Json): boolean {
  return Object.values(file).some((row) => isJson(row) && typeof row.litellm_provider === 'string');
}

export function readLitellm(file: Json): Feed {
  const models: FeedModel[] = [];
  let skipped = 0;
  for (const [key, row] of Object.entries(file)) {
    if (key === 'sample_spec' || !isJson(row)) continue;
    const provider = Object.hasOwn(providers, String(row.litellm_provider))
      ? providers[String(row.litellm_provider)]
      : undefined;
    // Without a price per token it is something else: images, minutes, pages.
    if (provider === undefined || typeof row.input_cost_per_token !== 'number') continue;
    const prices = pricesOf(row);
    if (!prices) skipped += 1;
    else models.push({ provider, id: idOf(key), prices, ...limitsOf(row), ...capabilitiesIn(row) });
  }
  return { kind: 'litellm', models, skipped };
}

/** `groq/llama-3` is `llama-3` of Groq; OpenRouter's own ids have a slash too, but its name comes first. */
function idOf(key: string): string {
  const prefix =
    /^(gemini|vertex_ai|bedrock|azure|mistral|groq|deepseek|xai|together_ai|fireworks_ai|cerebras|perplexity|moonshot|zai|cohere|cohere_chat|openrouter|openai|anthropic)\//;
  return key.replace(prefix, '');
}

function limitsOf(row: Json) {
  return withTokens(row.max_input_tokens, row.max_output_tokens);
}

function capabilitiesIn(row: Json) {
  return withCapabilities({
    tools: row.supports_function_calling,
    vision: row.supports_vision,
    documents: row.supports_pdf_input,
    audio: row.supports_audio_input,
    thinking: row.supports_reasoning,
    'structured-output': row.supports_response_schema,
    'prompt-cache': row.supports_prompt_caching,
  });
}

/** undefined = one of its rates cannot be read. */
function pricesOf(row: Json): FeedPrice[] | undefined {
  const prices: FeedPrice[] = [];
  for (const [serviceTier, end] of Object.entries(tierEnds)) {
    // A tier that names only some of its rates is no price: the rest nobody knows.
    if (typeof row[`input_cost_per_token${end}`] !== 'number') continue;
    if (end !== '' && typeof row[`output_cost_per_token${end}`] !== 'number') continue;
    const tiers = tiersOf(row, end);
    if (!tiers) return undefined;
    prices.push({ serviceTier, tiers });
  }
  return prices;
}

function tiersOf(row: Json, end: string): PriceTier[] | undefined {
  const tiers: PriceTier[] = [];
  for (const above of [0, ...thresholdsOf(row, end)]) {
    const at = above === 0 ? '' : `_above_${above / 1000}k_tokens`;
    const rates = ratesOf(
      Object.fromEntries(fields.map(([name, field]) => [name, row[`${field}${at}${end}`]])),
      PLACES,
    );
    if (!rates) return undefined;
    tiers.push({ aboveInputTokens: above, rates });
  }
  return tiers;
}

/** Those for which both input and output have a rate. */
function thresholdsOf(row: Json, end: string): number[] {
  const found = Object.keys(row).flatMap((field) => {
    const match = /^input_cost_per_token_above_(\d{2,5})k_tokens(.*)$/.exec(field);
    return match && match[2] === end && typeof row[field] === 'number' ? [Number(match[1])] : [];
  });
  return found
    .filter((thousands) => typeof row[`output_cost_per_token_above_${thousands}k_tokens${end}`] === 'number')
    .map((thousands) => thousands * 1000)
    .sort((a, b) => a - b);
}
