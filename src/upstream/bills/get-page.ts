/** One page of a bill: a GET with a size limit, retried where that can help and no longer than is reasonable. */
import type { Clock } from '../../base/clock.ts';
import type { Failure } from '../failure.ts';
import type { Timeouts } from '../provider.ts';
import type { Transport } from '../transport.ts';
import { BillError, type BillSource } from './bill.ts';
import { type ExactObject, isObject, parseExactJson } from './exact.ts';

/** What fetching stands on. */
export interface BillMeans {
  readonly transport: Transport;
  readonly clock: Clock;
  sleep(ms: number): Promise<void>;
}

/** For one bill, whose pages share its time. */
export interface PageMeans extends BillMeans {
  /** Monotonic milliseconds: nothing is sent any more after it. */
  readonly giveUpAtMono: number;
}

/** A month by hour, model, key and tier is a few MiB. */
const MAX_PAGE_BYTES = 32 * 1024 * 1024;
/** An error says what it has to say at its beginning. */
const MAX_ERROR_BYTES = 64 * 1024;
/** Sends of one page; what fails so often will not work in this run. */
const MAX_TRIES = 4;
/** Before the second send; it doubles with each. */
const FIRST_PAUSE_MS = 500;
/** A provider that wants us to wait longer is told to the operator instead. */
const MAX_PAUSE_MS = 60_000;

/** Reports are put together while we wait. */
const TIMEOUTS: Timeouts = { connectMs: 10_000, firstByteMs: 60_000, idleMs: 30_000, totalMs: 120_000 };

interface Answer {
  readonly status: number;
  readonly retryAfter: string | undefined;
  readonly text: string;
}

/** `path` with query, below the source's base URL. @throws {BillError} */
export async function getPage(
  means: PageMeans,
  source: BillSource,
  path: string,
  headers: Readonly<Record<string, string>>,
): Promise<ExactObject> {
  for (let tries = 1; ; tries += 1) {
    const outcome = await trySend(means, source, path, headers);
    if (!(outcome instanceof BillError)) return outcome.page;
    const pauseMs = FIRST_PAUSE_MS * 2 ** (tries - 1);
    const wantedMs = waits.get(outcome) ?? pauseMs;
    const waitMs = Math.max(pauseMs, wantedMs);
    const isTooLate = means.clock.monotonic() + waitMs > means.giveUpAtMono;
    if (!isPassing(outcome) || tries === MAX_TRIES || wantedMs > MAX_PAUSE_MS || isTooLate) throw outcome;
    await means.sleep(waitMs);
  }
}

/** How long the provider asked us to wait, by the error that says so. */
const waits = new WeakMap<BillError, number>();

function isPassing({ kind }: BillError): boolean {
  return kind === 'limited' || kind === 'unavailable';
}

async function trySend(
  means: BillMeans,
  source: BillSource,
  path: string,
  headers: Readonly<Record<string, string>>,
): Promise<{ readonly page: ExactObject } | BillError> {
  let answer: Answer;
  try {
    answer = await send(means, source, path, headers);
  } catch (error) {
    if (error instanceof BillError) return error;
    throw error;
  }
  const error = judgeStatus(source, answer, means.clock.now());
  return error ?? { page: readPage(source, answer.text) };
}

function send(
  { transport }: BillMeans,
  source: BillSource,
  path: string,
  headers: Readonly<Record<string, string>>,
): Promise<Answer> {
  const { origin, pathname } = new URL(source.baseUrl);
  const request = {
    origin,
    path: `${pathname.replace(/\/+$/, '')}${path}`,
    method: 'GET',
    headers: { accept: 'application/json', ...headers },
    body: [],
    timeouts: TIMEOUTS,
  } as const;
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    let size = 0;
    let status = 0;
    let retryAfter: string | undefined;
    const finish = () => resolve({ status, retryAfter, text: Buffer.concat(chunks).toString('utf8') });
    const call = transport.send(request, {
      onHead(code, head) {
        status = code;
        retryAfter = head['retry-after'];
      },
      onData(chunk) {
        size += chunk.length;
        const isError = status >= 400;
        if (size <= (isError ? MAX_ERROR_BYTES : MAX_PAGE_BYTES)) return void chunks.push(chunk);
        call.abort();
        if (isError) finish();
        else reject(tooLarge(source));
      },
      onEnd: finish,
      onFailure: (failure) => reject(unreachable(source, failure)),
    });
  });
}

function tooLarge(source: BillSource): BillError {
  return new BillError(
    'too_large',
    `a page of the bill of ${source.provider} is larger than ${MAX_PAGE_BYTES} bytes; ask for fewer days`,
  );
}

function unreachable(source: BillSource, { code, message }: Failure): BillError {
  return new BillError(
    'unavailable',
    `the bill of ${source.provider} cannot be reached at ${new URL(source.baseUrl).host} (${code}: ${message})`,
  );
}

/** undefined = it is well. What the provider writes is not shown: it may repeat the key. */
function judgeStatus(source: BillSource, answer: Answer, nowMs: number): BillError | undefined {
  const { status } = answer;
  if (status >= 200 && status < 300) return undefined;
  const where = `the bill of ${source.provider}: ${new URL(source.baseUrl).host} answered ${status}`;
  if (status === 401 || status === 403) {
    return new BillError('denied', `${where}; set admin_key to a key that may read usage and costs`);
  }
  if (status === 429) {
    const error = new BillError('limited', `${where}; ask again later`);
    const waitMs = readRetryAfter(answer.retryAfter, nowMs);
    if (waitMs !== undefined) waits.set(error, waitMs);
    return error;
  }
  if (status >= 500 || status === 408) return new BillError('unavailable', where);
  return new BillError('unreadable', `${where}; bill_url or bill_scope may be wrong`);
}

/** Seconds or a date of HTTP, as milliseconds from now. */
export function readRetryAfter(text: string | undefined, nowMs: number): number | undefined {
  if (text === undefined) return undefined;
  const trimmed = text.trim();
  if (/^\d{1,9}(\.\d+)?$/.test(trimmed)) return Math.ceil(Number(trimmed) * 1000);
  const atMs = Date.parse(trimmed);
  return Number.isNaN(atMs) ? undefined : Math.max(0, atMs - nowMs);
}

function readPage(source: BillSource, text: string): ExactObject {
  let page: unknown;
  try {
    page = parseExactJson(text);
  } catch {
    page = undefined;
  }
  if (isObject(page as ExactObject)) return page as ExactObject;
  throw new BillError('unreadable', `the bill of ${source.provider} is no JSON object`);
}
