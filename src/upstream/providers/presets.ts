/**
 * Vendors and local servers that speak chat completions: `openai-compatible` with the address, the names of
 * the key's variables and the catalog's shelf filled in. A new one is a row.
 */
import type { ProviderKind } from '../provider.ts';
import {
  BATCHES,
  COMPLETIONS,
  compatibleRelays,
  FILES,
  GENERATIONS,
  MODERATIONS,
  RERANK,
  type Relays,
  relaysOf,
  SPEECH,
  TRANSCRIPTIONS,
} from '../relays.ts';
import { openaiCompatible } from './openai-compatible.ts';

interface Preset {
  readonly id: string;
  /** Including the version part, as the vendor documents it for OpenAI's SDK. */
  readonly baseUrl: string;
  readonly credentialEnv: readonly string[];
  /** Where the catalog files its models, when not under `id`. */
  readonly catalogProvider?: string;
  /** Documented, or seen, to stop generating (and billing) when the connection is cut. Unknown = no. */
  readonly cancelStopsBilling?: boolean;
  /** Client headers that steer a conversation back to the machine that has its prompt cached. */
  readonly forwardedHeaders?: readonly string[];
  /** The vendor refuses `stream_options`, and reports usage in streams unasked. */
  readonly streamUsage?: 'leave';
  /** Other calls of OpenAI's API that it documents. */
  readonly relays?: Relays;
}

const hosted: readonly Preset[] = [
  {
    id: 'groq',
    baseUrl: 'https://api.groq.com/openai/v1',
    credentialEnv: ['GROQ_API_KEY'],
    relays: relaysOf(SPEECH, TRANSCRIPTIONS, FILES, BATCHES),
  },
  {
    id: 'mistral',
    baseUrl: 'https://api.mistral.ai/v1',
    credentialEnv: ['MISTRAL_API_KEY'],
    streamUsage: 'leave',
    relays: relaysOf(MODERATIONS, ['/audio/transcriptions'], FILES),
  },
  {
    id: 'deepseek',
    baseUrl: 'https://api.deepseek.com/v1',
    credentialEnv: ['DEEPSEEK_API_KEY'],
    cancelStopsBilling: true,
  },
  {
    id: 'xai',
    baseUrl: 'https://api.x.ai/v1',
    credentialEnv: ['XAI_API_KEY'],
    catalogProvider: 'x-ai',
    forwardedHeaders: ['x-grok-conv-id'],
    cancelStopsBilling: true,
    relays: relaysOf(COMPLETIONS, GENERATIONS),
  },
  {
    id: 'together',
    baseUrl: 'https://api.together.xyz/v1',
    credentialEnv: ['TOGETHER_API_KEY'],
    cancelStopsBilling: true,
    relays: relaysOf(COMPLETIONS, GENERATIONS, SPEECH, TRANSCRIPTIONS, RERANK, FILES, BATCHES),
  },
  {
    id: 'fireworks',
    baseUrl: 'https://api.fireworks.ai/inference/v1',
    credentialEnv: ['FIREWORKS_API_KEY'],
    forwardedHeaders: ['x-session-affinity'],
    cancelStopsBilling: true,
    relays: relaysOf(COMPLETIONS),
  },
  { id: 'cerebras', baseUrl: 'https://api.cerebras.ai/v1', credentialEnv: ['CEREBRAS_API_KEY'] },
  {
    // No version in its path, and usage in every chunk.
    id: 'perplexity',
    baseUrl: 'https://api.perplexity.ai',
    credentialEnv: ['PERPLEXITY_API_KEY'],
    streamUsage: 'leave',
  },
  {
    id: 'moonshot',
    baseUrl: 'https://api.moonshot.ai/v1',
    credentialEnv: ['MOONSHOT_API_KEY'],
    catalogProvider: 'moonshotai',
  },
  { id: 'zai', baseUrl: 'https://api.z.ai/api/paas/v4', credentialEnv: ['ZAI_API_KEY'] },
  { id: 'nvidia', baseUrl: 'https://integrate.api.nvidia.com/v1', credentialEnv: ['NVIDIA_API_KEY'] },
  {
    id: 'deepinfra',
    baseUrl: 'https://api.deepinfra.com/v1/openai',
    credentialEnv: ['DEEPINFRA_API_KEY', 'DEEPINFRA_TOKEN'],
    cancelStopsBilling: true,
    relays: relaysOf(COMPLETIONS, GENERATIONS, SPEECH, TRANSCRIPTIONS),
  },
  { id: 'sambanova', baseUrl: 'https://api.sambanova.ai/v1', credentialEnv: ['SAMBANOVA_API_KEY'] },
  { id: 'huggingface', baseUrl: 'https://router.huggingface.co/v1', credentialEnv: ['HF_TOKEN'] },
];

/** What the catalog files servers on the operator's own machines under: everything there costs an explicit zero. */
const LOCAL = 'local';

const VLLM = relaysOf(COMPLETIONS, RERANK, TRANSCRIPTIONS);

/** Servers on the operator's own machines: no key needed (one is sent if given), no bill, their usual ports. */
const local: readonly Preset[] = [
  { id: 'vllm', baseUrl: 'http://127.0.0.1:8000/v1', credentialEnv: ['VLLM_API_KEY'], relays: VLLM },
  { id: 'lmstudio', baseUrl: 'http://127.0.0.1:1234/v1', credentialEnv: [], relays: relaysOf(COMPLETIONS) },
  {
    id: 'llamacpp',
    baseUrl: 'http://127.0.0.1:8080/v1',
    credentialEnv: [],
    relays: relaysOf(COMPLETIONS, RERANK),
  },
];

/** Runs locally like those, but what stands behind it bills. */
const litellm: Preset = {
  id: 'litellm',
  baseUrl: 'http://127.0.0.1:4000/v1',
  credentialEnv: ['LITELLM_API_KEY'],
  relays: compatibleRelays,
};

function kindFrom(preset: Preset, needsCredential: boolean): ProviderKind {
  const { relays: _all, ...alike } = openaiCompatible;
  return {
    ...alike,
    id: preset.id,
    defaultBaseUrl: preset.baseUrl,
    credentialEnv: preset.credentialEnv,
    needsCredential,
    catalogProvider: preset.catalogProvider ?? preset.id,
    cancelStopsBilling: preset.cancelStopsBilling ?? false,
    ...(preset.forwardedHeaders && { forwardedHeaders: preset.forwardedHeaders }),
    ...(preset.streamUsage && { streamUsage: preset.streamUsage }),
    ...(preset.relays && { relays: preset.relays }),
  };
}

function localKind(preset: Preset): ProviderKind {
  return kindFrom({ ...preset, catalogProvider: LOCAL, cancelStopsBilling: true }, false);
}

/** In the order in which a bare model id looks for a server. */
export const presetKinds: readonly ProviderKind[] = [
  ...hosted.map((preset) => kindFrom(preset, true)),
  ...local.map(localKind),
  kindFrom(litellm, false),
];
