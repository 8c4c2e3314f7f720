/** What is said on stderr below an answer: who gave it, why that model, what it cost; and above all when it was another. */
import type { ExplainedExchange } from '../admin/exchanges.ts';
import type { Io } from './io.ts';
import { costOf, count, paintFor, printLine } from './print.ts';

export interface AnswerFacts {
  readonly headers: Headers;
  readonly usage: { readonly inputTokens: number; readonly outputTokens: number } | undefined;
  /** undefined = nobody here may read the ledger. */
  readonly exchange: ExplainedExchange | undefined;
}

/** Who was to answer and did not. */
export interface FallbackNotice {
  readonly from: string;
  /** undefined = the server does not say. */
  readonly reason: string | undefined;
}

/** undefined = the model that was chosen answered. */
export function fallbackOf({ headers }: AnswerFacts): FallbackNotice | undefined {
  if (headers.get('x-turnpike-fallback') !== 'true') return undefined;
  const told = headers.get('x-turnpike-fallback-from');
  const [, from, reason] = /^([^;]*)(?:;\s*(.*))?$/.exec(told ?? '') ?? [];
  return { from: from || 'the model that was chosen', reason: reason || undefined };
}

/** The layer that chose the model, and where that is written; undefined = nobody here may read it. */
export function choiceOf({ exchange }: AnswerFacts): { layer: string; source: string | null } | undefined {
  const choice = exchange?.decision.choice;
  if (!choice) return undefined;
  const won = choice.layers.find(({ layer }) => layer === choice.layer);
  return { layer: choice.layer, source: won?.source ?? null };
}

export function printFooter(io: Io, facts: AnswerFacts): void {
  const { headers, usage, exchange } = facts;
  const paint = paintFor(io.stderr, io.env);
  const model = headers.get('x-turnpike-model');
  const notice = fallbackOf(facts);
  if (notice) {
    const reason = notice.reason === undefined ? '' : ` (${notice.reason})`;
    const text = `⚠ ${notice.from} did not answer${reason}; ${model ?? 'another model'} did`;
    printLine(io.stderr, paint.yellow(text));
  }
  const choice = choiceOf(facts);
  const parts = [
    ...(model ? [model] : []),
    ...(choice ? [`by ${choice.layer}${choice.source ? ` (${choice.source})` : ''}`] : []),
    ...(usage ? [`${count(usage.inputTokens)} in, ${count(usage.outputTokens)} out`] : []),
    ...(headers.get('x-turnpike-cache') === 'hit' ? ['from the cache'] : []),
    ...(exchange ? [costOf(exchange.costUsd)] : []),
  ];
  if (parts.length > 0) printLine(io.stderr, paint.dim(parts.join(' · ')));
}
