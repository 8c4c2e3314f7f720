/**
 * Tries a credential against its provider, with questions that cost nothing: the list of models, then a chat that
 * says nothing. Some providers tell anyone their models, and some judge a request before they look at its key, so the
 * same is asked without the credential: only a provider that tells the two apart has shown that it is good.
 */
import type { Secret } from '../base/secret.ts';
import type { ChatError, FormatId } from '../wire/chat.ts';
import { formatOf } from '../wire/formats.ts';
import { outcomeOf } from './classify.ts';
import { requestHeaders } from './headers.ts';
import type { Authorizer, Provider, Timeouts } from './provider.ts';
import type { Transport, UpstreamRequest } from './transport.ts';

export interface CredentialTrial {
  /** `unclear`: nobody can say, as the provider was not reached, is limited, or does not ask for a credential. */
  readonly kind: 'good' | 'refused' | 'unclear';
  /** For people; no part of the credential is in it. */
  readonly message: string;
}

export interface TrialMeans {
  readonly transport: Transport;
  /** Of providers whose credential is no fixed header. */
  readonly authorizer: Authorizer | undefined;
}

/** Somebody waits at a terminal. */
const TIMEOUTS: Timeouts = {
  connectMs: 5_000,
  firstByteMs: 10_000,
  idleMs: 5_000,
  totalMs: 15_000,
};
/** Error bodies are short; of lists the status says all. */
const MAX_BODY_BYTES = 16 * 1024;
const MAX_MESSAGE_LENGTH = 300;
/** Where the path must name a model. None has this name: what is asked can never run, nor cost. */
const NO_MODEL = 'turnpike-tries-a-credential';

interface Question {
  readonly format: FormatId;
  readonly method: 'GET' | 'POST';
  /** Below the base URL. */
  readonly path: string;
  readonly body: readonly Uint8Array[];
}

type Answer =
  | { readonly kind: 'answered'; readonly status: number; readonly error: ChatError | undefined }
  | { readonly kind: 'failed'; readonly message: string };

/** @param provider with the credential to try as its own */
export async function tryCredential(provider: Provider, means: TrialMeans): Promise<CredentialTrial> {
  let last = trial('unclear', 'the provider has no call to try a credential with');
  for (const question of questionsFor(provider)) {
    const judged = judge(await ask(provider, question, means), question);
    if (judged === 'passed') {
      if (means.authorizer) return trial('good', 'the provider takes it');
      const without = await ask({ ...provider, credential: undefined }, question, means);
      if (isRefusal(without)) return trial('good', 'the provider takes it');
      last = trial('unclear', 'the provider answers the same without a credential');
    } else {
      last = { ...judged, message: withoutParts(judged.message, provider.credential) };
      if (!judged.isWorthAsking) return last;
    }
  }
  return trial(last.kind, last.message);
}

function trial(kind: CredentialTrial['kind'], message: string): CredentialTrial {
  return { kind, message };
}

function questionsFor(provider: Provider): Question[] {
  const { kind } = provider;
  const format = (provider.formats ?? kind.formats)[0];
  if (format === undefined) return [];
  const target = { model: provider.models[0] ?? NO_MODEL, isStream: false };
  const list = kind.path(format, 'list-models', target);
  const chat = kind.path(format, 'chat', { ...target, model: NO_MODEL });
  return [
    ...(list === undefined ? [] : [{ format, method: 'GET' as const, path: list, body: [] }]),
    ...(chat === undefined
      ? []
      : [{ format, method: 'POST' as const, path: chat, body: [Buffer.from('{}')] }]),
  ];
}

/** `passed`: the request got by whoever looks at credentials. */
function judge(
  answer: Answer,
  { method }: Question,
): 'passed' | (CredentialTrial & { readonly isWorthAsking: boolean }) {
  if (answer.kind === 'failed') return { ...trial('unclear', answer.message), isWorthAsking: false };
  const { status, error } = answer;
  const said = error?.message ? `: ${error.message}` : '';
  const { outcome } = outcomeOf(status, error);
  if (isRefusal(answer)) {
    // A key that may chat need not be one that may list.
    const isWorthAsking = status === 403 && method === 'GET';
    return { ...trial('refused', `the provider answered ${status}${said}`), isWorthAsking };
  }
  if (outcome === 'ok') return 'passed';
  if (outcome === 'limited' || outcome === 'down')
    return { ...trial('unclear', `the provider answered ${status}${said}`), isWorthAsking: false };
  // A chat without a word is wrong, and that is said after the credential was looked at. Not every server has a list.
  if (method === 'POST') return 'passed';
  return { ...trial('unclear', `the provider answered ${status}${said}`), isWorthAsking: true };
}

function isRefusal(answer: Answer): boolean {
  if (answer.kind === 'failed') return false;
  const { status, error } = answer;
  return status === 401 || status === 403 || outcomeOf(status, error).isCredentialAtFault;
}

async function ask(provider: Provider, question: Question, means: TrialMeans): Promise<Answer> {
  const { format, method, path, body } = question;
  const { origin, pathname } = new URL(provider.baseUrl);
  const unsigned = {
    method,
    origin,
    path: `${pathname.replace(/\/+$/, '')}${path}`,
    headers: requestHeaders({}, provider, format),
    body,
  };
  try {
    const signed = await means.authorizer?.headersFor(unsigned);
    const headers = { ...unsigned.headers, ...signed };
    return await send(means.transport, { ...unsigned, headers, timeouts: TIMEOUTS }, format);
  } catch (error) {
    return { kind: 'failed', message: error instanceof Error ? error.message : String(error) };
  }
}

function send(transport: Transport, request: UpstreamRequest, format: FormatId): Promise<Answer> {
  return new Promise((resolve) => {
    const chunks: Buffer[] = [];
    let bytes = 0;
    let status = 0;
    const done = (): void => {
      const error = status < 400 ? undefined : readError(format, status, Buffer.concat(chunks));
      resolve({ kind: 'answered', status, error });
    };
    const call = transport.send(request, {
      onHead(told) {
        status = told;
      },
      onData(chunk) {
        chunks.push(chunk);
        bytes += chunk.length;
        if (status >= 400 && bytes <= MAX_BODY_BYTES) return;
        call.abort();
        done();
      },
      onEnd: done,
      onFailure: ({ message }) => resolve({ kind: 'failed', message }),
    });
  });
}

function readError(format: FormatId, status: number, bytes: Buffer): ChatError | undefined {
  const text = bytes.toString('utf8');
  let body: unknown = text;
  try {
    body = JSON.parse(text);
  } catch {
    // Whatever it is, it is told as it stands.
  }
  return formatOf(format)?.parseError(status, body);
}

/** Parts of a credential from this length on are taken out: fewer characters do not help to guess the rest. */
const PART_LENGTH = 8;

/** Providers quote the key they refuse, some of them cut. */
function withoutParts(message: string, credential: Secret | undefined): string {
  const secret = credential?.reveal() ?? '';
  const isPart = Array.from({ length: message.length }, () => false);
  for (let at = 0; at + PART_LENGTH <= message.length; at += 1) {
    if (secret.includes(message.slice(at, at + PART_LENGTH))) isPart.fill(true, at, at + PART_LENGTH);
  }
  let text = '';
  for (const [at, character] of message.split('').entries()) {
    if (!isPart[at]) text += character;
    else if (!isPart[at - 1]) text += '[credential]';
  }
  return text.length > MAX_MESSAGE_LENGTH ? `${text.slice(0, MAX_MESSAGE_LENGTH)}…` : text;
}
