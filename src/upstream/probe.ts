/** A small question that costs nothing: whether a provider can be reached, and takes its credential. */
import type { FormatId } from '../wire/chat.ts';
import { requestHeaders } from './headers.ts';
import type { Authorizer, Provider, Timeouts } from './provider.ts';
import type { Transport, UpstreamRequest } from './transport.ts';

export interface ProbeResult {
  /** It answered, with anything but a failure of its own. */
  readonly isReachable: boolean;
  /** It answered as one does to somebody who is let in. */
  readonly isCredentialGood: boolean;
  /** For people: a status, or what failed. */
  readonly said: string;
}

/** Nobody waits for the answer; a provider that takes longer than this is of no use to traffic either. */
const TIMEOUTS: Timeouts = { connectMs: 3_000, firstByteMs: 10_000, idleMs: 5_000, totalMs: 15_000 };
/** The whole answer is read, so that its connection can be used again; of longer ones the status is enough. */
const MAX_ANSWER_BYTES = 2 * 1024 * 1024;

/** Whether it has a list of models to ask for; others learn only from traffic. */
export function canProbe(provider: Provider): boolean {
  return provider.kind.id !== 'sandbox' && questionOf(provider) !== undefined;
}

/**
 * Never rejects. undefined = there is nothing to ask it. Some providers tell anyone their models: that it is let in
 * makes a credential worth a trial, no more.
 */
export async function probe(
  provider: Provider,
  transport: Transport,
  authorizer: Authorizer | undefined,
): Promise<ProbeResult | undefined> {
  const question = questionOf(provider);
  if (!question) return undefined;
  try {
    const headers = await authorizer?.headersFor(question);
    return await ask({ ...question, headers: { ...question.headers, ...headers } }, transport);
  } catch (fault) {
    const said = fault instanceof Error ? fault.message : String(fault);
    return { isReachable: false, isCredentialGood: false, said };
  }
}

function questionOf(provider: Provider): UpstreamRequest | undefined {
  const { kind } = provider;
  const formats: readonly FormatId[] = provider.formats ?? kind.formats;
  for (const format of [...formats, ...kind.formats]) {
    const path = kind.path(format, 'list-models', { model: '', isStream: false });
    if (path === undefined) continue;
    const { origin, pathname } = new URL(provider.baseUrl);
    return {
      origin,
      path: pathname.replace(/\/+$/, '') + path,
      method: 'GET',
      headers: requestHeaders({}, provider, format),
      body: [],
      timeouts: TIMEOUTS,
    };
  }
  return undefined;
}

function ask(request: UpstreamRequest, transport: Transport): Promise<ProbeResult> {
  return new Promise((resolve) => {
    let status = 0;
    let bytes = 0;
    const call = transport.send(request, {
      onHead: (told) => {
        status = told;
      },
      onData: (chunk) => {
        bytes += chunk.length;
        if (bytes <= MAX_ANSWER_BYTES) return;
        call.abort();
        resolve(judge(status));
      },
      onEnd: () => resolve(judge(status)),
      onFailure: ({ message }) => resolve({ isReachable: false, isCredentialGood: false, said: message }),
    });
  });
}

function judge(status: number): ProbeResult {
  return {
    isReachable: status < 500,
    isCredentialGood: status >= 200 && status < 300,
    said: `status ${status}`,
  };
}
