/** `turnpike limits`: list, set and remove limits on requests and tokens per minute. */
import type { RateLimitBody, RateLimitChangeBody } from '../admin/rate-limits.ts';
import { scopeById } from './budgets.ts';
import type { AdminClient } from './client.ts';
import { withBooks } from './connect.ts';
import { CliError, type ExitCode, type Io, usageError } from './io.ts';
import { count, paintFor, printJson, printLine, printTable } from './print.ts';

/** `none` = no longer limited. */
type Figure = number | 'none';

export interface SetOptions {
  readonly requests?: Figure;
  readonly inputTokens?: Figure;
  readonly outputTokens?: Figure;
  readonly concurrent?: Figure;
  readonly burst?: number;
  readonly json?: boolean;
}

/** Makes the limit of the scope, or changes what is named of the one there is. */
export async function setLimit(io: Io, wanted: string, options: SetOptions): Promise<ExitCode> {
  const change = changeOf(options);
  if (Object.keys(change).length === 0) {
    throw usageError('nothing is to be limited', 'turnpike limits set --help lists what can be.');
  }
  const { limit, isNew } = await withBooks(io, async (client) => {
    const scope = await scopeById(client, wanted);
    const known = (await client.rateLimits()).rateLimits.find((one) => one.scope === scope);
    if (known) return { limit: await client.changeRateLimit(known.id, change), isNew: false };
    return { limit: await client.createRateLimit({ scope, ...withoutNulls(change) }), isNew: true };
  });
  if (options.json) printJson(io, limit);
  else printDone(io, `${isNew ? 'Limited' : 'Changed'} ${limit.scope}: ${describe(limit)}.`);
  return 0;
}

function changeOf({
  requests,
  inputTokens,
  outputTokens,
  concurrent,
  burst,
}: SetOptions): RateLimitChangeBody {
  const figure = (value: Figure) => (value === 'none' ? null : value);
  return {
    ...(requests !== undefined && { requestsPerMinute: figure(requests) }),
    ...(inputTokens !== undefined && { inputTokensPerMinute: figure(inputTokens) }),
    ...(outputTokens !== undefined && { outputTokensPerMinute: figure(outputTokens) }),
    ...(concurrent !== undefined && { concurrent: figure(concurrent) }),
    ...(burst !== undefined && { burstSeconds: burst }),
  };
}

/** What a limit that is not there yet does not limit. */
function withoutNulls(change: RateLimitChangeBody): Record<string, number> {
  const given = Object.entries(change).filter(([, value]) => typeof value === 'number');
  return Object.fromEntries(given) as Record<string, number>;
}

/** Takes a scope, or an id. */
export async function removeLimit(
  io: Io,
  wanted: string,
  options: { readonly json?: boolean },
): Promise<ExitCode> {
  const removed = await withBooks(io, async (client) =>
    client.removeRateLimit((await pickLimit(client, wanted)).id),
  );
  if (options.json) printJson(io, removed);
  else printDone(io, `${removed.scope} is limited no more (it was ${describe(removed)}).`);
  return 0;
}

async function pickLimit(client: AdminClient, wanted: string): Promise<RateLimitBody> {
  const { rateLimits } = await client.rateLimits();
  const scope = wanted.startsWith('lim_') ? wanted : await scopeById(client, wanted);
  const found = rateLimits.find((one) => one.id === scope || one.scope === scope);
  if (found) return found;
  throw new CliError(`there is no rate limit of ${wanted}`, 'Name one that `turnpike limits list` shows.');
}

const right = (title: string) => ({ title, align: 'right' as const });

export async function listLimits(io: Io, options: { readonly json?: boolean }): Promise<ExitCode> {
  const found = await withBooks(io, (client) => client.rateLimits());
  if (options.json) {
    printJson(io, found);
    return 0;
  }
  if (found.rateLimits.length === 0) {
    printLine(io.stdout, 'No rate limits. Make one with `turnpike limits set`.');
    return 0;
  }
  printTable(
    io,
    [
      { title: 'scope' },
      { title: 'id' },
      ...['requests/min', 'input/min', 'output/min', 'at once', 'burst'].map(right),
      { title: 'by' },
      { title: 'in use now' },
    ],
    found.rateLimits.map(renderRow),
  );
  if (found.isTruncated) printLine(io.stdout, paintFor(io.stdout, io.env).dim('there are more'));
  return 0;
}

/** Of a limit with many values in use the one that comes back last. */
function renderRow(limit: RateLimitBody): string[] {
  const [use] = limit.uses;
  const more = limit.useCount - 1;
  const shown = (figure: number | null) => (figure === null ? '' : count(figure));
  return [
    limit.scope,
    limit.id,
    shown(limit.requestsPerMinute),
    shown(limit.inputTokensPerMinute),
    shown(limit.outputTokensPerMinute),
    shown(limit.concurrent),
    `${count(limit.burstSeconds)} s`,
    limit.source,
    use
      ? `${use.subject}: ${count(use.used)} of ${count(use.limit)} ${use.metric}${more > 0 ? ` +${count(more)}` : ''}`
      : '',
  ];
}

function describe(limit: RateLimitBody): string {
  const parts: readonly (readonly [figure: number | null, words: string])[] = [
    [limit.requestsPerMinute, 'requests/min'],
    [limit.inputTokensPerMinute, 'input tokens/min'],
    [limit.outputTokensPerMinute, 'output tokens/min'],
    [limit.concurrent, 'at once'],
  ];
  const figures = parts.flatMap(([figure, words]) => (figure === null ? [] : [`${count(figure)} ${words}`]));
  return [...figures, `burst ${count(limit.burstSeconds)} s`].join(', ');
}

function printDone(io: Io, text: string): void {
  printLine(io.stdout, `${paintFor(io.stdout, io.env).green('✓')} ${text}`);
}
