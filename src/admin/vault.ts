/** The vault of the installation: where it stands, a change of its master key, and the recovery key. */
import { z } from '@hono/zod-openapi';
import { refuse } from '../base/refusal.ts';
import { Secret } from '../base/secret.ts';
import type { AdminApp, AdminDeps } from './deps.ts';
import type { VaultAnswer, VaultFacts } from './deps-vault.ts';
import { iso, When } from './fields.ts';
import { denied, problemOf, problemResponse } from './problem.ts';
import { adminRoute } from './route.ts';

/** A recovery key has 74 characters, with its dashes. */
const MAX_RECOVERY_KEY_LENGTH = 200;
const KeyName = z
  .string()
  .openapi({ example: 'a23fca98ab51d165', description: 'Tells a master key from others, and nothing of it' });

export const VaultBody = z
  .strictObject({
    kind: z.enum(['environment', 'file', 'keychain', 'passphrase']),
    place: z.string().openapi({ description: 'Where the master key is' }),
    state: z.enum(['empty', 'open', 'rotating', 'waiting', 'closed']).openapi({
      description:
        '`rotating`: rows are being taken over by another master key. `waiting`: until all replicas have it. `closed`: the key at hand does not open what is sealed',
    }),
    key: KeyName.nullable(),
    secrets: z.int().openapi({ description: 'Rows that the vault has sealed' }),
    rows: z.array(z.strictObject({ key: z.string(), secrets: z.int(), isAtHand: z.boolean() })),
    waitsFor: z.array(z.string()).openapi({ description: 'Replicas that have not got the next master key' }),
    rotation: z
      .strictObject({ from: z.string(), to: KeyName, startedAt: When, endedAt: When.nullable() })
      .nullable()
      .openapi({ description: 'The last change of master keys' }),
    recoveryKey: z
      .strictObject({
        fingerprint: z.string(),
        madeAt: When,
        isGood: z
          .boolean()
          .openapi({ description: 'false = what the database says of it was changed: make another' }),
      })
      .nullable(),
  })
  .openapi('Vault');
export type VaultBody = z.infer<typeof VaultBody>;

export const MadeRecoveryKeyBody = z
  .strictObject({
    recoveryKey: z.string().openapi({
      example: 'TPR1-0000-…',
      description: 'Shown this once, and kept nowhere',
    }),
    vault: VaultBody,
  })
  .openapi('MadeRecoveryKey');
export type MadeRecoveryKeyBody = z.infer<typeof MadeRecoveryKeyBody>;

export const RecoverBody = z
  .strictObject({
    recoveryKey: z.string().min(1).max(MAX_RECOVERY_KEY_LENGTH).openapi({ format: 'password' }),
  })
  .openapi('Recover');
export type RecoverBody = z.input<typeof RecoverBody>;

export const ForgottenBody = z
  .strictObject({ forgotten: z.int(), vault: VaultBody })
  .openapi('ForgottenSecrets');
export type ForgottenBody = z.infer<typeof ForgottenBody>;

const json = <T extends z.ZodType>(description: string, schema: T) => ({
  description,
  content: { 'application/json': { schema } },
});

const refusedOrClosed = { 409: problemResponse('vault_refused'), ...denied };

const showRoute = adminRoute('operator', {
  method: 'get',
  path: '/vault',
  summary: 'Where the vault stands: its master key by name, the last change of it, the recovery key',
  responses: { 200: json('The vault', VaultBody), ...denied },
});

const rotateRoute = adminRoute('operator', {
  method: 'post',
  path: '/vault/rotate',
  summary: 'Have another master key take over; answers when every row is its own',
  responses: { 200: json('The vault', VaultBody), ...refusedOrClosed },
});

const recoveryRoute = adminRoute('operator', {
  method: 'post',
  path: '/vault/recovery-key',
  summary: 'Make a recovery key in place of the one there was; it is shown this once',
  responses: { 201: json('The recovery key', MadeRecoveryKeyBody), ...refusedOrClosed },
});

const recoverRoute = adminRoute('operator', {
  method: 'post',
  path: '/vault/recover',
  summary: 'Set a new master key in place of a lost one',
  request: { body: { required: true, ...json('The recovery key', RecoverBody) } },
  responses: {
    200: json('The vault', VaultBody),
    400: problemResponse('body_invalid'),
    422: problemResponse('recovery_key_wrong'),
    ...refusedOrClosed,
  },
});

const forgetRoute = adminRoute('operator', {
  method: 'post',
  path: '/vault/forget',
  summary: 'Take out what no master key at hand opens; cannot be undone',
  responses: { 200: json('How many rows', ForgottenBody), ...denied },
});

export function registerVault(app: AdminApp, { vault }: AdminDeps): void {
  app.openapi(showRoute, async (c) => c.json(render(await vault.describe()), 200));
  app.openapi(rotateRoute, async (c) => {
    const done = await vault.rotate();
    if (done.kind === 'done') return c.json(render(done.facts), 200);
    return c.json(problemFor(done), 409);
  });
  app.openapi(recoveryRoute, async (c) => {
    const made = await vault.makeRecoveryKey();
    // Kept nowhere, not even sealed: a later master key must not open with what an earlier one has sealed.
    c.set('isShownOnce', true);
    if (made.kind === 'done')
      return c.json({ recoveryKey: made.recoveryKey.reveal(), vault: render(made.facts) }, 201);
    return c.json(problemFor(made), 409);
  });
  app.openapi(recoverRoute, async (c) => {
    const done = await vault.recover(new Secret(c.req.valid('json').recoveryKey));
    if (done.kind === 'done') return c.json(render(done.facts), 200);
    return c.json(problemFor(done), done.kind === 'wrong_key' ? 422 : 409);
  });
  app.openapi(forgetRoute, async (c) => {
    const { forgotten, facts } = await vault.forget();
    return c.json({ forgotten, vault: render(facts) }, 200);
  });
}

function problemFor({ kind, message }: Exclude<VaultAnswer, { kind: 'done' }>) {
  switch (kind) {
    case 'refused':
      return problemOf(refuse('vault_refused', message));
    case 'closed':
      return problemOf(refuse('vault_closed', message));
    case 'wrong_key':
      return problemOf(refuse('recovery_key_wrong', message));
    default:
      return kind satisfies never;
  }
}

function render(facts: VaultFacts): VaultBody {
  const { rotation, recoveryKey } = facts;
  return {
    kind: facts.kind,
    place: facts.place,
    state: facts.state,
    key: facts.key ?? null,
    secrets: facts.secrets,
    rows: facts.rows.map((row) => ({ ...row })),
    waitsFor: [...facts.waitsFor],
    rotation: rotation
      ? {
          from: rotation.from,
          to: rotation.to,
          startedAt: iso(rotation.startedAtMs),
          endedAt: rotation.endedAtMs === undefined ? null : iso(rotation.endedAtMs),
        }
      : null,
    recoveryKey: recoveryKey
      ? {
          fingerprint: recoveryKey.fingerprint,
          madeAt: iso(recoveryKey.madeAtMs),
          isGood: recoveryKey.isGood,
        }
      : null,
  };
}
