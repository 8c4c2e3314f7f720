/** models.dev's `api.json`: models by vendor, dollars per million tokens, thresholds as a list or as one object. */
import type { Rates } from '../../base/rates.ts';
import type { PriceTier } from '../price.ts';
import {
  type Feed,
  type FeedModel,
  isJson,
  type Json,
  ratesOf,
  tokensOf,
  withCapabilities,
  withTokens,
} from './feed.ts';

/** Its name of a vendor -> ours. What is not here is left out. */
const providers: Readonly<Record<string, string>> = {
  openai: 'openai',
  anthropic: 'anthropic',
  google: 'google',
  'google-vertex-anthropic': 'vertex',
  'amazon-bedrock': 'aws',
  azure: 'azure',
  mistral: 'mistral',
  groq: 'groq',
  deepseek: 'deepseek',
  xai: 'x-ai',
  togetherai: 'together',
  'fireworks-ai': 'fireworks',
  cerebras: 'cerebras',
  perplexity: 'perplexity',
  moonshotai: 'moonshotai',
  zai: 'zai',
  cohere: 'cohere',
  openrouter: 'openrouter',
};

/** Dollars per million tokens -> pico-dollars per token. */
const PLACES = 6;
/** Of the older object that names its threshold. */
const LONG_CONTEXT = 200_000;

export function isModelsDev(file: Json): boolean {
  return Object.values(file).some((row) => isJson(row) && isJson(row.models));
}

export function readModelsDev(file: Json): Feed {
  const models: FeedModel[] = [];
  let skipped = 0;
  for (const [name, vendor] of Object.entries(file)) {
    const provider = Object.hasOwn(providers, name) ? providers[name] : undefined;
    if (provider === undefined || !isJson(vendor) || !isJson(vendor.models)) continue;
    for (const [id, row] of Object.entries(vendor.models)) {
      const model = isJson(row) ? modelOf(provider, id, row) : undefined;
      if (model) models.push(model);
      else skipped += 1;
    }
  }
  return { kind: 'models.dev', models, skipped };
}

function modelOf(provider: string, id: string, row: Json): FeedModel | undefined {
  const limit = isJson(row.limit) ? row.limit : {};
  const tiers = isJson(row.cost) ? tiersOf(row.cost) : [];
  if (!tiers) return undefined;
  return {
    provider,
    id,
    ...(typeof row.name === 'string' && { name: row.name }),
    ...withTokens(limit.context, limit.output),
    ...capabilitiesIn(row),
    prices: tiers.length === 0 ? [] : [{ serviceTier: 'standard', tiers }],
  };
}

function capabilitiesIn({ tool_call, reasoning, structured_output, modalities }: Json) {
  const input = isJson(modalities) && Array.isArray(modalities.input) ? modalities.input : undefined;
  return withCapabilities({
    tools: tool_call,
    thinking: reasoning,
    'structured-output': structured_output,
    vision: input?.includes('image'),
    documents: input?.includes('pdf'),
    audio: input?.includes('audio'),
  });
}

/** undefined = it has a price that cannot be read. */
function tiersOf(cost: Json): PriceTier[] | undefined {
  const base = ratesIn(cost);
  if (!base) return undefined;
  const tiers = [{ aboveInputTokens: 0, rates: base }];
  for (const [above, row] of higher(cost)) {
    const rates = ratesIn(row);
    if (!rates || above === undefined) return undefined;
    tiers.push({ aboveInputTokens: above, rates });
  }
  return tiers.sort((a, b) => a.aboveInputTokens - b.aboveInputTokens);
}

function higher(cost: Json): (readonly [number | undefined, Json])[] {
  if (Array.isArray(cost.tiers)) {
    return cost.tiers.filter(isJson).map((row) => {
      const isContext = isJson(row.tier) && row.tier.type === 'context';
      return [isContext ? tokensOf((row.tier as Json).size) : undefined, row] as const;
    });
  }
  return isJson(cost.context_over_200k) ? [[LONG_CONTEXT, cost.context_over_200k]] : [];
}

function ratesIn(row: Json): Rates | undefined {
  return ratesOf(
    {
      input: row.input,
      output: row.output,
      cacheRead: row.cache_read,
      cacheWrite5m: row.cache_write,
      reasoning: row.reasoning,
      audioInput: row.input_audio,
      audioOutput: row.output_audio,
    },
    PLACES,
  );
}
