/** Services that may call the admin API with tokens of their own issuer: as configuration files say it. */
import type { Role } from './role.ts';

export interface ServiceSettings {
  /** As it stands in the token. */
  readonly issuer: string;
  /** The token must be made for it. */
  readonly audience: string;
  /** Where the keys are that it signs with, or the one key. */
  readonly keys:
    | { readonly kind: 'jwks'; readonly url: string }
    | { readonly kind: 'pem'; readonly pem: string };
  /** Name or id of the one workspace it acts in. */
  readonly workspace: string;
  readonly role: Role;
  /** Who of the issuer; undefined = everybody whom it gives such a token. */
  readonly subjects: readonly string[] | undefined;
}
