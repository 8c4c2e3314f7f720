/** What the parts of this room work with. */
import type { Clock } from '../base/clock.ts';
import type { Log } from '../base/log.ts';
import type { Secret } from '../base/secret.ts';
import type { SignInSettings } from '../base/sign-in-settings.ts';
import type { Store } from '../store/store.ts';
import type { Library } from './library.ts';
import type { Limits } from './limits.ts';
import type { Passwords } from './passwords.ts';

export interface PeopleInput {
  readonly store: Store;
  readonly clock: Clock;
  readonly log: Log;
  /** 32 random bytes as text, the same at every start; asked for when somebody first signs in. */
  secret(): Promise<Secret>;
  /** As the configuration has it now. */
  settings(): SignInSettings;
  /** For questions to issuers. */
  readonly fetch: typeof fetch;
}

export interface Desk extends PeopleInput {
  readonly passwords: Passwords;
  readonly limits: Limits;
  library(): Promise<Library>;
}
