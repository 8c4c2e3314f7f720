/** How long what keeps people signed in holds. */

/** Of a session nobody uses: a working day, so that a machine left alone overnight asks again. */
export const SESSION_IDLE_MS = 12 * 3_600_000;
/** Of a session, however much it is used. */
export const SESSION_MAX_MS = 7 * 24 * 3_600_000;
/** How exactly it is kept when a session was last used: one write in so long. */
export const SESSION_TOUCH_MS = 5 * 60_000;
/** More of one person are browsers it has forgotten; the oldest ends. */
export const MAX_SESSIONS = 20;
/** Between the password and the code: both come in one request. */
export const CHALLENGE_MS = 60_000;
/** Of a code that was used: longer than an authenticator's code is taken (30 s, and one before and after). */
export const USED_CODE_MS = 120_000;
/** At the issuer, where a person may have to look for its own password. */
export const OIDC_VISIT_MS = 10 * 60_000;
