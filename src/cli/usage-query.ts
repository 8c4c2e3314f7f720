/** What the commands of `turnpike usage` have in common: whose spend, of when. */
import type { SpendQuery } from './client-analytics.ts';
import type { Io } from './io.ts';
import { readMoment } from './moment.ts';

export interface FilterOptions {
  readonly provider?: string;
  readonly model?: string;
  readonly key?: string;
  readonly agent?: string;
  readonly member?: string;
  readonly json?: boolean;
}

export interface StretchOptions extends FilterOptions {
  readonly since?: string;
  readonly until?: string;
}

export function filterOf({ provider, model, key, agent, member }: FilterOptions): SpendQuery {
  return { provider, model, key, agent, member };
}

/** @throws {CliError} for what is no moment */
export function stretchOf(io: Io, options: StretchOptions): SpendQuery {
  const { since, until } = options;
  return {
    ...filterOf(options),
    since: since && readMoment(since, io.now(), -1, '--since'),
    until: until && readMoment(until, io.now(), -1, '--until'),
  };
}
