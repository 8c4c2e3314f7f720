/** What a route declares that its members must have. Hard: what is not known of a model does not pass. Pure. */
import { formatUsd } from '../base/money.ts';
import type { CandidateFacts } from './needs.ts';
import type { RouteFilter } from './route-rule.ts';

/** Why a candidate does not pass, for people; undefined = it passes. */
export function filteredOut(filter: RouteFilter, facts: CandidateFacts): string | undefined {
  for (const capability of filter.capabilities) {
    const knows = facts.can(capability);
    if (knows === false) return `it does not have ${capability}`;
    if (knows === undefined) return `it is not known to have ${capability}`;
  }
  return (
    windowProblem(filter, facts) ??
    regionProblem(filter, facts) ??
    rateProblem('input', filter.maxInputRate, facts.inputRate) ??
    rateProblem('output', filter.maxOutputRate, facts.outputRate)
  );
}

function windowProblem({ contextWindow: least }: RouteFilter, facts: CandidateFacts): string | undefined {
  if (least === undefined) return undefined;
  if (facts.contextWindow === undefined) return 'its context window is not known';
  if (facts.contextWindow >= least) return undefined;
  return `its context window is ${facts.contextWindow} tokens, at least ${least} are wanted`;
}

function regionProblem({ region }: RouteFilter, facts: CandidateFacts): string | undefined {
  if (region === undefined) return undefined;
  if (facts.region === undefined) return 'its provider declares no region';
  if (facts.region.toLowerCase() === region.toLowerCase()) return undefined;
  return `its region is ${facts.region}, ${region} is wanted`;
}

function rateProblem(what: string, most: number | undefined, rate: number | undefined): string | undefined {
  if (most === undefined) return undefined;
  if (rate === undefined) return `its ${what} price is not known`;
  if (rate <= most) return undefined;
  return `its ${what} price is ${perMillion(rate)}, at most ${perMillion(most)} is wanted`;
}

/** @param rate nano-dollars per million tokens */
function perMillion(rate: number): string {
  return `$${formatUsd(BigInt(Math.ceil(rate)))} per million tokens`;
}
