/** Invitations to the workspace: list, make, take back; and for whoever has the link, show and accept. */
import { z } from '@hono/zod-openapi';
import type { Context } from 'hono';
import { type Refusal, type RefusalCode, refuse } from '../base/refusal.ts';
import type { Invitation } from '../registry/invitations.ts';
import { type AdminEnv, callerOf } from './caller.ts';
import type { AdminApp, AdminDeps } from './deps.ts';
import type { AcceptAnswer, InvitationDesk } from './deps-members.ts';
import { iso, limitOf, When } from './fields.ts';
import {
  aboveRefusal,
  Email,
  json,
  Name,
  RoleName,
  renderWorkspace,
  WorkspaceBody,
} from './member-fields.ts';
import { denied, problemOf, problemResponse } from './problem.ts';
import { adminRoute } from './route.ts';

/** Rows of one answer. */
const MAX_ROWS = 1_000;
/** Where the console takes links. */
export const SIGN_UP_PATH = '/console/sign-up';

export const InvitationBody = z
  .strictObject({
    id: z.string().openapi({ example: 'inv_01k9…' }),
    email: z.string(),
    role: RoleName,
    state: z.enum(['open', 'accepted', 'revoked', 'expired']),
    invitedBy: z.string(),
    createdAt: When,
    expiresAt: When,
    acceptedAt: When.nullable(),
    memberId: z.string().nullable().openapi({ description: 'Who the guest became' }),
  })
  .openapi('Invitation');
export type InvitationBody = z.infer<typeof InvitationBody>;

export const InvitationList = z
  .strictObject({ invitations: z.array(InvitationBody), isTruncated: z.boolean() })
  .openapi('InvitationList');
export type InvitationList = z.infer<typeof InvitationList>;

export const NewInvitationBody = z.strictObject({ email: Email, role: RoleName }).openapi('NewInvitation');
export type NewInvitationBody = z.input<typeof NewInvitationBody>;

const link = z.string().openapi({ description: 'Shown this once; only a hash of what is in it is kept' });
export const MadeInvitation = z.strictObject({ invitation: InvitationBody, link }).openapi('MadeInvitation');
export type MadeInvitation = z.infer<typeof MadeInvitation>;

export const OwnerLink = z.strictObject({ link, expiresAt: When }).openapi('OwnerLink');
export type OwnerLink = z.infer<typeof OwnerLink>;

const Token = z.string().min(1).max(200).openapi({ description: 'As it stands in the link' });
const TokenBody = z.strictObject({ token: Token }).openapi('InvitationToken');
/** Longer ones are work for the hash alone; what makes a good one is said when it is none. */
const Password = z.string().min(1).max(1_000);
const AcceptBody = z
  .strictObject({
    token: Token,
    name: Name.optional(),
    password: Password.optional(),
    email: Email.optional().openapi({ description: 'Only where the invitation names none' }),
  })
  .refine(
    ({ name, password }) => (name === undefined) === (password === undefined),
    'name and password go together; who is signed in sends neither',
  )
  .openapi('AcceptInvitation');

const OpenInvitationBody = z
  .strictObject({
    workspace: z.string(),
    role: RoleName,
    email: z.string().nullable().openapi({ description: 'null = it makes the first owner, whoever that is' }),
    expiresAt: When,
    isKnown: z.boolean().openapi({ description: 'Somebody with that address is to sign in to accept' }),
  })
  .openapi('OpenInvitation');
const Joined = z
  .strictObject({
    workspace: WorkspaceBody,
    memberId: z.string(),
    role: RoleName,
    isSignedIn: z.boolean().openapi({ description: 'The answer brings a cookie that says who it is' }),
  })
  .openapi('Joined');

const listRoute = adminRoute('admin', {
  method: 'get',
  path: '/invitations',
  summary: 'Invitations to the workspace, newest first',
  request: { query: z.strictObject({ limit: limitOf(200, MAX_ROWS) }) },
  responses: {
    200: json('The invitations', InvitationList),
    400: problemResponse('query_invalid'),
    ...denied,
  },
});
const createInvitationRoute = adminRoute('admin', {
  method: 'post',
  path: '/invitations',
  summary: 'Invite somebody, in the place of an open invitation of the same address; good for seven days',
  request: { body: { required: true, ...json('The guest', NewInvitationBody) } },
  responses: {
    201: json('The invitation and its link', MadeInvitation),
    400: problemResponse('body_invalid'),
    409: problemResponse('member_already'),
    ...denied,
  },
});
const revokeRoute = adminRoute('admin', {
  method: 'delete',
  path: '/invitations/{id}',
  summary: 'Take an invitation back; of one that was accepted nothing changes',
  request: { params: z.strictObject({ id: z.string().max(100) }) },
  responses: {
    200: json('The invitation as it is now', InvitationBody),
    404: problemResponse('record_unknown'),
    ...denied,
  },
});
const showRoute = adminRoute('anyone', {
  method: 'post',
  path: '/invitations/show',
  summary: 'What the link of an invitation leads to',
  request: { body: { required: true, ...json('The link', TokenBody) } },
  responses: {
    200: json('The invitation', OpenInvitationBody),
    400: problemResponse('body_invalid'),
    404: problemResponse('invitation_unknown'),
  },
});
const acceptRoute = adminRoute('anyone', {
  method: 'post',
  path: '/invitations/accept',
  summary: 'Become a member, as who is signed in or as somebody new',
  request: { body: { required: true, ...json('The link, and who is new', AcceptBody) } },
  responses: {
    201: json('What one is a member of now', Joined),
    400: problemResponse('body_invalid'),
    403: problemResponse('invitation_other'),
    404: problemResponse('invitation_unknown'),
    409: problemResponse('member_already'),
  },
});
const ownerLinkRoute = adminRoute('operator', {
  method: 'post',
  path: '/owner-link',
  summary: 'A link that makes its finder the first owner, in the place of the one before; good for a day',
  responses: { 201: json('The link', OwnerLink), 409: problemResponse('owner_exists'), ...denied },
});

export function registerInvitations(app: AdminApp, { invitations, clock }: AdminDeps): void {
  app.openapi(listRoute, async (c) => {
    const { limit } = c.req.valid('query');
    const found = await invitations.list(limit + 1);
    const shown = found.slice(0, limit).map((one) => renderInvitation(one, clock.now()));
    return c.json({ invitations: shown, isTruncated: found.length > limit }, 200);
  });
  app.openapi(createInvitationRoute, async (c) => {
    const { email, role } = c.req.valid('json');
    const made = await invitations.create(email, role, callerOf(c));
    if (made.kind === 'done') {
      const invitation = renderInvitation(made.invitation, clock.now());
      return c.json({ invitation, link: linkOf(invitations, made.token) }, 201);
    }
    if (made.kind === 'above') return c.json(problemOf(aboveRefusal), 403);
    return c.json(problemOf(already), 409);
  });
  app.openapi(revokeRoute, async (c) => {
    const { id } = c.req.valid('param');
    const revoked = await invitations.revoke(id);
    if (!revoked) return c.json(problemOf(refuse('record_unknown', `there is no invitation ${id}`)), 404);
    return c.json(renderInvitation(revoked, clock.now()), 200);
  });
  app.openapi(ownerLinkRoute, async (c) => {
    const made = await invitations.ownerLink();
    if (!made) return c.json(problemOf(refuse('owner_exists', 'this installation has an owner')), 409);
    return c.json({ link: linkOf(invitations, made.token), expiresAt: iso(made.expiresAtMs) }, 201);
  });
  registerLinks(app, invitations);
}

/** What whoever has a link may do with it. */
function registerLinks(app: AdminApp, invitations: InvitationDesk): void {
  app.openapi(showRoute, async (c) => {
    const found = await invitations.show(c.req.valid('json').token);
    if (!found) return c.json(problemOf(gone), 404);
    const { invitation, workspace, isKnown } = found;
    const { role, email = null, expiresAtMs } = invitation;
    return c.json({ workspace: workspace.name, role, email, expiresAt: iso(expiresAtMs), isKnown }, 200);
  });
  app.openapi(acceptRoute, async (c) => {
    const answer = await accept(c, invitations, c.req.valid('json'));
    if (answer.kind !== 'done') {
      const { status, refusal } = acceptRefusal(answer);
      return c.json(problemOf(refusal), status);
    }
    const { workspace, memberId, role, setCookies } = answer;
    for (const cookie of setCookies) c.header('set-cookie', cookie, { append: true });
    const isSignedIn = setCookies.length > 0;
    return c.json({ workspace: renderWorkspace(workspace), memberId, role, isSignedIn }, 201);
  });
}

function accept(
  c: Context<AdminEnv>,
  invitations: InvitationDesk,
  { token, name, password, email }: z.infer<typeof AcceptBody>,
): Promise<AcceptAnswer> {
  const { caller, address } = c.env;
  const from = { address, userAgent: c.req.header('user-agent') };
  if (name !== undefined && password !== undefined) {
    return invitations.acceptNew(token, { name, password, ...(email !== undefined && { email }) }, from);
  }
  if (caller?.personId === undefined) return Promise.resolve({ kind: 'sign_in_first' });
  return invitations.acceptAs(token, caller.personId, from);
}

const gone = refuse('invitation_unknown', 'this link is good no more');
const already = refuse('member_already', 'who has this address is a member already');

function acceptRefusal(answer: Exclude<AcceptAnswer, { kind: 'done' }>): {
  status: 400 | 403 | 404 | 409;
  refusal: Refusal;
} {
  const saying = <S extends 400 | 403 | 404 | 409>(status: S, code: RefusalCode, message: string) => ({
    status,
    refusal: refuse(code, message),
  });
  switch (answer.kind) {
    case 'unknown':
      return { status: 404, refusal: gone };
    case 'already_member':
      return { status: 409, refusal: refuse('member_already', 'you are a member already') };
    case 'sign_in_first':
      return saying(409, 'sign_in_first', 'somebody with this address is to sign in first');
    case 'other_address':
      return saying(403, 'invitation_other', 'the invitation is for another address than yours');
    case 'passwords_off':
      return saying(409, 'sign_in_first', 'this installation takes no passwords');
    case 'email_missing':
      return saying(400, 'body_invalid', 'email: is needed, as the invitation names none');
    case 'password_weak':
      return saying(400, 'body_invalid', `password: ${answer.message}`);
    default:
      return answer satisfies never;
  }
}

function linkOf({ consoleUrl }: InvitationDesk, token: string): string {
  return `${consoleUrl()}${SIGN_UP_PATH}?token=${token}`;
}

function renderInvitation(invitation: Invitation, nowMs: number): InvitationBody {
  const { acceptedAtMs, revokedAtMs, expiresAtMs } = invitation;
  const state =
    acceptedAtMs !== undefined
      ? 'accepted'
      : revokedAtMs !== undefined
        ? 'revoked'
        : nowMs >= expiresAtMs
          ? 'expired'
          : 'open';
  return {
    id: invitation.id,
    email: invitation.email ?? '',
    role: invitation.role,
    state,
    invitedBy: invitation.invitedBy,
    createdAt: iso(invitation.createdAtMs),
    expiresAt: iso(expiresAtMs),
    acceptedAt: acceptedAtMs === undefined ? null : iso(acceptedAtMs),
    memberId: invitation.acceptedBy ?? null,
  };
}
