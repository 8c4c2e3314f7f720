/** Credentials of providers: list, save, change, test, remove. A secret comes in by one body, and goes out in none. */
import { z } from '@hono/zod-openapi';
import { refuse } from '../base/refusal.ts';
import { isRoleAtLeast } from '../base/role.ts';
import { Secret } from '../base/secret.ts';
import { type Caller, callerOf } from './caller.ts';
import type {
  ChangedCredential,
  CredentialFacts,
  CredentialUser,
  SavedCredential,
} from './credentials-desk.ts';
import type { AdminApp, AdminDeps } from './deps.ts';
import { iso, When } from './fields.ts';
import { denied, problemOf, problemResponse } from './problem.ts';
import { adminRoute } from './route.ts';

/** The file of a service account is some 2,400 characters. */
const MAX_SECRET_LENGTH = 16_000;

const ProviderName = z
  .string()
  .regex(/^[A-Za-z0-9][A-Za-z0-9_.-]{0,63}$/, 'is no name of a provider')
  .openapi({ example: 'openai', description: 'As under `providers`, or a kind' });
const Label = z
  .string()
  .regex(/^[A-Za-z0-9][A-Za-z0-9_.-]{0,63}$/, 'letters, digits, dot, dash and underscore, at most 64');
const Weight = z.int().min(1).max(1000);

export const Trial = z
  .strictObject({
    kind: z.enum(['good', 'refused', 'unclear']),
    message: z.string().openapi({ description: 'What the provider said; no part of the secret is in it' }),
  })
  .openapi('CredentialTrial');
export type Trial = z.infer<typeof Trial>;

export const Credential = z
  .strictObject({
    id: z.string().openapi({ example: 'cred_01k9…' }),
    provider: z.string(),
    label: z.string(),
    source: z.string().openapi({ example: 'vault', description: '`vault`, `file` or `env NAME`' }),
    holder: z.enum(['installation', 'workspace', 'member']).openapi({
      description: '`installation`: of the environment or a file, which all workspaces use',
    }),
    memberId: z.string().nullable().openapi({ description: 'Whose it is, where it is a member\u2019s' }),
    preview: z.string().openapi({ description: 'Its first 7 and last 4 characters' }),
    weight: Weight,
    rank: z.int().nullable().openapi({ description: '0 = used first; null = not used' }),
    state: z.enum(['active', 'disabled', 'unused', 'unreadable']),
    createdAt: When.nullable(),
    validatedAt: When.nullable().openapi({
      description: 'When its provider last took it, as far as was tried',
    }),
    lastUsedAt: When.nullable(),
  })
  .openapi('Credential');
export type Credential = z.infer<typeof Credential>;

export const CredentialList = z.strictObject({ credentials: z.array(Credential) }).openapi('CredentialList');
export type CredentialList = z.infer<typeof CredentialList>;

export const NewCredentialBody = z
  .strictObject({
    provider: ProviderName,
    label: Label.default('default').openapi({
      description: 'One of the same provider and label is replaced',
    }),
    secret: z
      .string()
      .trim()
      .min(1)
      .max(MAX_SECRET_LENGTH)
      .refine(isOneText, 'must be one line of printable characters, or a JSON object')
      .openapi({ format: 'password', description: 'Sealed in the vault; never shown again' }),
    weight: Weight.default(1),
    isForced: z.boolean().default(false).openapi({ description: 'Save it whatever the provider says' }),
    holder: z.enum(['workspace', 'me']).default('workspace').openapi({
      description:
        '`workspace`: its admins save it, all of it use it. `me`: the caller\u2019s own, used before the workspace\u2019s',
    }),
  })
  .openapi('NewCredential');
export type NewCredentialBody = z.input<typeof NewCredentialBody>;

export const MadeCredential = z
  .strictObject({ credential: Credential, isReplaced: z.boolean(), trial: Trial })
  .openapi('MadeCredential');
export type MadeCredential = z.infer<typeof MadeCredential>;

export const CredentialChangeBody = z
  .strictObject({ weight: Weight.optional(), isDisabled: z.boolean().optional() })
  .openapi('CredentialChange');
export type CredentialChangeBody = z.input<typeof CredentialChangeBody>;

export const CredentialTestBody = z
  .strictObject({
    provider: ProviderName,
    id: z
      .string()
      .max(200)
      .optional()
      .openapi({ description: 'Absent = all that are in use and that the caller may change' }),
  })
  .openapi('CredentialTest');
export type CredentialTestBody = z.input<typeof CredentialTestBody>;

export const TestedCredentials = z
  .strictObject({
    tested: z.array(z.strictObject({ id: z.string(), label: z.string(), source: z.string(), trial: Trial })),
  })
  .openapi('TestedCredentials');
export type TestedCredentials = z.infer<typeof TestedCredentials>;

const json = <T extends z.ZodType>(description: string, schema: T) => ({
  description,
  content: { 'application/json': { schema } },
});
const params = z.strictObject({ id: z.string().max(200) });

const listRoute = adminRoute('member', {
  method: 'get',
  path: '/credentials',
  summary: 'Credentials of all providers in the order of use, masked',
  responses: { 200: json('The credentials', CredentialList), ...denied },
});

const saveRoute = adminRoute('member', {
  method: 'post',
  path: '/credentials',
  summary: 'Try a credential against its provider, and seal it in the vault',
  request: { body: { required: true, ...json('The credential', NewCredentialBody) } },
  responses: {
    201: json('The credential, and what the provider said', MadeCredential),
    400: problemResponse('body_invalid'),
    404: problemResponse('record_unknown'),
    409: problemResponse('vault_closed'),
    422: problemResponse('credential_not_proven'),
    ...denied,
  },
});

const testRoute = adminRoute('member', {
  method: 'post',
  path: '/credentials/test',
  summary: 'Try credentials against their provider; nothing of it is billed',
  request: { body: { required: true, ...json('Which', CredentialTestBody) } },
  responses: {
    200: json('What each showed', TestedCredentials),
    400: problemResponse('body_invalid'),
    404: problemResponse('record_unknown'),
    ...denied,
  },
});

const changeRoute = adminRoute('member', {
  method: 'patch',
  path: '/credentials/{id}',
  summary: 'Change the share of a credential, or take it out of use and back',
  request: { params, body: { required: true, ...json('The change', CredentialChangeBody) } },
  responses: {
    200: json('The credential', Credential),
    400: problemResponse('body_invalid'),
    404: problemResponse('record_unknown'),
    ...denied,
  },
});

const removeRoute = adminRoute('member', {
  method: 'delete',
  path: '/credentials/{id}',
  summary: 'Remove a credential from the vault, secret and all',
  request: { params },
  responses: { 200: json('What it was', Credential), 404: problemResponse('record_unknown'), ...denied },
});

export function registerCredentials(app: AdminApp, { credentials }: AdminDeps): void {
  app.openapi(listRoute, async (c) =>
    c.json({ credentials: (await credentials.list(userOf(callerOf(c)))).map(renderCredential) }, 200),
  );
  app.openapi(saveRoute, async (c) => {
    const { secret, ...rest } = c.req.valid('json');
    const saved = await credentials.save(userOf(callerOf(c)), { ...rest, secret: new Secret(secret) });
    if (saved.kind === 'done') {
      const { credential, isReplaced, trial } = saved;
      return c.json({ credential: renderCredential(credential), isReplaced, trial: renderTrial(trial) }, 201);
    }
    const { status, problem } = problemOfSave(saved, rest.provider);
    return c.json(problem, status);
  });
  app.openapi(testRoute, async (c) => {
    const { provider, id } = c.req.valid('json');
    const tested = await credentials.test(userOf(callerOf(c)), provider, id);
    if (tested) {
      const shown = tested.map(({ trial, ...one }) => ({ ...one, trial: renderTrial(trial) }));
      return c.json({ tested: shown }, 200);
    }
    const what = id === undefined ? `${provider} has no credential` : `${provider} has no credential ${id}`;
    return c.json(problemOf(refuse('record_unknown', what)), 404);
  });
  app.openapi(changeRoute, async (c) => {
    const { id } = c.req.valid('param');
    const { weight, isDisabled } = c.req.valid('json');
    const changed = await credentials.change(userOf(callerOf(c)), id, {
      ...(weight !== undefined && { weight }),
      ...(isDisabled !== undefined && { isDisabled }),
    });
    if (changed.kind === 'done') return c.json(renderCredential(changed.credential), 200);
    const { status, problem } = problemOfChange(changed, id);
    return c.json(problem, status);
  });
  app.openapi(removeRoute, async (c) => {
    const { id } = c.req.valid('param');
    const removed = await credentials.remove(userOf(callerOf(c)), id);
    if (removed.kind === 'done') return c.json(renderCredential(removed.credential), 200);
    const { status, problem } = problemOfChange(removed, id);
    return c.json(problem, status);
  });
}

function userOf({ memberId, role }: Caller): CredentialUser {
  return { memberId, isAdmin: role !== undefined && isRoleAtLeast(role, 'admin') };
}

function problemOfChange(changed: Exclude<ChangedCredential, { kind: 'done' }>, id: string) {
  return changed.kind === 'unknown'
    ? ({ status: 404, problem: unknown(id) } as const)
    : ({ status: 403, problem: problemOf(refuse('role_insufficient', changed.message)) } as const);
}

function renderTrial({ kind, message }: Trial): Trial {
  return { kind, message };
}

function unknown(id: string) {
  return problemOf(refuse('record_unknown', `the vault has no credential ${id}`));
}

function problemOfSave(saved: Exclude<SavedCredential, { kind: 'done' }>, provider: string) {
  switch (saved.kind) {
    case 'not_proven': {
      const { kind, message } = saved.trial;
      const what =
        kind === 'refused' ? `${provider} refuses the key` : `the key could not be tried at ${provider}`;
      return {
        status: 422,
        problem: problemOf(refuse('credential_not_proven', `${what}: ${message}`)),
      } as const;
    }
    case 'no_provider':
      return { status: 404, problem: problemOf(refuse('record_unknown', saved.message)) } as const;
    case 'vault_closed':
      return { status: 409, problem: problemOf(refuse('vault_closed', saved.message)) } as const;
    case 'not_allowed':
      return { status: 403, problem: problemOf(refuse('role_insufficient', saved.message)) } as const;
    case 'no_member':
      return { status: 409, problem: problemOf(refuse('no_person', saved.message)) } as const;
    case 'vault_full':
      return { status: 400, problem: problemOf(refuse('body_invalid', 'the vault holds no more')) } as const;
    default:
      return saved satisfies never;
  }
}

/** Keys are one line; the file of a service account is JSON. Anything else is a slip of the clipboard. */
function isOneText(text: string): boolean {
  return /^[\x21-\x7e]+$/.test(text) || isJsonObject(text);
}

function isJsonObject(text: string): boolean {
  if (!text.startsWith('{')) return false;
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}

function renderCredential(facts: CredentialFacts): Credential {
  const { createdAtMs, validatedAtMs, lastUsedAtMs, rank, memberId, ...rest } = facts;
  const when = (atMs: number | undefined) => (atMs === undefined ? null : iso(atMs));
  return {
    ...rest,
    memberId: memberId ?? null,
    rank: rank ?? null,
    createdAt: when(createdAtMs),
    validatedAt: when(validatedAtMs),
    lastUsedAt: when(lastUsedAtMs),
  };
}
