/** What an issuer says of itself and the keys it signs with, kept for a while. */
import type { Clock } from '../base/clock.ts';
import type { IssuerSettings } from '../base/sign-in-settings.ts';
import { askJson, discover, type Endpoints } from './oidc-issuer.ts';

/** Issuers move and change keys by the day. */
const KEPT_MS = 10 * 60_000;
/** A token signed with a key we do not know may be one of a new key, or made up: asked again no more often. */
const REASK_MS = 30_000;

export interface KnownIssuer {
  readonly endpoints: Endpoints;
  /** A JSON Web Key Set. */
  readonly keys: Readonly<Record<string, unknown>>;
}

export interface KnownIssuers {
  /** @param isStale what is kept did not do: asks again, where that is due */
  find(settings: IssuerSettings, isStale?: boolean): Promise<KnownIssuer>;
}

/** There are as many as the configuration names: no limit is needed. */
export function createKnownIssuers(ask: typeof fetch, clock: Clock): KnownIssuers {
  const known = new Map<string, { readonly atMs: number; readonly value: Promise<KnownIssuer> }>();
  const load = async (settings: IssuerSettings): Promise<KnownIssuer> => {
    const endpoints = await discover(ask, settings);
    return { endpoints, keys: await askJson(ask, endpoints.keys, {}) };
  };
  return {
    find(settings, isStale = false) {
      const { issuer } = settings;
      const before = known.get(issuer);
      const age = before ? clock.monotonic() - before.atMs : Number.POSITIVE_INFINITY;
      if (before && age < (isStale ? REASK_MS : KEPT_MS)) return before.value;
      const value = load(settings);
      known.set(issuer, { atMs: clock.monotonic(), value });
      // What failed is asked again by the next.
      value.catch(() => known.delete(issuer));
      return value;
    },
  };
}
