/** `turnpike keys`: make, list and show virtual keys. What changes one is in keys-change.ts. */
import type { Key, MadeKey, NewKeyBody } from '../admin/keys.ts';
import { type AdminClient, RefusedError } from './client.ts';
import type { KeyFilter } from './client-keys.ts';
import { withBooks } from './connect.ts';
import { CliError, type ExitCode, type Io, usageError } from './io.ts';
import { readMoment, readSpan } from './moment.ts';
import { count, moment, paintFor, printJson, printLine, printTable } from './print.ts';

/** What may be said when a key is made, and later. */
export interface TermOptions {
  readonly description?: string;
  readonly tags?: readonly string[];
  readonly expires?: string;
  readonly member?: string;
  readonly agent?: string;
  readonly defaultModel?: string;
  readonly models?: readonly string[];
  readonly formats?: readonly string[];
  /** Addresses and ranges. */
  readonly from?: readonly string[];
  /** A span, or `off`. */
  readonly cache?: string;
}

export interface CreateOptions extends TermOptions {
  readonly name?: string;
  /** `<usd>/<period>`. */
  readonly budget?: readonly string[];
  readonly requests?: number;
  readonly inputTokens?: number;
  readonly outputTokens?: number;
  readonly concurrent?: number;
  readonly json?: boolean;
}

/** The token alone goes to stdout, so that `TURNPIKE_KEY=$(turnpike keys create ci)` works; the words go to stderr. */
export async function createKey(
  io: Io,
  argument: string | undefined,
  options: CreateOptions,
): Promise<ExitCode> {
  const name = argument ?? options.name;
  if (name === undefined) throw usageError('the key has no name', 'turnpike keys create <name>');
  const { budget = [], requests, inputTokens, outputTokens, concurrent } = options;
  const rateLimit = {
    ...(requests !== undefined && { requestsPerMinute: requests }),
    ...(inputTokens !== undefined && { inputTokensPerMinute: inputTokens }),
    ...(outputTokens !== undefined && { outputTokensPerMinute: outputTokens }),
    ...(concurrent !== undefined && { concurrent }),
  };
  const body: NewKeyBody = {
    name,
    ...(readTerms(options, io.now()) as Partial<NewKeyBody>),
    ...(budget.length > 0 && { budgets: budget.map(readBudget) }),
    ...(Object.keys(rateLimit).length > 0 && { rateLimit }),
  };
  const made = await withBooks(io, (client) => client.keys.create(body));
  return printMade(io, made, options.json, `Key ${made.key.name} (${made.key.id}).`);
}

/** The token is for the place where it is left. */
export async function createHoneypot(
  io: Io,
  name: string,
  { description, json }: { readonly description?: string; readonly json?: boolean },
): Promise<ExitCode> {
  const body = { name, isHoneypot: true, ...(description !== undefined && { description }) };
  const made = await withBooks(io, (client) => client.keys.create(body));
  const said = `Honeypot ${made.key.name} (${made.key.id}): leave it where only a thief looks.`;
  return printMade(io, made, json, said);
}

export function printMade(io: Io, made: MadeKey, json: boolean | undefined, said: string): ExitCode {
  if (json) {
    printJson(io, made);
    return 0;
  }
  printLine(io.stdout, made.token);
  printLine(io.stderr, `${paintFor(io.stderr, io.env).green('✓')} ${said} It is shown this once; keep it.`);
  return 0;
}

/** `none` takes back what was said of a term; only where a key is changed. */
export function readTerms(options: TermOptions, nowMs: number): Record<string, unknown> {
  const { expires, cache, models, formats, from, tags, description, member, agent, defaultModel } = options;
  const plain = { description, member, agent, defaultModel };
  const lists = { tags, allowedModels: models, allowedFormats: formats, allowedRanges: from };
  const given = Object.entries({ ...plain, ...lists }).filter(([, value]) => value !== undefined);
  return {
    ...Object.fromEntries(given),
    ...(expires !== undefined && { expiresAt: readMoment(expires, nowMs, 1, '--expires') }),
    ...(cache !== undefined && { cacheTtlMs: cache === 'off' ? 0 : readSpan(cache, '--cache') }),
  };
}

/** `25/month`. @throws {CliError} */
export function readBudget(text: string): { limitUsd: string; period: string } {
  const slash = text.indexOf('/');
  if (slash > 0) return { limitUsd: text.slice(0, slash), period: text.slice(slash + 1) };
  throw usageError(`--budget ${text} is no budget`, 'Write it as <usd>/<period>, such as 25/month.');
}

export interface ListOptions {
  readonly state?: Key['state'];
  readonly member?: string;
  readonly agent?: string;
  readonly name?: string;
  readonly search?: string;
  readonly honeypots?: boolean;
  readonly limit?: number;
  readonly json?: boolean;
}

/** More are read by nobody; programs ask for as many as they want. */
const LISTED = 1_000;

export async function listKeys(io: Io, options: ListOptions): Promise<ExitCode> {
  const { json, limit = LISTED, honeypots, ...filter } = options;
  const asked = { ...filter, ...(honeypots && { honeypots: 'true' as const }) };
  const { keys, isTruncated } = await withBooks(io, (client) => client.keys.list(asked, limit));
  if (json) {
    printJson(io, { keys, isTruncated });
    return 0;
  }
  if (keys.length === 0) {
    const isFiltered = Object.keys(asked).length > 0;
    printLine(
      io.stdout,
      isFiltered ? 'No such keys.' : 'No keys. Make one with `turnpike keys create <name>`.',
    );
    return 0;
  }
  const titles = ['name', 'id', 'key', 'state', 'created', 'expires', 'used', 'models'];
  // Most installations have no key whose answers are kept.
  const hasCache = keys.some(({ cacheTtlMs }) => cacheTtlMs !== null);
  const columns = [...titles, ...(hasCache ? ['cache'] : [])].map((title) => ({ title }));
  printTable(
    io,
    columns,
    keys.map((key) => [...renderRow(key), ...(hasCache ? [renderCache(key)] : [])]),
  );
  if (isTruncated) printLine(io.stderr, `There are more than ${count(limit)}; --limit shows them.`);
  return 0;
}

function renderCache({ cacheTtlMs }: Key): string {
  if (cacheTtlMs === null) return '';
  return cacheTtlMs === 0 ? 'off' : `${count(Math.round(cacheTtlMs / 60_000))} min`;
}

function renderRow(key: Key): string[] {
  return [
    key.name,
    key.id,
    key.preview,
    key.state,
    moment(key.createdAt),
    moment(key.expiresAt),
    moment(key.lastUsedAt),
    key.allowedModels?.join(', ') ?? 'all',
  ];
}

export async function showKey(
  io: Io,
  wanted: string,
  options: { readonly json?: boolean },
): Promise<ExitCode> {
  const key = await withBooks(io, (client) => findKey(client, wanted));
  if (options.json) printJson(io, key);
  else printKey(io, key);
  return 0;
}

/** What was never said of it is left out. */
function printKey(io: Io, key: Key): void {
  const lines: readonly (readonly [string, string | null | undefined])[] = [
    ['name', key.name],
    ['id', key.id],
    ['key', key.preview],
    ['state', key.isHoneypot ? `${key.state}, a honeypot` : key.state],
    ['description', key.description],
    ['tags', key.tags.join(', ')],
    ['member', key.member],
    ['agent', key.agent],
    ['default model', key.defaultModel],
    ['models', key.allowedModels?.join(', ') ?? 'all'],
    ['formats', key.allowedFormats?.join(', ') ?? 'all'],
    ['from', key.allowedRanges?.join(', ') ?? 'everywhere'],
    ['cache', renderCache(key)],
    ['created', moment(key.createdAt)],
    ['expires', moment(key.expiresAt)],
    ['revoked', moment(key.revokedAt)],
    ['used', moment(key.lastUsedAt)],
    ...key.oldTokens.map(
      ({ preview, worksUntil, lastUsedAt }) =>
        ['old key', `${preview} until ${moment(worksUntil)}, used ${moment(lastUsedAt) || 'never'}`] as const,
    ),
    ...key.budgets.map(
      ({ id, limitUsd, period, action }) =>
        ['budget', `$${limitUsd} ${period}${action === 'warn' ? ', only told' : ''} (${id})`] as const,
    ),
    ['rate limit', key.rateLimit && describeRate(key.rateLimit)],
  ];
  const paint = paintFor(io.stdout, io.env);
  for (const [label, text] of lines) if (text) printLine(io.stdout, `${paint.dim(label.padEnd(14))}${text}`);
}

function describeRate(rate: NonNullable<Key['rateLimit']>): string {
  const { requestsPerMinute, inputTokensPerMinute, outputTokensPerMinute, concurrent, id } = rate;
  const parts: readonly (readonly [number | null, string])[] = [
    [requestsPerMinute, 'requests a minute'],
    [inputTokensPerMinute, 'input tokens a minute'],
    [outputTokensPerMinute, 'output tokens a minute'],
    [concurrent, 'at once'],
  ];
  const said = parts.flatMap(([figure, what]) => (figure === null ? [] : [`${count(figure)} ${what}`]));
  return `${said.join(', ')} (${id})`;
}

/** By id, or by a name that only one key has that is not revoked. @throws {CliError} */
export async function findKey(client: AdminClient, wanted: string): Promise<Key> {
  if (/^key_[0-9a-z]+$/.test(wanted)) {
    const key = await client.keys.find(wanted).catch((error: unknown) => {
      if (error instanceof RefusedError && error.code === 'record_unknown') return undefined;
      throw error;
    });
    if (key) return key;
  }
  const named = await listNamed(client, wanted, {});
  // Whoever may not see honeypots means none.
  const found =
    named.length > 0 ? named : await listNamed(client, wanted, { honeypots: 'true' }).catch(() => []);
  if (found.length === 1) return found[0]!;
  const why = found.length === 0 ? `there is no key ${wanted}` : `${found.length} keys are called ${wanted}`;
  throw new CliError(why, 'Name the id that `turnpike keys list` shows.');
}

async function listNamed(client: AdminClient, name: string, filter: KeyFilter): Promise<readonly Key[]> {
  const { keys } = await client.keys.list({ ...filter, name }, LISTED);
  return keys.filter((key) => key.name === name && key.state !== 'revoked');
}
