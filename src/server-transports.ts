/** What carries requests to each provider: the kind of socket it needs, and whether the egress policy stands before it. */
import type { Clock } from './base/clock.ts';
import type { Config } from './config.ts';
import { createDeadlines } from './upstream/deadlines.ts';
import { createEgressGuard, type EgressGuard, type Resolve } from './upstream/egress.ts';
import { createHttp1Transport } from './upstream/http1.ts';
import type { Provider } from './upstream/provider.ts';
import { createSandboxTransport } from './upstream/sandbox/index.ts';
import { createTransport } from './upstream/send.ts';
import type { Transport } from './upstream/transport.ts';
import { formats } from './wire/formats.ts';

export interface Transports {
  /** For addresses that are the operator's word. */
  readonly general: Transport;
  /** Judges addresses that came in through the API, as its transports do. */
  readonly guard: EgressGuard;
  of(provider: Provider): Transport;
  close(): Promise<void>;
}

export interface TransportsInput {
  readonly config: Pick<Config, 'egress'>;
  readonly clock: Clock;
  /** Absent = as the system does it. */
  readonly resolve?: Resolve | undefined;
}

/**
 * The sandbox answers in this process; plain http goes straight to the socket, https through the general transport.
 * Providers that workspaces declare have connections of their own: none that was opened unasked is ever handed to them.
 */
export function openTransports({ config, clock, resolve }: TransportsInput): Transports {
  const deadlines = createDeadlines(clock);
  const guard = createEgressGuard({ allow: new Set(config.egress.allow) }, resolve);
  const sandbox = createSandboxTransport({ formats: Object.values(formats), clock });
  const pairOf = (asked?: EgressGuard) => ({
    plain: createHttp1Transport({ clock, deadlines, guard: asked }),
    general: createTransport({ clock, deadlines, guard: asked }),
  });
  const open = pairOf();
  const guarded = pairOf(guard);
  return {
    general: open.general,
    guard,
    of(provider) {
      if (provider.kind.id === 'sandbox') return sandbox;
      const pair = provider.ownerId === undefined ? open : guarded;
      return provider.baseUrl.startsWith('http:') ? pair.plain : pair.general;
    },
    async close() {
      const all = [sandbox, open.plain, open.general, guarded.plain, guarded.general];
      await Promise.all(all.map((transport) => transport.close()));
      deadlines.close();
    },
  };
}
