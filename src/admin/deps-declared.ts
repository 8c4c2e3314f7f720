/** What the resources of declared providers, routes and aliases stand on. */

import type { RouteSettings } from '../base/route-settings.ts';
import type { AliasRecord } from '../registry/aliases.ts';
import type { ProviderRecord, ProviderTerms } from '../registry/providers.ts';
import type { RouteRecord } from '../registry/routes.ts';
import type { CredentialTrial } from '../upstream/try-credential.ts';

/** A provider that the workspace declared. */
export interface DeclaredFacts {
  readonly record: ProviderRecord;
  /** Why it serves nothing now; undefined = it does, as far as can be said without asking it. */
  readonly problem: string | undefined;
}

export type ProviderAnswer =
  | { readonly kind: 'done'; readonly facts: DeclaredFacts }
  | { readonly kind: 'unknown' | 'too_many' | 'has_credentials' }
  /** The name is a file's, the environment's or a kind's, or taken. */
  | { readonly kind: 'fixed'; readonly message: string }
  | { readonly kind: 'egress_refused'; readonly message: string }
  | { readonly kind: 'invalid'; readonly message: string };

/** What one question to a provider showed. */
export interface ProviderTrial {
  readonly isReachable: boolean;
  /** For people; no part of a credential is in it. */
  readonly message: string;
  /** undefined = it is called without one. */
  readonly credential: CredentialTrial | undefined;
}

/** undefined = leave it; null = take it away, so that it is the kind's. */
export type ProviderChange = {
  readonly [Term in Exclude<keyof ProviderTerms, 'kind'>]?: ProviderTerms[Term] | null | undefined;
};

export interface ProviderDesk {
  /** Of the workspace's own; undefined = it declared none of that name. */
  find(name: string): Promise<DeclaredFacts | undefined>;
  create(name: string, terms: ProviderTerms, by: string): Promise<ProviderAnswer>;
  change(name: string, change: ProviderChange): Promise<ProviderAnswer>;
  /** What it was, and how many credentials went with it. */
  remove(
    name: string,
  ): Promise<
    | { readonly kind: 'done'; readonly record: ProviderRecord; readonly credentials: number }
    | { readonly kind: 'unknown' }
    | { readonly kind: 'fixed'; readonly message: string }
  >;
  /** Of whatever source; undefined = there is none. Nothing of it is billed. */
  test(name: string): Promise<ProviderTrial | undefined>;
}

/** A route or an alias, and where it is declared. */
export interface NamedFacts<T> {
  readonly name: string;
  readonly terms: T;
  /** The file that declares it; undefined = it was declared through the API. */
  readonly file: string | undefined;
  readonly record:
    | { readonly createdBy: string; readonly createdAtMs: number; readonly changedAtMs: number }
    | undefined;
  /** Why it leads nowhere now; undefined = it leads somewhere. */
  readonly problem: string | undefined;
}

export type RouteFacts = NamedFacts<RouteSettings>;
export type AliasFacts = NamedFacts<{ readonly ref: string }>;

export type NameAnswer<F> =
  | { readonly kind: 'done'; readonly facts: F; readonly isNew: boolean }
  | { readonly kind: 'too_many' }
  | { readonly kind: 'fixed'; readonly message: string }
  /** It leads back to itself, or nowhere. */
  | { readonly kind: 'invalid'; readonly message: string };

export type RemovedName<R> =
  | { readonly kind: 'done'; readonly record: R }
  | { readonly kind: 'unknown' }
  | { readonly kind: 'fixed'; readonly message: string };

export interface NameDesk<T, F, R> {
  /** By name; those of files first. */
  list(): Promise<readonly F[]>;
  find(name: string): Promise<F | undefined>;
  /** @param force also where a ref leads nowhere now; what leads back to itself never stands */
  set(
    name: string,
    terms: T,
    options: { readonly by: string; readonly force: boolean },
  ): Promise<NameAnswer<F>>;
  remove(name: string): Promise<RemovedName<R>>;
}

export interface DeclaredDesk {
  readonly providers: ProviderDesk;
  readonly routes: NameDesk<RouteSettings, RouteFacts, RouteRecord>;
  readonly aliases: NameDesk<{ readonly ref: string }, AliasFacts, AliasRecord>;
}
