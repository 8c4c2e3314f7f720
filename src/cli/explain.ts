/** `turnpike explain`: why an exchange went as it did, by the id its client was shown, or how one would go. */
import type { ChoiceRecord, DecidedAttempt, Losses } from '../admin/decision.ts';
import type { ExplainedExchange } from '../admin/exchanges.ts';
import { withBooks } from './connect.ts';
import { type DryRunOptions, explainDryRun } from './explain-dry-run.ts';
import { describeOrder, describePrice, describeSkipped, printLayers, printNamed } from './explain-print.ts';
import { type ExitCode, type Io, usageError } from './io.ts';
import { costOf, count, moment, printJson, printLine, printTable } from './print.ts';
import { printContent } from './privacy.ts';

export type ExplainOptions = DryRunOptions & {
  readonly json?: boolean;
  readonly dryRun?: boolean;
  readonly content?: boolean;
};

/** As `parsePromptId` of the server reads it. */
const PROMPT = /^(agent|command|skill|hook)s?:./i;

/** A prompt is told from a model by its kind. */
function namedBy(id: string | undefined): DryRunOptions {
  if (id === undefined) return {};
  return PROMPT.test(id) ? { prompt: id } : { model: id };
}

/** @param what an exchange's id, a prompt's, or a model ref */
export async function explain(
  io: Io,
  what: string | undefined,
  { json, dryRun, content = false, ...asked }: ExplainOptions,
): Promise<ExitCode> {
  const id = what?.trim();
  const isExchange = id?.startsWith('exc_') === true && !dryRun;
  if (!isExchange) {
    if (id === undefined && !dryRun && Object.keys(asked).length === 0)
      throw usageError(
        'nothing to explain',
        'turnpike explain exc_…, or a model ref, or --agent … --dry-run.',
      );
    return explainDryRun(io, { ...asked, ...namedBy(id) }, json === true);
  }
  const exchange = await withBooks(io, (client) => client.exchange(id));
  if (json) {
    const said = content && { content: await withBooks(io, (client) => client.privacy.content(id)) };
    printJson(io, { ...exchange, ...said });
    return 0;
  }
  const { decision } = exchange;
  printFacts(io, exchange);
  if (decision.choice) {
    printLine(io.stdout);
    printLayers(io, decision.choice);
  }
  printLine(io.stdout);
  printAttempts(io, decision.attempts);
  printLine(io.stdout);
  printLosses(io, decision.attempts);
  if (content) await printContent(io, id);
  return 0;
}

function printFacts(io: Io, exchange: ExplainedExchange): void {
  const { decision, status, model } = exchange;
  const overhead = decision.overheadMs === null ? [] : [`${decision.overheadMs} ms added by Turnpike`];
  const revision = decision.revision === null ? [] : [`revision ${decision.revision}`];
  const prices = decision.attempts.flatMap(({ price }) => price ?? []);
  const facts: readonly (readonly [string, string])[] = [
    ['exchange', `${exchange.id}, ${status}, ${costOf(exchange.costUsd)}`],
    ...(decision.asked === null ? [] : [['asked for', decision.asked] as const]),
    ...(decision.choice?.prompt ? [['prompt', describePrompt(decision.choice)] as const] : []),
    [status === 'ok' ? 'answered by' : 'last tried', model],
    ...(isCached(exchange) ? [['given again', 'from the cache: nothing was sent'] as const] : []),
    ...(decision.order ? [['order', describeOrder(decision.order)] as const] : []),
    ...decision.skipped.map((skipped) => ['passed over', describeSkipped(skipped)] as const),
    ...prices.slice(-1).map((price) => ['price', describePrice(price)] as const),
    ...(decision.budgets.length === 0 ? [] : [['budgets', describeBudgets(decision.budgets)] as const]),
    ['client', `${exchange.clientFormat} (${decision.operation}), ${exchange.key}, ${decision.workspace}`],
    ['began', [`${moment(exchange.startedAt)} UTC`, ...revision, ...overhead].join(', ')],
    ...(decision.phases ? [['time', describePhases(decision.phases)] as const] : []),
  ];
  printNamed(io, facts);
}

function isCached({ entries }: ExplainedExchange): boolean {
  return entries.some(({ flags }) => flags.includes('cached'));
}

function describePrompt({ prompt, promptBy }: ChoiceRecord): string {
  return promptBy === null ? `${prompt}` : `${prompt} (by ${promptBy})`;
}

function describeBudgets(budgets: ExplainedExchange['decision']['budgets']): string {
  return budgets.map(({ name, subject }) => (subject === '' ? name : `${name} (${subject})`)).join(', ');
}

function describePhases(phases: NonNullable<ExplainedExchange['decision']['phases']>): string {
  const { bodyMs, heldMs, firstByteMs, totalMs } = phases;
  return [
    `body ${bodyMs} ms`,
    `held in ${heldMs} ms`,
    ...(firstByteMs === null ? [] : [`first byte after ${firstByteMs} ms`]),
    `booked after ${totalMs} ms`,
  ].join(', ');
}

function printAttempts(io: Io, attempts: readonly DecidedAttempt[]): void {
  printTable(
    io,
    [
      { title: 'attempt' },
      { title: 'lane' },
      { title: 'upstream format' },
      { title: 'status' },
      { title: 'error' },
      { title: 'ms', align: 'right' },
    ],
    attempts.map((attempt) => [
      `${attempt.number} ${attempt.model}`,
      attempt.lane,
      attempt.upstreamFormat ?? 'unknown',
      attempt.status,
      attempt.errorClass ?? '',
      attempt.latencyMs === null ? '' : count(attempt.latencyMs),
    ]),
  );
}

interface Side {
  readonly name: string;
  readonly losses: Losses | null;
}

function printLosses(io: Io, attempts: readonly DecidedAttempt[]): void {
  const sides = attempts.flatMap(({ number, requestLosses, replyLosses }): Side[] => [
    { name: `request ${number}`, losses: requestLosses },
    { name: `reply ${number}`, losses: replyLosses },
  ]);
  const rows = sides.flatMap(({ name, losses }) =>
    (losses?.named ?? []).map(({ path, kind, note }) => [path, name, kind, note]),
  );
  if (rows.length > 0) {
    const titles = ['lost in translation', 'of', 'how', 'note'];
    printTable(
      io,
      titles.map((title) => ({ title })),
      rows,
    );
  }
  for (const line of remarks(sides, rows.length > 0)) printLine(io.stdout, line);
}

function remarks(sides: readonly Side[], hasRows: boolean): string[] {
  const found = sides.flatMap(({ name, losses }) => {
    if (losses === null) return [`Of ${name} it is not known what was lost.`];
    return losses.unnamed > 0
      ? [`Of ${name}, ${count(losses.unnamed)} more were counted and not named.`]
      : [];
  });
  return found.length > 0 || hasRows ? found : ['Nothing was lost in translation.'];
}
