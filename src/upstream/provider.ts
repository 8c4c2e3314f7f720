/** A provider kind: everything that differs between upstream families, as plain data and small functions. */
import type { Clock } from '../base/clock.ts';
import type { Secret } from '../base/secret.ts';
import type { FormatId, JsonObject } from '../wire/chat.ts';
import type { Relays } from './relays.ts';

/** What is asked of an upstream, whatever the format. */
export type Operation = 'chat' | 'count-tokens' | 'list-models' | 'embeddings';

/** What a URL may have to say of the request. */
export interface PathTarget {
  /** The upstream's own name of the model. */
  readonly model: string;
  readonly isStream: boolean;
}

/** A configured upstream: kind + base URL + credential. `name` is what stands before the slash in a model ref. */
export interface Provider {
  readonly name: string;
  /** The workspace that declared it through the API; undefined = a file or the environment did, for all. */
  readonly ownerId?: string | undefined;
  readonly kind: ProviderKind;
  /** As the vendor's SDK takes it, without a trailing slash. */
  readonly baseUrl: string;
  /** What it is called with: of several, the first in the order of use. See `withCredential` for the others. */
  readonly credential: Secret | undefined;
  /** In the order of use; empty = it is called without one. */
  readonly credentials: readonly ProviderCredential[];
  /** Vendor whose catalog entries and prices apply to its models (`anthropic`, `openai`, …). */
  readonly catalogProvider: string;
  /** Extra request headers the operator set, lower case. */
  readonly headers: Readonly<Record<string, string>>;
  /** Model ids the operator listed for it (for kinds that cannot be looked up in the catalog). */
  readonly models: readonly string[];
  readonly timeouts: ProviderTimeouts;
  /** `ask`: add `stream_options.include_usage` where the client did not (OpenAI chat streams report no usage otherwise). */
  readonly streamUsage: 'ask' | 'leave';
  /** Set prompt-cache breakpoints in requests that have none (formats whose vendor caches only what is marked). */
  readonly autoCache: boolean;
  /** Where it works, as declared; what a route's filter goes by. */
  readonly region?: string | undefined;
  /** Formats to speak to it, on the operator's word; undefined = those of its kind. */
  readonly formats?: readonly FormatId[] | undefined;
}

/** One of the secrets a provider may be called with. */
export interface ProviderCredential {
  /** Tells it from the provider's others, the same after a restart: `env:NAME`, `file:<label>` or `cred_…`. */
  readonly id: string;
  readonly secret: Secret;
  /** Its share of the traffic, against the others of its rank: 1 or more. */
  readonly weight: number;
  /** 0 = used first; those of the next rank serve while none of this one can. */
  readonly rank: number;
  readonly source: `env ${string}` | 'file' | 'vault';
  /** For people. */
  readonly label: string;
  /** Of kinds whose address or paths depend on the credential. */
  readonly placement?: { readonly baseUrl: string; readonly kind: ProviderKind };
}

/** All in milliseconds. */
export interface Timeouts {
  /** TCP and TLS together. */
  readonly connectMs: number;
  /** Request sent -> response head, and in streams -> first body byte. */
  readonly firstByteMs: number;
  /** Between two chunks of a body. Not counted while the client is slow. */
  readonly idleMs: number;
  /** The whole attempt. */
  readonly totalMs: number;
}

export interface ProviderTimeouts extends Timeouts {
  /** Between two pieces of content in a stream, whatever else comes. Not counted while the client is slow. */
  readonly contentMs: number;
}

/** What a file may tell a kind beside its address; each kind names the ones it reads. */
export interface KindSettings {
  /** Azure: version of the classic API, which is addressed by deployment. */
  readonly apiVersion?: string;
  /** Bedrock: AWS region. */
  readonly region?: string;
  /** Bedrock: section of the AWS configuration whose credentials sign. */
  readonly profile?: string;
  /** Vertex: Google Cloud project. */
  readonly project?: string;
  /** Vertex: region, multi-region or `global`. */
  readonly location?: string;
}

export type Environment = Readonly<Record<string, string | undefined>>;

export interface PlaceInput {
  /** As declared; undefined = not declared. */
  readonly baseUrl: string | undefined;
  readonly settings: KindSettings;
  readonly environment: Environment;
  readonly credential: Secret | undefined;
  /** The provider bears the kind's own name, so variables that name one address are its. */
  readonly isNamesake: boolean;
}

export type Placement =
  | {
      readonly ok: true;
      readonly baseUrl: string;
      /** The kind as these settings make it: same id, maybe other paths and another authorizer. */
      readonly kind: ProviderKind;
    }
  | {
      readonly ok: false;
      /** What to set, for the operator. */
      readonly problem: string;
    };

export interface ProviderKind {
  readonly id: string;
  /** Formats this upstream speaks natively, preferred one first. */
  readonly formats: readonly FormatId[];
  readonly defaultBaseUrl: string;
  /** Environment variables that may hold the credential, first set one wins. */
  readonly credentialEnv: readonly string[];
  /** False for local servers that take no key. */
  readonly needsCredential: boolean;
  readonly catalogProvider: string;
  /** Formats of one model, where they differ from model to model (Vertex serves Gemini and Claude). */
  formatsOf?(model: string): readonly FormatId[];
  /** Path and query below the base URL; undefined = this upstream has no such operation in this format. */
  path(format: FormatId, operation: Operation, target: PathTarget): string | undefined;
  /** Other calls of its API that are passed on as they are; absent = none. */
  readonly relays?: Relays;
  /** Headers that carry the credential and what the API demands; names in lower case. */
  authHeaders(credential: Secret | undefined, format: FormatId): Readonly<Record<string, string>>;
  /** Cutting the socket stops the billing: if not, an abandoned stream is read to its usage (bounded). */
  readonly cancelStopsBilling: boolean;
  /** Client headers that mean something to this kind alone, lower case. Never ones that carry a credential. */
  readonly forwardedHeaders?: readonly string[];
  /** What `Provider.streamUsage` is unless the operator says otherwise; absent = `ask`. */
  readonly streamUsage?: 'ask' | 'leave';
  /** Client headers of the format's family, or `accept`, that this API does not take, lower case. */
  readonly withheldHeaders?: readonly string[];
  /** Serves other makers' models under names of its own: a bare model id asks it after all other kinds. */
  readonly isReseller?: true;
  /** Settings of a file that it reads, beside the ones every kind has. */
  readonly settings?: readonly (keyof KindSettings)[];
  /** For kinds whose address or paths depend on more than one text. */
  place?(input: PlaceInput): Placement;
  /** Whether the environment alone announces it; absent = a variable of `credentialEnv` does where one is needed. */
  isAnnounced?(environment: Environment): boolean;
  /** Its error bodies have a shape of its own, not the format's: clients are told in theirs. Absent = no. */
  hasOwnErrors?(format: FormatId): boolean;
  /** What this API wants of a body beside what the format says; absent = nothing. */
  bodyRule?(format: FormatId, operation?: Operation): BodyRule | undefined;
  /** For credentials that are no header of their own: signatures over the request, tokens that must be fetched. */
  createAuthorizer?(provider: Provider, means: AuthorizerMeans): Authorizer;
  /** For streams in a framing of the vendor's own: their bytes as server-sent events. Undefined = nothing to do. */
  createUnframer?(format: FormatId): Unframer | undefined;
}

/** Named edits of a body, made in both lanes. */
export interface BodyRule {
  /** Top-level fields the API refuses. */
  readonly removed: readonly string[];
  /** Top-level fields it demands; put in where the client has none of the name. */
  readonly added: JsonObject;
  /** Request headers it takes as top-level fields: header name to field; the value's commas part a list of strings. */
  readonly fromHeaders: Readonly<Record<string, string>>;
  /** The added field that says the API's version: a client's later one, in this header, goes in its place. */
  readonly version?: { readonly field: string; readonly header: string; readonly standsFor: string };
}

export interface AuthorizerMeans {
  readonly clock: Clock;
  readonly environment: Environment;
  /** Absent = the one of the process. */
  readonly fetch?: typeof fetch;
}

/** A request as it will be sent, but for the headers that authorize it. */
export interface UnsignedRequest {
  readonly method: string;
  readonly origin: string;
  /** With the query. */
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: readonly Uint8Array[];
}

export interface Authorizer {
  /** Headers to add. A promise only when something must be fetched first; rejects with a message fit for the operator. */
  headersFor(
    request: UnsignedRequest,
  ): Readonly<Record<string, string>> | Promise<Readonly<Record<string, string>>>;
}

export interface Unframer {
  /** Cut anywhere. @throws {FrameTooLongError} and errors of a framing that is broken: the stream cannot go on */
  push(chunk: Uint8Array): Buffer;
  end(): Buffer;
}
