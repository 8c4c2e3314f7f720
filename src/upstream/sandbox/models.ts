/**
 * The simulated models: names, prices, capabilities, pace. Plain data in the catalog's own shape, so that the
 * server can list them beside the real ones; this room may not import the catalog.
 */
import { faultNames } from './fault.ts';

/** What makes up the answer. One function each in speakers.ts. */
export type Speaker = 'echo' | 'scribe' | 'thinker' | 'toolsmith' | 'vision' | 'json';

/** Milliseconds. */
export interface Pace {
  /** Request read -> response head. */
  readonly firstByteMs: number;
  /** From one piece (about a word) to the next; 0 = everything in one go. 20 is 50 tokens a second. */
  readonly pieceMs: number;
}

/** Pico-dollars per token (= micro-dollars per million tokens). */
interface SandboxRates {
  readonly input: number;
  readonly output: number;
  readonly cacheRead?: number;
  readonly cacheWrite5m?: number;
  readonly cacheWrite1h?: number;
  readonly reasoning?: number;
}

interface SandboxPrice {
  readonly provider: 'sandbox';
  readonly model: string;
  readonly serviceTier: 'standard';
  readonly source: 'sandbox';
  readonly effectiveFromMs: 0;
  readonly tiers: readonly { readonly aboveInputTokens: number; readonly rates: SandboxRates }[];
}

type SandboxCapability = 'tools' | 'vision' | 'thinking' | 'structured-output' | 'prompt-cache';

/** One simulated model. Assignable to the catalog's `Model`. */
export interface SandboxModel {
  readonly provider: 'sandbox';
  readonly id: string;
  readonly name: string;
  /** One sentence for docs/reference/sandbox.md and `models list`. */
  readonly does: string;
  readonly contextWindow: number;
  readonly maxOutputTokens: number;
  readonly capabilities: readonly SandboxCapability[];
  /** Empty = nobody knows the price, which is not zero. */
  readonly prices: readonly SandboxPrice[];
  readonly speaker: Speaker;
  readonly pace: Pace;
  /** Reports repeated prefixes as cache writes and reads. */
  readonly hasPromptCache: boolean;
  /** Answers calls for embeddings. */
  readonly embeds: boolean;
  /** The fault this model always shows: a name of the fault table. */
  readonly fault?: string;
}

interface ModelRow {
  readonly name: string;
  readonly does: string;
  readonly speaker: Speaker;
  readonly capabilities: readonly SandboxCapability[];
  readonly rates?: SandboxRates;
  /** Rates above a total input, in tokens. */
  readonly longContext?: { readonly aboveInputTokens: number; readonly rates: SandboxRates };
  readonly contextWindow?: number;
  readonly pace?: Pace;
  readonly embeds?: true;
}

const CONTEXT_WINDOW = 200_000;
/** Also what bounds the memory one answer may take. */
const MAX_OUTPUT_TOKENS = 32_000;
const AT_ONCE: Pace = { firstByteMs: 0, pieceMs: 0 };
const BRISK: Pace = { firstByteMs: 120, pieceMs: 12 };
const UNHURRIED: Pace = { firstByteMs: 400, pieceMs: 25 };

/** US dollars per million tokens, with at most six decimals. */
function perMillion(usd: number): number {
  return Math.round(usd * 1_000_000);
}

const cheapRates: SandboxRates = { input: perMillion(0.1), output: perMillion(0.4) };
const plainRates: SandboxRates = { input: perMillion(1), output: perMillion(5) };

const rows: Readonly<Record<string, ModelRow>> = {
  echo: {
    name: 'Sandbox Echo',
    does: 'Repeats the last user text, word for word, at once.',
    speaker: 'echo',
    capabilities: ['tools'],
    rates: cheapRates,
  },
  scribe: {
    name: 'Sandbox Scribe',
    does: 'Writes pleasant prose seeded by the prompt, at a reading pace; the one to say hello to.',
    speaker: 'scribe',
    capabilities: ['tools', 'structured-output'],
    rates: plainRates,
    pace: BRISK,
  },
  thinker: {
    name: 'Sandbox Thinker',
    does: 'Thinks first (signed, where the format has signatures), then answers.',
    speaker: 'thinker',
    capabilities: ['tools', 'structured-output', 'thinking'],
    rates: { input: perMillion(2), output: perMillion(8) },
    pace: BRISK,
  },
  toolsmith: {
    name: 'Sandbox Toolsmith',
    does: 'Calls a declared tool with valid arguments, then answers from its result.',
    speaker: 'toolsmith',
    capabilities: ['tools', 'structured-output'],
    rates: plainRates,
    pace: { firstByteMs: 80, pieceMs: 6 },
  },
  vision: {
    name: 'Sandbox Vision',
    does: 'Says which images it was shown: media type, bytes, width and height.',
    speaker: 'vision',
    capabilities: ['vision', 'tools'],
    rates: { input: perMillion(0.5), output: perMillion(2) },
    pace: BRISK,
  },
  json: {
    name: 'Sandbox JSON',
    does: 'Answers with JSON that is valid for the schema asked for.',
    speaker: 'json',
    capabilities: ['structured-output', 'tools'],
    rates: { input: perMillion(0.5), output: perMillion(2) },
  },
  premium: {
    name: 'Sandbox Premium',
    does: 'Dear: long-context tier, prompt cache (5 minutes and 1 hour), own price for reasoning.',
    speaker: 'thinker',
    capabilities: ['tools', 'vision', 'structured-output', 'thinking', 'prompt-cache'],
    rates: premiumRates(1),
    longContext: { aboveInputTokens: 200_000, rates: premiumRates(2) },
    contextWindow: 1_000_000,
    pace: UNHURRIED,
  },
  embedder: {
    name: 'Sandbox Embedder',
    does: 'Makes vectors of length 1, the same for the same text, with as many dimensions as asked; in a chat, like echo.',
    speaker: 'echo',
    capabilities: [],
    rates: { input: perMillion(0.02), output: 0 },
    contextWindow: 8_192,
    embeds: true,
  },
  free: {
    name: 'Sandbox Free',
    does: 'Like scribe, at a price of exactly zero.',
    speaker: 'scribe',
    capabilities: ['tools', 'structured-output'],
    rates: { input: 0, output: 0 },
    pace: BRISK,
  },
  unpriced: {
    name: 'Sandbox Unpriced',
    does: 'Like scribe, but nobody knows its price.',
    speaker: 'scribe',
    capabilities: ['tools', 'structured-output'],
    pace: BRISK,
  },
};

function premiumRates(factor: number): SandboxRates {
  return {
    input: perMillion(15 * factor),
    output: perMillion(75 * factor),
    cacheRead: perMillion(1.5 * factor),
    cacheWrite5m: perMillion(18.75 * factor),
    cacheWrite1h: perMillion(30 * factor),
    reasoning: perMillion(90 * factor),
  };
}

function toModel(id: string, row: ModelRow): SandboxModel {
  const base = row.rates ? [{ aboveInputTokens: 0, rates: row.rates }] : [];
  const tiers = row.longContext ? [...base, row.longContext] : base;
  const price: SandboxPrice = {
    provider: 'sandbox',
    model: id,
    serviceTier: 'standard',
    source: 'sandbox',
    effectiveFromMs: 0,
    tiers,
  };
  return {
    provider: 'sandbox',
    id,
    name: row.name,
    does: row.does,
    contextWindow: row.contextWindow ?? CONTEXT_WINDOW,
    maxOutputTokens: MAX_OUTPUT_TOKENS,
    capabilities: row.capabilities,
    prices: row.rates ? [price] : [],
    speaker: row.speaker,
    pace: row.pace ?? AT_ONCE,
    hasPromptCache: row.capabilities.includes('prompt-cache'),
    embeds: row.embeds ?? false,
  };
}

function faultModel(fault: string): SandboxModel {
  const row: ModelRow = {
    name: `Sandbox Fault ${fault}`,
    does: `Fails: ${fault}.`,
    speaker: 'scribe',
    capabilities: ['tools', 'structured-output'],
    rates: plainRates,
    embeds: true,
  };
  return { ...toModel(`fault-${fault}`, row), fault };
}

/** All of them, the useful ones first, then `fault-<name>` for each fault. */
export const sandboxModels: readonly SandboxModel[] = [
  ...Object.entries(rows).map(([id, row]) => toModel(id, row)),
  ...faultNames.map(faultModel),
];

const byId = new Map(sandboxModels.map((model) => [model.id, model]));

export function findSandboxModel(id: string): SandboxModel | undefined {
  return byId.get(id);
}
