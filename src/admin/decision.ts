/** The decision record of an exchange: its entries, and what was kept beside them, told as one story. */
import { z } from '@hono/zod-openapi';
import type { Decision } from '../ledger/decision.ts';
import { embeddingShapes } from '../wire/embeddings/index.ts';
import { formats } from '../wire/formats.ts';
import type { EntryFacts } from './deps.ts';
import { Count, iso, When } from './fields.ts';

export const Loss = z
  .strictObject({
    kind: z.enum(['dropped', 'approximated']),
    path: z.string().openapi({ example: 'turns[2].parts[0].cache', description: 'Canonical names' }),
    note: z.string(),
  })
  .openapi('Loss');
export type Loss = z.infer<typeof Loss>;

export const Losses = z
  .strictObject({
    named: z.array(Loss),
    unnamed: Count.openapi({ description: 'How many more there were' }),
  })
  .openapi('Losses');
export type Losses = z.infer<typeof Losses>;

const MaybeLosses = Losses.nullable().openapi({ description: 'null = nothing is known of them' });

export const DecidedAttempt = z
  .strictObject({
    number: Count,
    model: z.string().openapi({ description: 'Canonical provider/model' }),
    lane: z.string(),
    upstreamFormat: z.string().nullable(),
    status: z.string(),
    errorClass: z.string().nullable(),
    startedAt: When,
    latencyMs: z.number().nullable(),
    requestLosses: MaybeLosses,
    replyLosses: MaybeLosses,
  })
  .openapi('DecidedAttempt');
export type DecidedAttempt = z.infer<typeof DecidedAttempt>;

export const DecisionRecord = z
  .strictObject({
    workspace: z.string(),
    operation: z.enum(['chat', 'embeddings', 'relay-only']),
    asked: z.string().nullable().openapi({
      description: 'Model ref as it was asked for; null where the only attempt was relayed without a loss',
    }),
    revision: Count.nullable(),
    overheadMs: z.number().nullable(),
    skipped: z.array(z.strictObject({ ref: z.string(), reason: z.string() })),
    attempts: z.array(DecidedAttempt),
  })
  .openapi('DecisionRecord');
export type DecisionRecord = z.infer<typeof DecisionRecord>;

/** At least one entry, in the order of the attempts. What the last attempt knew of the exchange stands for all. */
export function renderDecisionRecord(
  entries: readonly EntryFacts[],
  decisions: ReadonlyMap<number, Decision>,
): DecisionRecord {
  const { workspaceId, clientFormat } = entries[0]!;
  const last = [...decisions.values()].at(-1);
  return {
    workspace: workspaceId,
    operation: operationOf(clientFormat),
    // Calls that name no model asked for none.
    asked: last?.asked || null,
    revision: last?.revision ?? null,
    overheadMs: last?.overheadMs ?? null,
    skipped: last?.skipped.map(({ ref, reason }) => ({ ref, reason })) ?? [],
    attempts: entries
      .filter(({ kind }) => !CORRECTIONS.has(kind))
      .map((entry) => renderAttempt(entry, decisions.get(entry.attempt))),
  };
}

/** Kinds of entries that correct an attempt's own, and are none. */
const CORRECTIONS: ReadonlySet<string> = new Set(['correction', 'late_settle', 'adjustment']);

function operationOf(clientFormat: string): DecisionRecord['operation'] {
  if (Object.hasOwn(formats, clientFormat)) return 'chat';
  return Object.hasOwn(embeddingShapes, clientFormat) ? 'embeddings' : 'relay-only';
}

function renderAttempt(entry: EntryFacts, decision: Decision | undefined): DecidedAttempt {
  const upstreamFormat = entry.lane === 'relay' ? entry.clientFormat : null;
  return {
    number: entry.attempt,
    model: `${entry.provider}/${entry.model}`,
    lane: entry.lane,
    upstreamFormat: decision?.upstreamFormat ?? upstreamFormat,
    status: entry.status,
    errorClass: entry.errorClass ?? null,
    startedAt: iso(entry.startedAtMs),
    latencyMs: entry.latencyMs ?? null,
    requestLosses: decision ? renderLosses(decision.requestLosses) : lossesWithout(entry),
    replyLosses: decision ? renderLosses(decision.replyLosses) : lossesWithout(entry),
  };
}

function renderLosses({ named, unnamed }: Decision['requestLosses']): Losses {
  return { named: named.map(({ kind, path, note }) => ({ kind, path, note })), unnamed };
}

/** What was relayed and seen to its end is kept beside its entry only where something was lost. */
function lossesWithout({ lane, kind }: EntryFacts): Losses | null {
  return lane === 'relay' && kind !== 'interrupted' ? { named: [], unnamed: 0 } : null;
}
