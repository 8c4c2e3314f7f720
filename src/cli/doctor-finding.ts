/** One thing the doctor looked at, what it saw, and how to mend it. */
export interface Finding {
  readonly check: string;
  /** `absent`: not there, and nothing is wrong with that. */
  readonly state: 'ok' | 'warn' | 'fail' | 'absent';
  readonly detail: string;
  readonly fix?: string;
}
