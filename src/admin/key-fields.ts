/** Virtual keys on the wire: what may be said of one when it is made and later, and how one is shown. */
import { z } from '@hono/zod-openapi';
import { MAX_RANGES, rangeHelp, readRange } from '../base/ip-range.ts';
import { formatUsd } from '../base/money.ts';
import { hasFigures, rateFigures, rateFiguresHelp } from '../base/rate-limit.ts';
import { MAX_OVERLAP_MS } from '../registry/key-rotation.ts';
import type { KeyChange } from '../registry/keys.ts';
import type { RateLimitRecord } from '../registry/rate-limits.ts';
import { NewBudgetBody, unscopedTermsOf } from './budgets.ts';
import type { KeyFacts, NewKey } from './deps-keys.ts';
import { iso, Usd, When } from './fields.ts';
import { rateFields, unscopedRateOf } from './rate-limits.ts';

/** Those that steer a terminal or the order of text; and PostgreSQL keeps every character but U+0000. */
const STEERING = /[\p{Cc}\u202a-\u202e\u2066-\u2069]/u;

/** On one line. */
export function textOf(most: number) {
  return z
    .string()
    .trim()
    .min(1)
    .max(most)
    .refine((text) => !STEERING.test(text), 'must not hold control characters');
}

const ref = textOf(300);
const name = textOf(100);
/** Thirty days: what is older was said by another version of its model. */
const MAX_CACHE_TTL_MS = 30 * 86_400_000;
/** Of one key, each of another period. */
const MAX_BUDGETS = 10;

const Range = z
  .string()
  .max(50)
  .refine((text) => readRange(text) !== undefined, rangeHelp)
  .openapi({ example: '192.0.2.0/24', description: rangeHelp });

const terms = {
  description: textOf(2_000).openapi({ description: 'On one line' }),
  tags: z.array(textOf(50)).min(1).max(20),
  member: textOf(100).openapi({ example: 'mem_01k9…', description: 'Whose it is' }),
  agent: name.openapi({ description: 'Name of an agent, or the id of one of the workspace' }),
  defaultModel: ref,
  allowedModels: z.array(ref).min(1).max(200).openapi({ description: 'Absent = every model' }),
  allowedFormats: z
    .array(z.string().min(1).max(60))
    .min(1)
    .max(60)
    .openapi({
      example: ['anthropic-messages', 'embeddings'],
      description: 'Calls by the names of docs/guide/keys.md, or chat or embeddings for all of those',
    }),
  allowedRanges: z.array(Range).min(1).max(MAX_RANGES).openapi({ description: 'Absent = from everywhere' }),
  expiresAt: z.iso.datetime({ offset: true }),
  cacheTtlMs: z.int().min(0).max(MAX_CACHE_TTL_MS),
} as const;

type Terms = typeof terms;

function optional<T extends Record<string, z.ZodType>>(fields: T) {
  return Object.fromEntries(
    Object.entries(fields).map(([field, schema]) => [field, schema.optional()]),
  ) as unknown as { [K in keyof T]: z.ZodOptional<T[K]> };
}

function nullable<T extends Record<string, z.ZodType>>(fields: T) {
  return Object.fromEntries(
    Object.entries(fields).map(([field, schema]) => [field, schema.nullable().optional()]),
  ) as unknown as { [K in keyof T]: z.ZodOptional<z.ZodNullable<T[K]>> };
}

export const NewKeyBody = z
  .strictObject({
    name,
    ...optional<Terms>(terms),
    budgets: z
      .array(NewBudgetBody.omit({ scope: true }))
      .max(MAX_BUDGETS)
      .optional()
      .openapi({ description: 'Of the key alone, made together with it' }),
    rateLimit: z
      .strictObject(rateFields)
      .refine((figures) => hasFigures(figures), rateFiguresHelp)
      .optional()
      .openapi({ description: 'Of the key alone, made together with it' }),
    isHoneypot: z.boolean().optional().openapi({
      description: 'It lets nobody in, and its use raises an alert: to be left where only thieves look',
    }),
  })
  .openapi('NewKey');
export type NewKeyBody = z.infer<typeof NewKeyBody>;

export const KeyChangeBody = z
  .strictObject({ name: name.optional(), ...nullable<Terms>(terms) })
  .refine((change) => Object.keys(change).length > 0, 'names nothing to change')
  .openapi('KeyChange', { description: 'null = as if it had never been said' });
export type KeyChangeBody = z.infer<typeof KeyChangeBody>;

export const RotationBody = z
  .strictObject({
    overlapSeconds: z
      .int()
      .min(0)
      .max(MAX_OVERLAP_MS / 1000)
      .default(0)
      .openapi({ description: 'How long the old token works on, at most 30 days' }),
  })
  .openapi('KeyRotation');
export type RotationBody = z.input<typeof RotationBody>;

export const Key = z
  .strictObject({
    id: z.string().openapi({ example: 'key_01k9…' }),
    name: z.string(),
    description: z.string().nullable(),
    tags: z.array(z.string()),
    preview: z.string().openapi({ description: 'Beginning and end of the token' }),
    state: z.enum(['active', 'expired', 'revoked']),
    createdAt: When,
    expiresAt: When.nullable(),
    revokedAt: When.nullable(),
    lastUsedAt: When.nullable().openapi({ description: 'Some minutes late' }),
    member: z.string().nullable(),
    agent: z.string().nullable(),
    defaultModel: z.string().nullable(),
    allowedModels: z.array(z.string()).nullable().openapi({ description: 'null = every model' }),
    allowedFormats: z.array(z.string()).nullable().openapi({ description: 'null = every call' }),
    allowedRanges: z.array(z.string()).nullable().openapi({ description: 'null = from everywhere' }),
    cacheTtlMs: z.int().nullable().openapi({
      description: 'Answers may be given to it again for so long; 0 = never, null = where its route says so',
    }),
    isHoneypot: z.boolean(),
    oldTokens: z
      .array(
        z.strictObject({
          preview: z.string(),
          replacedAt: When,
          worksUntil: When,
          lastUsedAt: When.nullable(),
        }),
      )
      .openapi({ description: 'Tokens it had before that work yet' }),
    budgets: z
      .array(
        z.strictObject({
          id: z.string(),
          name: z.string(),
          period: z.string(),
          limitUsd: Usd,
          action: z.enum(['block', 'warn']),
        }),
      )
      .openapi({ description: 'Of this key alone' }),
    rateLimit: z
      .strictObject({
        id: z.string(),
        requestsPerMinute: z.int().nullable(),
        inputTokensPerMinute: z.int().nullable(),
        outputTokensPerMinute: z.int().nullable(),
        concurrent: z.int().nullable(),
        burstSeconds: z.int(),
      })
      .nullable()
      .openapi({ description: 'Of this key alone' }),
  })
  .openapi('Key');
export type Key = z.infer<typeof Key>;

export const MadeKey = z
  .strictObject({
    key: Key,
    token: z.string().openapi({ description: 'Shown this once; only its hash is kept' }),
  })
  .openapi('MadeKey');
export type MadeKey = z.infer<typeof MadeKey>;

/** Why the body cannot be taken, beyond what its schema says; undefined = it can. */
export function whyInvalid(
  { expiresAt, allowedFormats }: Pick<KeyChangeBody, 'expiresAt' | 'allowedFormats'>,
  calls: readonly string[],
  nowMs: number,
): string | undefined {
  if (expiresAt && Date.parse(expiresAt) <= nowMs) return 'expiresAt: is in the past';
  const odd = allowedFormats?.find((call) => !calls.includes(call));
  return odd === undefined ? undefined : `allowedFormats: there is no call ${odd}`;
}

export function newKeyOf(body: NewKeyBody): NewKey {
  const { name: called, budgets = [], rateLimit, isHoneypot, ...rest } = body;
  return {
    ...changeOf(rest),
    name: called,
    budgets: budgets.map(unscopedTermsOf),
    ...(rateLimit && { rateLimit: unscopedRateOf(rateLimit) }),
    ...(isHoneypot && { isHoneypot }),
  } as NewKey;
}

/** What is not named is left out. */
export function changeOf({ member, agent, expiresAt, allowedRanges, ...rest }: KeyChangeBody): KeyChange {
  const given = Object.entries(rest).filter(([, value]) => value !== undefined);
  return {
    ...Object.fromEntries(given),
    ...(member !== undefined && { memberId: member }),
    ...(agent !== undefined && { agentId: agent }),
    ...(expiresAt !== undefined && { expiresAtMs: expiresAt === null ? null : Date.parse(expiresAt) }),
    ...(allowedRanges !== undefined && {
      allowedRanges: allowedRanges && [...new Set(allowedRanges.map((range) => readRange(range)!))],
    }),
  };
}

export function renderKey(key: KeyFacts, nowMs: number): Key {
  return {
    id: key.id,
    name: key.name,
    description: key.description ?? null,
    tags: [...(key.tags ?? [])],
    preview: key.preview,
    state: stateOf(key, nowMs),
    createdAt: iso(key.createdAtMs),
    expiresAt: isoOf(key.expiresAtMs),
    revokedAt: isoOf(key.revokedAtMs),
    lastUsedAt: isoOf(key.lastUsedAtMs),
    member: key.memberId ?? null,
    agent: key.agentId ?? null,
    defaultModel: key.defaultModel ?? null,
    allowedModels: listOf(key.allowedModels),
    allowedFormats: listOf(key.allowedFormats),
    allowedRanges: listOf(key.allowedRanges),
    cacheTtlMs: key.cacheTtlMs ?? null,
    isHoneypot: key.isHoneypot === true,
    oldTokens: key.oldTokens.map(({ preview, replacedAtMs, untilMs, lastUsedAtMs }) => ({
      preview,
      replacedAt: iso(replacedAtMs),
      worksUntil: iso(untilMs),
      lastUsedAt: isoOf(lastUsedAtMs),
    })),
    budgets: key.budgets.map(({ id, name: called, period, limit, enforcement }) => ({
      ...{ id, name: called, period },
      limitUsd: formatUsd(limit),
      action: enforcement === 'hard' ? 'block' : 'warn',
    })),
    rateLimit: key.rateLimit ? renderRate(key.rateLimit) : null,
  };
}

function stateOf({ revokedAtMs, expiresAtMs }: KeyFacts, nowMs: number): Key['state'] {
  if (revokedAtMs !== undefined) return 'revoked';
  return expiresAtMs !== undefined && nowMs >= expiresAtMs ? 'expired' : 'active';
}

function renderRate(rate: RateLimitRecord): NonNullable<Key['rateLimit']> {
  const figures = rateFigures.map((figure) => [figure, rate[figure] ?? null] as const);
  return {
    id: rate.id,
    ...(Object.fromEntries(figures) as Omit<NonNullable<Key['rateLimit']>, 'id' | 'burstSeconds'>),
    burstSeconds: rate.burstSeconds,
  };
}

function isoOf(atMs: number | undefined): string | null {
  return atMs === undefined ? null : iso(atMs);
}

function listOf(list: readonly string[] | undefined): string[] | null {
  return list ? [...list] : null;
}
