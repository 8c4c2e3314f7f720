/** What a request needs of a model, what is known of each candidate, and what one of them is known to lack. Pure. */
import { CAPABILITIES, type Capability } from '../catalog/model.ts';
import type { Target } from './ref.ts';

/** Read from the request before candidates are put in order. */
export interface RequestNeeds {
  /** About as many as it has. */
  readonly inputTokens: number;
  /** At most as many as the answer may have; what its worst case is priced by. */
  readonly outputTokens: number;
  readonly capabilities: readonly Capability[];
}

/** What is known of one target, for choosing. Made once per plan. */
export interface CandidateFacts {
  readonly target: Target;
  /** Canonical `provider/model`. */
  readonly ref: string;
  /** Nano-dollars per million tokens, of the lowest tier; undefined = not known. */
  readonly inputRate: number | undefined;
  readonly outputRate: number | undefined;
  /** Tokens; undefined = not known. */
  readonly contextWindow: number | undefined;
  readonly maxOutputTokens: number | undefined;
  /** As the provider declares it. */
  readonly region: string | undefined;
  /** undefined = not known. */
  can(capability: Capability): boolean | undefined;
}

/** Why a candidate is not tried: a short code for programs, a sentence for people. */
export interface Unfit {
  readonly reason: string;
  readonly note: string;
}

/** Room for the shortest useful answer, and for what a vendor's own template adds. */
export const CONTEXT_RESERVE_TOKENS = 256;

/** One bit for each capability, so that a request's needs are compared in one step. */
export type CapabilityBits = number;

const BITS = Object.fromEntries(
  CAPABILITIES.map((capability, index) => [capability, 1 << index]),
) as Readonly<Record<Capability, CapabilityBits>>;

function bitsOf(capabilities: readonly Capability[]): CapabilityBits {
  let bits = 0;
  for (const capability of capabilities) bits |= BITS[capability];
  return bits;
}

/** The capabilities it is known not to have. */
export function lackingBits(facts: CandidateFacts): CapabilityBits {
  return bitsOf(CAPABILITIES.filter((capability) => facts.can(capability) === false));
}

export function neededBits({ capabilities }: RequestNeeds): CapabilityBits {
  return bitsOf(capabilities);
}

/** A window that is not known is taken to be long enough. */
export function isTooLong({ contextWindow }: CandidateFacts, { inputTokens }: RequestNeeds): boolean {
  return contextWindow !== undefined && contextWindow < inputTokens + CONTEXT_RESERVE_TOKENS;
}

/** What this request needs and the candidate is known to lack; undefined = nothing. */
export function unfitFor(facts: CandidateFacts, needs: RequestNeeds): Unfit | undefined {
  const lacked = needs.capabilities.find((capability) => facts.can(capability) === false);
  if (lacked !== undefined) {
    return {
      reason: `lacks_${lacked.replaceAll('-', '_')}`,
      note: `the request needs ${lacked}, which ${facts.ref} is known not to have`,
    };
  }
  if (!isTooLong(facts, needs)) return undefined;
  return {
    reason: 'context_too_long',
    note: `the request has about ${needs.inputTokens} tokens, ${facts.ref} reads ${facts.contextWindow}`,
  };
}
