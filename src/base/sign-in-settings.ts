/** How people may sign in: as configuration files say it and the room of people reads it. */
import type { Role } from './role.ts';
import type { Secret } from './secret.ts';
import type { ServiceSettings } from './service-settings.ts';

/** An OpenID Connect issuer that this installation is registered with. */
export interface IssuerSettings {
  /** Of our configuration; part of the path that the issuer sends browsers back to. */
  readonly name: string;
  /** URL without a slash at the end, as the issuer spells itself. */
  readonly issuer: string;
  readonly clientId: string;
  /** undefined = a public client: the exchange is bound by PKCE alone. */
  readonly clientSecret: Secret | undefined;
  /** What e-mail addresses end in, in lower case; empty = people whom somebody has made known before. */
  readonly allowedDomains: readonly string[];
  /** It says of no address that it is verified, but gives nobody an address that is not its own. */
  readonly trustsEmail: boolean;
  /** Where people of the allowed domains whom nobody knows yet become members; undefined = they are not let in. */
  readonly joins: { readonly workspace: string; readonly role: Role } | undefined;
}

export interface SignInSettings {
  readonly takesPasswords: boolean;
  readonly issuers: readonly IssuerSettings[];
  /** Absent = no service may call. */
  readonly services?: readonly ServiceSettings[];
}
