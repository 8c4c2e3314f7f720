/** Whom other gateways mean: their words for providers, and well-known addresses, as kinds of ours. */

export interface ImportKind {
  readonly kind: string;
  /** Variables that the kind reads itself, for the provider of its own name. */
  readonly variables: readonly string[];
  /** Its models are the operator's own names: they are listed in the file. */
  readonly isOwnNames?: boolean;
  /** Works without a key. */
  readonly isLocal?: boolean;
}

const row = (kind: string, variables: readonly string[], more: Partial<ImportKind> = {}): ImportKind => ({
  kind,
  variables,
  ...more,
});

const own = { isOwnNames: true };
const local = { isOwnNames: true, isLocal: true };

export const compatible = row('openai-compatible', [], local);

const kinds = {
  anthropic: row('anthropic', ['ANTHROPIC_API_KEY']),
  openai: row('openai', ['OPENAI_API_KEY']),
  gemini: row('gemini', ['GEMINI_API_KEY', 'GOOGLE_API_KEY']),
  azure: row('azure', ['AZURE_API_KEY', 'AZURE_OPENAI_API_KEY'], own),
  bedrock: row('bedrock', ['AWS_BEARER_TOKEN_BEDROCK'], { isLocal: true }),
  vertex: row('vertex', [], { isLocal: true }),
  openrouter: row('openrouter', ['OPENROUTER_API_KEY']),
  groq: row('groq', ['GROQ_API_KEY']),
  mistral: row('mistral', ['MISTRAL_API_KEY']),
  deepseek: row('deepseek', ['DEEPSEEK_API_KEY']),
  xai: row('xai', ['XAI_API_KEY']),
  together: row('together', ['TOGETHER_API_KEY']),
  fireworks: row('fireworks', ['FIREWORKS_API_KEY']),
  cerebras: row('cerebras', ['CEREBRAS_API_KEY']),
  perplexity: row('perplexity', ['PERPLEXITY_API_KEY']),
  moonshot: row('moonshot', ['MOONSHOT_API_KEY']),
  zai: row('zai', ['ZAI_API_KEY']),
  nvidia: row('nvidia', ['NVIDIA_API_KEY']),
  deepinfra: row('deepinfra', ['DEEPINFRA_API_KEY', 'DEEPINFRA_TOKEN']),
  sambanova: row('sambanova', ['SAMBANOVA_API_KEY']),
  huggingface: row('huggingface', ['HF_TOKEN']),
  ollama: row('ollama', [], local),
  vllm: row('vllm', ['VLLM_API_KEY'], local),
  lmstudio: row('lmstudio', [], local),
  llamacpp: row('llamacpp', [], local),
  litellm: row('litellm', ['LITELLM_API_KEY'], own),
} as const satisfies Record<string, ImportKind>;

/** What stands before the slash in LiteLLM's `model`. */
const litellmPrefixes: Readonly<Record<string, ImportKind>> = {
  ...kinds,
  azure_ai: compatible,
  vertex_ai: kinds.vertex,
  vertex_ai_beta: kinds.vertex,
  bedrock_converse: kinds.bedrock,
  together_ai: kinds.together,
  fireworks_ai: kinds.fireworks,
  nvidia_nim: kinds.nvidia,
  ollama_chat: kinds.ollama,
  hosted_vllm: kinds.vllm,
  lm_studio: kinds.lmstudio,
  litellm_proxy: kinds.litellm,
  openai_like: compatible,
  custom_openai: compatible,
  'text-completion-openai': kinds.openai,
};

const hosts: Readonly<Record<string, ImportKind>> = {
  'api.anthropic.com': kinds.anthropic,
  'api.openai.com': kinds.openai,
  'generativelanguage.googleapis.com': kinds.gemini,
  'openrouter.ai': kinds.openrouter,
  'api.groq.com': kinds.groq,
  'api.mistral.ai': kinds.mistral,
  'api.deepseek.com': kinds.deepseek,
  'api.x.ai': kinds.xai,
  'api.together.xyz': kinds.together,
  'api.fireworks.ai': kinds.fireworks,
  'api.cerebras.ai': kinds.cerebras,
  'api.perplexity.ai': kinds.perplexity,
  'api.moonshot.ai': kinds.moonshot,
  'api.z.ai': kinds.zai,
  'integrate.api.nvidia.com': kinds.nvidia,
  'api.deepinfra.com': kinds.deepinfra,
  'api.sambanova.ai': kinds.sambanova,
  'router.huggingface.co': kinds.huggingface,
};

/** For the test that holds these tables equal to the kinds there are. */
export const importKinds: readonly ImportKind[] = [...Object.values(kinds), compatible];

/** undefined = we do not speak to it. */
export function kindOfPrefix(prefix: string): ImportKind | undefined {
  return Object.hasOwn(litellmPrefixes, prefix) ? litellmPrefixes[prefix] : undefined;
}

export function kindNamed(name: string): ImportKind | undefined {
  return Object.hasOwn(kinds, name) ? kinds[name as keyof typeof kinds] : undefined;
}

/** Of a model that stands without a provider. */
export function kindOfBareModel(model: string): ImportKind | undefined {
  if (/^(gpt-|chatgpt-|o[1-9](-|$)|text-embedding-|dall-e|whisper-|tts-)/.test(model)) return kinds.openai;
  if (/^claude-/.test(model)) return kinds.anthropic;
  // LiteLLM sends a bare Gemini to Vertex.
  return /^gemini-/.test(model) ? kinds.vertex : undefined;
}

/** Whose address it is; a server nobody knows speaks OpenAI Chat, as others assume too. */
export function kindOfUrl(url: URL): ImportKind {
  if (Object.hasOwn(hosts, url.hostname)) return hosts[url.hostname]!;
  if (url.port === '11434') return kinds.ollama;
  return url.hostname.endsWith('.openai.azure.com') ? kinds.azure : compatible;
}
