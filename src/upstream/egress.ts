/**
 * The policy of `base/egress.ts` at the moment a connection is opened: literal addresses are judged as they stand, and
 * of a name every address that it resolves to just now. Asking only when a URL is saved would trust DNS not to change
 * its mind; looking only at names would miss the literals, which no lookup is asked for.
 */
import { type LookupAddress, type LookupOptions, lookup as systemLookup } from 'node:dns';
import type { LookupFunction } from 'node:net';
import { type EgressPolicy, judgeAddress, judgeUrl, whereOf } from '../base/egress.ts';

/** Nothing was sent, and nothing will be. */
export class EgressError extends Error {
  override readonly name = 'EgressError';
  readonly code = 'EGRESS_REFUSED';

  /** In one sentence, without the address. */
  readonly reason: string;

  constructor(reason: string) {
    super(`not sent: ${reason}`);
    this.reason = reason;
  }
}

/** Node's `dns.lookup`, all addresses. */
export type Resolve = (
  hostname: string,
  options: LookupOptions & { all: true },
  done: (error: NodeJS.ErrnoException | null, addresses: LookupAddress[]) => void,
) => void;

export interface EgressGuard {
  /** Why nothing may be sent there; undefined = it may be, as far as can be said before its name is looked up. */
  refusalOf(origin: string): EgressError | undefined;
  /** For sockets to this origin: hands out addresses only where every one of them may be sent to. */
  lookupFor(origin: string): LookupFunction;
  /** As the lookup would judge it now; undefined also where the name is not known. */
  refusalNow(origin: string): Promise<EgressError | undefined>;
}

/** Origins whose judgement is remembered: it never changes, and is asked for with each request. */
const MAX_ORIGINS = 1_000;

/** @param resolve absent = as the system does it */
export function createEgressGuard(policy: EgressPolicy, resolve: Resolve = systemLookup): EgressGuard {
  const judged = new Map<string, EgressError | undefined>();
  const refusalOf = (origin: string): EgressError | undefined => {
    if (judged.has(origin)) return judged.get(origin);
    const verdict = judgeUrl(origin, policy);
    const refusal = verdict.ok ? undefined : new EgressError(verdict.reason);
    if (judged.size >= MAX_ORIGINS) judged.clear();
    judged.set(origin, refusal);
    return refusal;
  };
  const lookupFor = (origin: string): LookupFunction => {
    const { host, port } = whereOf(new URL(origin));
    const isAllowed = policy.allow.has(`${host}:${port}`);
    return (hostname, options, done) => {
      resolve(hostname, { ...options, all: true }, (error, addresses) => {
        if (error) return done(error, []);
        const refusal = refusalAmong(addresses, isAllowed);
        if (refusal) return done(refusal, []);
        const [first] = addresses;
        return options.all ? done(null, addresses) : done(null, first!.address, first!.family);
      });
    };
  };
  return {
    refusalOf,
    lookupFor,
    async refusalNow(origin) {
      const refusal = refusalOf(origin);
      if (refusal) return refusal;
      const { hostname } = new URL(origin);
      return new Promise((done) => {
        // A literal was judged above; whatever a resolver says of it is no matter.
        lookupFor(origin)(hostname.replace(/^\[|\]$/g, ''), { all: true }, (error) =>
          done(error instanceof EgressError ? error : undefined),
        );
      });
    },
  };
}

/** One bad address among good ones is enough: which of them is used is not ours to say. */
function refusalAmong(addresses: readonly LookupAddress[], isAllowed: boolean): EgressError | undefined {
  if (addresses.length === 0) return new EgressError('it has no address');
  for (const { address } of addresses) {
    const reason = judgeAddress(address, isAllowed);
    if (reason !== undefined) return new EgressError(reason);
  }
  return undefined;
}
