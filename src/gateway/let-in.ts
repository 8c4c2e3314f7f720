/** The door of the data plane: admission of one request, and what is noted of it. */
import type { IncomingMessage } from 'node:http';
import { clientAddress, type TrustedProxies } from '../base/client-address.ts';
import type { KeyId, TokenId } from '../base/ids.ts';
import type { KeyRecord } from '../registry/keys.ts';
import { type Admission, admit, noteUse } from './admit.ts';
import type { Snapshot } from './snapshot.ts';

/** What the door stands on: part of the gateway. */
export interface Door {
  /** When each key, and each token that was replaced, was last used, epoch milliseconds, until the server writes it down. */
  readonly keyUse: Map<KeyId | TokenId, number>;
  /** Whose word on the address of a client is taken. */
  trustedProxies(): TrustedProxies;
  /** A key that nobody was given was used. Takes no time: the answer must not tell. */
  noteHoneypot(use: HoneypotUse): void;
}

export interface HoneypotUse {
  readonly key: KeyRecord;
  readonly atMs: number;
  /** undefined = the transport knows none. */
  readonly address: string | undefined;
  readonly userAgent: string | undefined;
}

export interface Entrant {
  readonly request: IncomingMessage;
  /** Without the question mark. */
  readonly query: string;
  /** As the ledger names what it asks for; undefined = a list of models. */
  readonly callName: string | undefined;
}

export function letIn(
  door: Door,
  { keys }: Pick<Snapshot, 'keys'>,
  { request, query, callName }: Entrant,
  nowMs: number,
): Admission {
  const address = () => addressOf(request, door.trustedProxies());
  const admission = admit(keys, { request, query, callName, address }, nowMs);
  if (admission.ok) {
    noteUse(door.keyUse, admission.key, nowMs);
    return admission;
  }
  // Asked of every request that is refused: a honeypot must not take longer than what is unknown.
  const from = { atMs: nowMs, address: address(), userAgent: request.headers['user-agent'] };
  if (admission.honeypot) door.noteHoneypot({ key: admission.honeypot, ...from });
  return admission;
}

function addressOf({ socket, headers }: IncomingMessage, trusted: TrustedProxies): string | undefined {
  const said = headers['x-forwarded-for'];
  return clientAddress(socket.remoteAddress, Array.isArray(said) ? said.join(',') : said, trusted);
}
