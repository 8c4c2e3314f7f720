/** What signing in through the admin API stands on. */
import type { PersonId } from '../base/ids.ts';
import type { Joins, People } from '../people/people.ts';

export interface SignInDesk {
  readonly people: People;
  /** Where browsers open this installation, where the configuration says so. */
  publicUrl(): string | undefined;
  /** One that nobody guesses, for who has lost the own one. */
  newPassword(): string;
  /** Makes somebody whom an issuer sent a member; a workspace that is not there is told in the log. */
  join(personId: PersonId, joins: Joins): Promise<void>;
}
