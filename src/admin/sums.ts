/** Sums of entries as every answer shows them. */
import { formatUsd, type NanoUsd } from '../base/money.ts';
import { Count, Usd } from './fields.ts';

export const sumFields = {
  entries: Count.openapi({ description: 'One per attempt' }),
  failedEntries: Count,
  inputTokens: Count,
  cacheReadTokens: Count,
  cacheWriteTokens: Count,
  outputTokens: Count,
  reasoningTokens: Count,
  costUsd: Usd,
  unpricedEntries: Count.openapi({ description: 'Entries without a known price; not in costUsd' }),
  estimatedEntries: Count.openapi({ description: 'Entries whose tokens the provider did not report' }),
};

/** What is rendered: of more than is shown here. */
export interface ShownSums {
  readonly entries: number;
  readonly errors: number;
  readonly input: number;
  readonly cacheRead: number;
  readonly cacheWrite: number;
  readonly output: number;
  readonly reasoning: number;
  readonly cost: NanoUsd;
  readonly unpriced: number;
  readonly estimated: number;
}

export function renderSums(row: ShownSums) {
  return {
    entries: row.entries,
    failedEntries: row.errors,
    inputTokens: row.input,
    cacheReadTokens: row.cacheRead,
    cacheWriteTokens: row.cacheWrite,
    outputTokens: row.output,
    reasoningTokens: row.reasoning,
    costUsd: formatUsd(row.cost),
    unpricedEntries: row.unpriced,
    estimatedEntries: row.estimated,
  };
}

/** Of all rows together. */
export function addUp(rows: readonly ShownSums[]): ShownSums {
  const add = (pick: (row: ShownSums) => number) => rows.reduce((sum, row) => sum + pick(row), 0);
  return {
    entries: add((row) => row.entries),
    errors: add((row) => row.errors),
    input: add((row) => row.input),
    cacheRead: add((row) => row.cacheRead),
    cacheWrite: add((row) => row.cacheWrite),
    output: add((row) => row.output),
    reasoning: add((row) => row.reasoning),
    cost: rows.reduce((sum, row) => (sum + row.cost) as NanoUsd, 0n as NanoUsd),
    unpriced: add((row) => row.unpriced),
    estimated: add((row) => row.estimated),
  };
}
