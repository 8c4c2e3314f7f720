/**
 * What families of models are known to do, by their names: rules of ours, kept to families whose makers document it.
 * What a row neither gives nor leaves open, its models are known to lack; of a name without a row nothing is known.
 */
import type { Capability } from './model.ts';

export interface Family {
  /** Matched against the bare id in lower case; see `bareId`. */
  readonly id: RegExp;
  readonly has: readonly Capability[];
  /** Not known: it differs within the family, or by who serves it. */
  readonly open?: readonly Capability[];
}

const MEDIA: readonly Capability[] = ['vision', 'documents', 'audio'];
/** Of open weights: whether output can be bound to a schema, and whether prompts are cached, is for their server. */
const SERVER: readonly Capability[] = ['structured-output', 'prompt-cache'];
const CLAUDE: readonly Capability[] = ['tools', 'vision', 'documents', 'thinking', 'prompt-cache'];
const GPT: readonly Capability[] = ['tools', 'vision', 'documents', 'structured-output', 'prompt-cache'];
const GEMINI: readonly Capability[] = ['tools', 'vision', 'documents', 'audio', 'structured-output'];

/** Models that hold no conversation: of vectors, of pictures, of speech alone, and those that judge others. */
export const noChats: readonly Family[] = [
  {
    id: /embed|rerank|moderation|whisper|transcribe|-tts|^dall-e|^gpt-image|^imagen|^veo|^sora/,
    has: [],
    open: MEDIA,
  },
  { id: /llama-?guard|shieldgemma|prompt-guard/, has: [], open: MEDIA },
];

const anthropic: readonly Family[] = [
  { id: /^claude-(?:v?[12](?!\d)|instant)/, has: [] },
  {
    id: /^claude-3-(?:haiku|opus|sonnet)/,
    has: ['tools', 'vision'],
    open: ['documents', 'prompt-cache'],
  },
  { id: /^claude-3[-.]5/, has: ['tools', 'vision', 'prompt-cache'], open: ['documents'] },
  // From 4.5 on.
  {
    id: /^claude-(?:[a-z]+-)?(?:4[-.](?:[5-9]|\d\d)|[5-9]|\d\d)(?!\d)/,
    has: [...CLAUDE, 'structured-output'],
  },
  { id: /^claude-/, has: CLAUDE, open: ['structured-output'] },
];

const openai: readonly Family[] = [
  { id: /^gpt-.*(?:audio|realtime)/, has: ['tools', 'audio'], open: ['vision', ...SERVER] },
  {
    id: /^gpt-4o(?:-mini)?-search/,
    has: ['structured-output'],
    open: ['vision', 'documents', 'prompt-cache'],
  },
  { id: /^chatgpt-4o/, has: ['vision'], open: ['documents', 'prompt-cache'] },
  { id: /^gpt-(?:[\w.]+-)?chat/, has: ['vision'], open: ['tools', 'documents', 'thinking', ...SERVER] },
  { id: /^gpt-[\d.]+-image/, has: ['vision'], open: ['tools', 'documents', 'thinking', ...SERVER] },
  { id: /^gpt-oss/, has: ['tools', 'thinking'], open: SERVER },
  { id: /^gpt-4o-2024-05-13/, has: ['tools', 'vision'], open: ['documents'] },
  { id: /^gpt-4(?:o|\.1|\.5)/, has: GPT },
  { id: /^gpt-(?:[5-9]|\d\d)/, has: [...GPT, 'thinking'] },
  { id: /^gpt-4-turbo(?!-preview)/, has: ['tools', 'vision'], open: ['documents'] },
  { id: /^gpt-4-(?:turbo|vision|1106|0125)/, has: [], open: ['tools', 'vision', 'documents'] },
  { id: /^gpt-4(?!\d)/, has: ['tools'] },
  { id: /^gpt-3\.5-turbo-instruct|^(?:text-)?(?:davinci|babbage|curie|ada)(?:-|$)/, has: [] },
  { id: /^gpt-3\.5/, has: ['tools'] },
  { id: /^o1-(?:mini|preview)/, has: ['thinking'], open: ['prompt-cache'] },
  { id: /^o\d.*deep-research/, has: ['vision', 'thinking'], open: ['tools', 'documents', ...SERVER] },
  { id: /^o3-mini/, has: ['tools', 'thinking', ...SERVER] },
  {
    id: /^(?:o[134]|codex-mini)(?:-|$)/,
    has: ['tools', 'vision', 'thinking', 'structured-output'],
    open: ['documents', 'prompt-cache'],
  },
];

const google: readonly Family[] = [
  {
    id: /^gemini.*(?:-image|live|omni|native-audio)|^gemini-(?:1\.0|pro$|pro-vision|2\.0-flash-thinking)/,
    has: [],
    open: [...GEMINI, 'thinking', 'prompt-cache'],
  },
  { id: /^gemini-(?:1\.5|2\.0|(?:flash|pro)-1\.5)/, has: GEMINI, open: ['prompt-cache'] },
  { id: /^gemini-(?:\d|(?:flash|pro)(?:-lite)?-latest)/, has: [...GEMINI, 'thinking', 'prompt-cache'] },
  { id: /^gemma-?3n/, has: [], open: ['tools', 'vision', 'audio', ...SERVER] },
  { id: /^gemma-?3[:-](?:1b|270m)/, has: [], open: ['tools', ...SERVER] },
  { id: /^gemma-?3/, has: ['vision'], open: ['tools', ...SERVER] },
  { id: /^gemma-?4/, has: ['tools', 'vision', 'thinking'], open: ['audio', 'documents', ...SERVER] },
  { id: /^(?:code)?gemma/, has: [], open: ['tools', ...SERVER] },
];

const mistral: readonly Family[] = [
  { id: /^magistral/, has: ['tools', 'thinking'], open: ['vision', 'documents', ...SERVER] },
  { id: /^voxtral/, has: ['audio'], open: ['tools', 'documents', ...SERVER] },
  { id: /^pixtral/, has: ['tools', 'vision', 'structured-output'], open: ['documents', 'prompt-cache'] },
  {
    id: /^(?:mistral-(?:small|medium|large|nemo)|ministral|devstral|codestral-\d|mixtral-8x22b)/,
    has: ['tools'],
    open: ['vision', 'documents', 'thinking', ...SERVER],
  },
  { id: /^mi[sx]tral(?:$|:|-7b|-8x7b)/, has: [], open: ['tools', ...SERVER] },
];

const meta: readonly Family[] = [
  {
    id: /^(?:codellama|llama-?2(?!\d)|llama2|tinyllama|vicuna|orca|wizardlm|wizardcoder|zephyr|falcon|starcoder|stablelm|phi-?[23](?!\.\d-(?:vision|moe)))/,
    has: [],
    open: SERVER,
  },
  { id: /^llama.*(?:nemotron|deepseek|sonar|reasoning)/, has: [], open: ['tools', 'thinking', ...SERVER] },
  { id: /^(?:meta-)?llama-?v?3[.p-]2.*vision/, has: ['vision'], open: ['tools', ...SERVER] },
  { id: /^(?:meta-)?llama-?v?3[.p-][13](?!\d)/, has: ['tools'], open: SERVER },
  { id: /^(?:meta-)?llama-?v?3/, has: [], open: ['tools', ...SERVER] },
  { id: /^(?:meta-)?llama-?v?4/, has: ['tools', 'vision'], open: SERVER },
];

const others: readonly Family[] = [
  { id: /^deepseek-(?:r1|reasoner)/, has: ['thinking'], open: ['tools', ...SERVER] },
  { id: /^deepseek-(?:chat|v3)/, has: ['tools'], open: ['thinking', ...SERVER] },
  { id: /^deepseek-coder/, has: [], open: ['tools', ...SERVER] },
  { id: /^deepseek-v\d/, has: ['tools', 'thinking'], open: ['vision', 'documents', ...SERVER] },
  { id: /^qwen-?2[.p]5-?vl|^qwen-?vl/, has: ['vision'], open: ['tools', 'documents', ...SERVER] },
  { id: /^qwen-?2[.p]5-?omni/, has: ['vision', 'audio'], open: ['tools', ...SERVER] },
  { id: /^qwen-?2[.p]?5?-?coder/, has: [], open: ['tools', ...SERVER] },
  { id: /^qwen-?2(?:[.p]5)?(?:[:-]|$)/, has: ['tools'], open: SERVER },
  { id: /^qwq/, has: ['thinking'], open: ['tools', ...SERVER] },
  {
    id: /^qwen-?3-?(?:vl|omni)/,
    has: ['tools', 'vision'],
    open: ['thinking', 'documents', 'audio', ...SERVER],
  },
  { id: /^qwen-?3-?coder/, has: ['tools'], open: SERVER },
  { id: /^qwen-?3(?:[:-]|$)/, has: ['tools'], open: ['thinking', ...SERVER] },
  { id: /^qwen-?3/, has: ['tools'], open: ['thinking', ...MEDIA, ...SERVER] },
  { id: /^grok-(?:2|vision).*vision|^grok-vision/, has: ['vision'], open: ['tools', ...SERVER] },
  { id: /^grok-3-mini/, has: ['tools', 'thinking'], open: SERVER },
  { id: /^grok-[23](?!\d)/, has: ['tools'], open: SERVER },
  { id: /^grok-4.*non-reasoning/, has: ['tools', 'vision'], open: ['documents', ...SERVER] },
  { id: /^grok-code/, has: ['tools', 'thinking'], open: SERVER },
  { id: /^grok-[4-9]/, has: ['tools', 'vision'], open: ['thinking', 'documents', ...SERVER] },
  { id: /^kimi-k2-thinking/, has: ['tools', 'thinking'], open: SERVER },
  { id: /^kimi-k2(?:$|:|-0|-1|-instruct|-turbo)/, has: ['tools'], open: SERVER },
  { id: /^kimi-k/, has: ['tools'], open: ['thinking', ...MEDIA, ...SERVER] },
  { id: /^(?:zai-)?glm-4[.p]\dv/, has: ['tools', 'vision', 'thinking'], open: ['documents', ...SERVER] },
  { id: /^(?:zai-)?glm-4[.p][5-9]/, has: ['tools', 'thinking'], open: SERVER },
  { id: /^(?:zai-)?glm-[5-9]/, has: ['tools'], open: ['thinking', ...MEDIA, ...SERVER] },
  { id: /^command-r/, has: ['tools'], open: SERVER },
  { id: /^command-a(?!-vision)/, has: ['tools'], open: ['vision', 'thinking', ...SERVER] },
  { id: /^sonar/, has: [], open: ['vision', 'documents', 'thinking', ...SERVER] },
  { id: /^nova-micro/, has: ['tools'], open: ['prompt-cache'] },
  { id: /^nova-(?:lite|pro|premier)/, has: ['tools', 'vision', 'documents'], open: ['prompt-cache'] },
  { id: /^minimax-m[12](?!\d)/, has: ['tools', 'thinking'], open: SERVER },
  { id: /^(?:llava|bakllava|moondream|minicpm-v)/, has: ['vision'], open: SERVER },
  { id: /^phi-?4-multimodal/, has: ['vision', 'audio'], open: ['tools', ...SERVER] },
  { id: /^phi-?4-(?:mini-)?reasoning/, has: ['thinking'], open: ['tools', ...SERVER] },
  { id: /^phi-?4/, has: [], open: ['tools', ...SERVER] },
];

/** The first that matches counts. */
export const families: readonly Family[] = [
  ...noChats,
  ...anthropic,
  ...openai,
  ...google,
  ...mistral,
  ...meta,
  ...others,
];
