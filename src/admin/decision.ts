/** The decision record of an exchange: its entries, and what was kept beside them, told as one story. */
import { z } from '@hono/zod-openapi';
import type { Price } from '../catalog/price.ts';
import type { ChoiceFacts, Decision, Skipped } from '../ledger/decision.ts';
import type { DecisionContext } from '../ledger/decision-context.ts';
import { LAYERS } from '../route/layers.ts';
import { REQUEST_SOURCE } from '../route/precedence.ts';
import { embeddingShapes } from '../wire/embeddings/index.ts';
import { formats } from '../wire/formats.ts';
import type { EntryFacts } from './deps.ts';
import { Count, iso, When } from './fields.ts';
import { PriceBody, renderPrice } from './price-fields.ts';

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

export const LayerAnswer = z
  .strictObject({
    layer: z.string().openapi({ example: 'project' }),
    ref: z.string().nullable().openapi({ description: 'null = it says nothing of this request' }),
    source: z.string().nullable().openapi({ description: 'Where that is written' }),
  })
  .openapi('LayerAnswer');

export const ChoiceRecord = z
  .strictObject({
    layer: z.string().openapi({ description: 'The layer that won' }),
    prompt: z.string().nullable().openapi({ example: 'agent:code-reviewer' }),
    promptBy: z
      .string()
      .nullable()
      .openapi({ description: 'header, agent-header, client-header, fingerprint, key or step' }),
    layers: z.array(LayerAnswer).openapi({ description: 'Every layer, highest first' }),
  })
  .openapi('ChoiceRecord');
export type ChoiceRecord = z.infer<typeof ChoiceRecord>;

export const SkippedRecord = z.strictObject({
  ref: z.string(),
  reason: z.string(),
  note: z.string().nullable(),
});

const CandidateRecord = z.strictObject({
  ref: z.string(),
  standIn: z.string().nullable().openapi({ description: 'model_fallback, chain, default; null = asked for' }),
});

const CountedBudget = z.strictObject({
  id: z.string(),
  name: z.string(),
  subject: z.string(),
  windowStart: When,
});

const PhaseRecord = z.strictObject({
  bodyMs: z.number().openapi({ description: 'Until the body was read' }),
  heldMs: z
    .number()
    .openapi({ description: 'In the ledger before the last attempt, with waiting for a budget' }),
  firstByteMs: z.number().nullable().openapi({ description: 'Of the last attempt, until its first byte' }),
  totalMs: z.number().openapi({ description: 'Until it was booked' }),
});

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
    price: PriceBody.nullable().openapi({
      description: 'null = unknown, stated by the provider, or not needed',
    }),
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
      description: 'Model ref as it was chosen; null where the call names none',
    }),
    revision: Count.nullable(),
    overheadMs: z.number().nullable(),
    choice: ChoiceRecord.nullable().openapi({
      description: 'null where no layers choose (embeddings, files)',
    }),
    order: z.array(CandidateRecord).nullable().openapi({ description: 'null = there was but one' }),
    skipped: z.array(SkippedRecord),
    budgets: z.array(CountedBudget),
    phases: PhaseRecord.nullable(),
    attempts: z.array(DecidedAttempt),
  })
  .openapi('DecisionRecord');
export type DecisionRecord = z.infer<typeof DecisionRecord>;

/** At least one entry, in the order of the attempts. What the last attempt knew of the exchange stands for all. */
export function renderDecisionRecord(
  entries: readonly EntryFacts[],
  decisions: ReadonlyMap<number, Decision>,
  context: DecisionContext,
): DecisionRecord {
  const { workspaceId, clientFormat } = entries[0]!;
  const last = [...decisions.values()].at(-1) ?? ordinaryDecision(entries);
  return {
    workspace: workspaceId,
    operation: operationOf(clientFormat),
    // Calls that name no model asked for none.
    asked: last.asked || null,
    revision: last.revision ?? null,
    overheadMs: last.overheadMs ?? null,
    choice: last.choice ? renderChoice(last.choice) : null,
    order: last.order?.map(({ ref, standIn }) => ({ ref, standIn: standIn ?? null })) ?? null,
    skipped: last.skipped.map(renderSkipped) ?? [],
    budgets: context.budgets.map(({ id, name, subject, windowStartMs }) => ({
      id,
      name,
      subject,
      windowStart: iso(windowStartMs),
    })),
    phases: last.phases ? { ...last.phases, firstByteMs: last.phases.firstByteMs ?? null } : null,
    attempts: entries
      .filter(({ kind }) => !CORRECTIONS.has(kind))
      .map((entry) => renderAttempt(entry, decisions.get(entry.attempt), context.prices.get(entry.attempt))),
  };
}

/** Of a chat that was seen to its end, and that nothing is kept of: its request named the model, and got it. */
function ordinaryDecision(entries: readonly EntryFacts[]): Partial<Decision> & Pick<Decision, 'skipped'> {
  const [first] = entries;
  const { clientFormat, lane, kind, provider, model } = first!;
  const isOne = entries.every(({ attempt }) => attempt === 1) && lane === 'relay' && kind !== 'interrupted';
  if (!isOne || operationOf(clientFormat) !== 'chat') return { skipped: [] };
  const ref = `${provider}/${model}`;
  const said = [{ layer: 'request', ref, source: REQUEST_SOURCE }];
  return { asked: ref, skipped: [], choice: { layer: 'request', said } };
}

/** Every layer, those that said nothing too. */
export function renderChoice({ layer, prompt, promptBy, said }: ChoiceFacts): ChoiceRecord {
  const answers = new Map(said.map((one) => [one.layer, one]));
  return {
    layer,
    prompt: prompt ?? null,
    promptBy: promptBy ?? null,
    layers: LAYERS.map((name) => {
      const answer = answers.get(name);
      return { layer: name, ref: answer?.ref ?? null, source: answer?.source ?? null };
    }),
  };
}

export function renderSkipped({ ref, reason, note }: Skipped): z.infer<typeof SkippedRecord> {
  return { ref, reason, note: note ?? null };
}

/** Kinds of entries that correct an attempt's own, and are none. */
const CORRECTIONS: ReadonlySet<string> = new Set(['correction', 'late_settle', 'adjustment']);

function operationOf(clientFormat: string): DecisionRecord['operation'] {
  if (Object.hasOwn(formats, clientFormat)) return 'chat';
  return Object.hasOwn(embeddingShapes, clientFormat) ? 'embeddings' : 'relay-only';
}

function renderAttempt(
  entry: EntryFacts,
  decision: Decision | undefined,
  price: Price | undefined,
): DecidedAttempt {
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
    price: price ? renderPrice(price) : null,
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
