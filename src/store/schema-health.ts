/** The table of what became of deployments' health. As in schema.ts. */

/** One change of state, as one process saw it. */
export interface HealthEventsTable {
  id: string;
  /** Of the process that saw it; '' where only one can be. */
  replica: string;
  /** Canonical `provider/model`. */
  ref: string;
  provider: string;
  /** Id of the provider's credential; '' = it has but one, or none. */
  credential: string;
  from_state: string;
  to_state: string;
  reason: string;
  at: number;
  /** null = open-ended. */
  until_at: number | null;
}
