/** Refusals of people: signing in, workspaces, members and invitations. Part of the table in refusal.ts. */
import type { RefusalRow } from './refusal-row.ts';

export const peopleRefusals = {
  sign_in_wrong: {
    status: 401,
    kind: 'authentication',
    fix: 'Check the address and the password; an admin of the workspace can have a lost password replaced.',
  },
  sign_in_code_wanted: {
    status: 401,
    kind: 'authentication',
    fix: 'Send `code` too: six digits of the authenticator, or one of the recovery codes.',
  },
  sign_in_code_wrong: {
    status: 401,
    kind: 'authentication',
    fix: 'Wait for the next code of the authenticator, or use one of the recovery codes.',
  },
  sign_in_limited: {
    status: 429,
    kind: 'rate-limit',
    fix: 'Wait as long as Retry-After says; nobody is locked out for good.',
  },
  passwords_off: {
    status: 403,
    kind: 'permission',
    fix: 'Sign in at an issuer of sign_in.oidc; sign_in.password switches passwords on.',
  },
  not_invited: {
    status: 403,
    kind: 'permission',
    fix: 'Ask for an invitation, or have sign_in.oidc let in your domain; the address must be verified.',
  },
  issuer_failed: {
    status: 502,
    kind: 'upstream',
    fix: 'Begin again; the log says what the issuer answered.',
  },
  public_url_missing: {
    status: 409,
    kind: 'invalid-request',
    fix: 'Set public_url to where browsers open this installation.',
  },
  cross_site: {
    status: 403,
    kind: 'permission',
    fix: 'Ask from a page of this installation (public_url), with application/json; programs use a token instead.',
  },
  totp_on: {
    status: 409,
    kind: 'invalid-request',
    fix: 'Switch the authenticator off first (DELETE /auth/totp).',
  },
  totp_off: {
    status: 409,
    kind: 'invalid-request',
    fix: 'Begin with one first (POST /auth/totp).',
  },
  service_token_invalid: {
    status: 401,
    kind: 'authentication',
    fix: 'Send a token of an issuer under sign_in.services, made for its audience and not expired.',
  },
  workspace_suspended: {
    status: 403,
    kind: 'permission',
    fix: 'Ask an operator of the installation to resume it (`turnpike workspaces resume`).',
  },
  member_suspended: {
    status: 403,
    kind: 'permission',
    fix: 'Ask an admin of the workspace to end the suspension.',
  },
  member_already: {
    status: 409,
    kind: 'invalid-request',
    fix: 'Change the role of the member instead.',
  },
  owner_exists: {
    status: 409,
    kind: 'invalid-request',
    fix: 'Ask the owner for an invitation (`turnpike members invite`).',
  },
  invitation_unknown: {
    status: 404,
    kind: 'not-found',
    fix: 'Ask for a new invitation: a link is good once, and for a while.',
  },
  invitation_other: {
    status: 403,
    kind: 'permission',
    fix: 'Sign in with the address the invitation was sent to, or ask for one to yours.',
  },
  sign_in_first: {
    status: 409,
    kind: 'invalid-request',
    fix: 'Sign in with the address of the invitation, then accept it.',
  },
  no_person: {
    status: 409,
    kind: 'invalid-request',
    fix: 'Sign in as a member of the workspace.',
  },
  role_insufficient: {
    status: 403,
    kind: 'permission',
    fix: 'Ask somebody whose role in the workspace allows it; `needs` in the API document says which that is.',
  },
} as const satisfies Record<string, RefusalRow>;
