/** What the resources of workspaces, members, invitations and preferences stand on. */
import type { MemberId, PersonId, WorkspaceId } from '../base/ids.ts';
import type { NanoUsd } from '../base/money.ts';
import type { Role } from '../base/role.ts';
import type { From, Person } from '../people/people.ts';
import type { Invitation } from '../registry/invitations.ts';
import type { Member, MemberOutcome, Membership } from '../registry/members.ts';
import type { Preferences, PreferenceTerms } from '../registry/preferences.ts';
import type { Workspace, WorkspaceOutcome } from '../registry/workspaces.ts';
import type { Caller } from './caller.ts';

export interface WorkspaceDesk {
  /** Every one, oldest first. For operators. */
  all(): Promise<readonly Workspace[]>;
  membershipsOf(personId: PersonId): Promise<readonly Membership[]>;
  /** The one that is acted in. */
  current(): Promise<Workspace | undefined>;
  /** @param owner who owns it from the start; absent = nobody, until somebody who is invited does */
  create(name: string, owner: PersonId | undefined): Promise<WorkspaceOutcome>;
  rename(name: string): Promise<WorkspaceOutcome>;
  /** Whichever: for operators. */
  suspend(id: string): Promise<WorkspaceOutcome>;
  resume(id: string): Promise<WorkspaceOutcome>;
  remove(id: string): Promise<WorkspaceOutcome>;
}

/** A member and who it is; the person is undefined where it is erased. */
export interface MemberFacts {
  readonly member: Member;
  readonly person: Person | undefined;
}

export type MemberAnswer =
  | { readonly kind: 'done'; readonly facts: MemberFacts }
  | Exclude<MemberOutcome, { kind: 'done' }>;

export interface MemberDesk {
  list(limit: number): Promise<readonly MemberFacts[]>;
  changeRole(id: string, role: Role, by: Caller): Promise<MemberAnswer>;
  suspend(id: string, by: Caller): Promise<MemberAnswer>;
  resume(id: string, by: Caller): Promise<MemberAnswer>;
  remove(id: string, by: Caller): Promise<MemberAnswer>;
}

export interface OpenInvitation {
  readonly invitation: Invitation;
  readonly workspace: Workspace;
  /** Whether somebody with that address can sign in already. */
  readonly isKnown: boolean;
}

/** Somebody new, for whom an account is made. */
export interface Guest {
  readonly name: string;
  readonly password: string;
  /** Counts only where the invitation names none. */
  readonly email?: string;
}

export type AcceptAnswer =
  | {
      readonly kind: 'done';
      readonly workspace: Workspace;
      readonly memberId: MemberId;
      readonly role: Role;
      /** Values of `Set-Cookie`; empty = nobody was signed in by it. */
      readonly setCookies: readonly string[];
    }
  | {
      readonly kind:
        | 'unknown'
        | 'sign_in_first'
        | 'other_address'
        | 'already_member'
        | 'passwords_off'
        | 'email_missing';
    }
  | { readonly kind: 'password_weak'; readonly message: string };

export interface InvitationDesk {
  list(limit: number): Promise<readonly Invitation[]>;
  /** `token` is shown this once. */
  create(
    email: string,
    role: Role,
    by: Caller,
  ): Promise<
    | { readonly kind: 'done'; readonly invitation: Invitation; readonly token: string }
    | { readonly kind: 'above' | 'already_member' }
  >;
  revoke(id: string): Promise<Invitation | undefined>;
  /** undefined = no invitation has this token, or it is good no more. */
  show(token: string): Promise<OpenInvitation | undefined>;
  acceptAs(token: string, personId: PersonId, from: From): Promise<AcceptAnswer>;
  acceptNew(token: string, guest: Guest, from: From): Promise<AcceptAnswer>;
  /** A link that makes its finder the first owner; undefined = there is an owner already. */
  ownerLink(): Promise<{ readonly token: string; readonly expiresAtMs: number } | undefined>;
  /** Where people open the console, without a trailing slash. */
  consoleUrl(): string;
}

export type PreferenceAnswer =
  | { readonly kind: 'done'; readonly preferences: Preferences }
  /** A ref leads nowhere, or there is no such provider. */
  | { readonly kind: 'unreachable'; readonly message: string };

export interface PreferenceDesk {
  find(memberId: MemberId): Promise<Preferences>;
  set(
    memberId: MemberId,
    terms: PreferenceTerms,
    monthly: NanoUsd | undefined,
    isForced: boolean,
  ): Promise<PreferenceAnswer>;
  clear(memberId: MemberId): Promise<void>;
}

/** The caller's own account. */
export interface PersonDesk {
  find(id: PersonId): Promise<Person | undefined>;
  /** undefined = there is none. */
  rename(id: PersonId, name: string): Promise<Person | undefined>;
}

/** Beside the other desks of a workspace. */
export interface MembershipDesks {
  readonly workspaces: WorkspaceDesk;
  readonly members: MemberDesk;
  readonly invitations: InvitationDesk;
  readonly preferences: PreferenceDesk;
  readonly persons: PersonDesk;
  readonly firstWorkspaceId: WorkspaceId;
}
