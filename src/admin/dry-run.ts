/** Explaining a request that is not sent: which model it would get and why, who would be asked in which order, at what price. */
import { z } from '@hono/zod-openapi';
import { MAX_PROMPT_NAME, type PromptId, parsePromptId } from '../base/prompt-id.ts';
import { refuse } from '../base/refusal.ts';
import { CAPABILITIES } from '../catalog/model.ts';
import { callerOf, ownOf } from './caller.ts';
import { ChoiceRecord, renderChoice, renderSkipped, SkippedRecord } from './decision.ts';
import type { AdminApp, AdminDeps } from './deps.ts';
import type { DryCandidateFacts } from './deps-dry-run.ts';
import { Count, iso, When } from './fields.ts';
import { PriceBody, renderPrice } from './price-fields.ts';
import { denied, Problem, problemOf, problemResponse } from './problem.ts';
import { adminRoute } from './route.ts';

const ref = z.string().min(1).max(300);
const label = z.string().min(1).max(MAX_PROMPT_NAME);
/** More than any window there is. */
const MAX_TOKENS = 100_000_000;

export const DryRunQuery = z
  .strictObject({
    /** As `--model` or the header x-turnpike-model. */
    model: ref.optional(),
    /** As the request's own `model`. */
    requestModel: ref.optional(),
    agent: label.optional(),
    prompt: z.string().min(1).max(300).optional().openapi({ example: 'command:oss:ship' }),
    pipeline: label.optional(),
    step: label.optional(),
    session: label.optional(),
    /** Id, name or beginning; absent = a key without limits. */
    key: z.string().min(1).max(200).optional(),
    inputTokens: z.int().min(0).max(MAX_TOKENS).optional(),
    outputTokens: z.int().min(0).max(MAX_TOKENS).optional(),
    capabilities: z.array(z.enum(CAPABILITIES)).max(CAPABILITIES.length).optional(),
  })
  .openapi('DryRunQuery');
export type DryRunQuery = z.infer<typeof DryRunQuery>;

export const DryCandidate = z.strictObject({
  ref: z.string(),
  standIn: z.string().nullable(),
  formats: z.array(z.string()),
  price: PriceBody.nullable().openapi({ description: 'null = unknown' }),
  health: z.strictObject({
    state: z.string(),
    reason: z.string().nullable(),
    until: When.nullable(),
    p95FirstByteMs: z.number().nullable(),
  }),
  isAsked: z.boolean().openapi({ description: 'Would be asked now, if those before it failed' }),
});

export const DryRunRecord = z
  .strictObject({
    asked: z.string().nullable(),
    choice: ChoiceRecord.nullable(),
    revision: Count,
    candidates: z.array(DryCandidate),
    skipped: z.array(SkippedRecord),
    refusal: Problem.shape.error.nullable().openapi({ description: 'null = it would be sent' }),
  })
  .openapi('DryRun');
export type DryRunRecord = z.infer<typeof DryRunRecord>;

const route = adminRoute('member', {
  method: 'post',
  path: '/routing/explain',
  summary: 'Which model a request would get, why, and who would be asked; nothing is sent',
  request: { body: { required: true, content: { 'application/json': { schema: DryRunQuery } } } },
  responses: {
    200: { description: 'What would be', content: { 'application/json': { schema: DryRunRecord } } },
    400: problemResponse('body_invalid'),
    404: problemResponse('record_unknown'),
    ...denied,
  },
});

export function registerDryRun(app: AdminApp, deps: AdminDeps): void {
  app.openapi(route, async (c) => {
    const query = c.req.valid('json');
    const prompt = promptOf(query);
    if (prompt === 'unreadable') {
      const message = 'prompt must be agent:name, command:name, skill:name or hook:name';
      return c.json(problemOf(refuse('body_invalid', message)), 400);
    }
    const keysOf = ownOf(callerOf(c));
    const found = await deps.explainChoice({ ...query, prompt, ...(keysOf !== undefined && { keysOf }) });
    if (found === 'key_unknown') {
      return c.json(problemOf(refuse('record_unknown', `there is no one key "${query.key}"`)), 404);
    }
    const record: DryRunRecord = {
      asked: found.asked ?? null,
      choice: found.choice ? renderChoice(found.choice) : null,
      revision: found.revision,
      candidates: found.candidates.map((candidate) => renderCandidate(candidate, deps)),
      skipped: found.skipped.map(renderSkipped),
      refusal: found.refusal ? problemOf(found.refusal).error : null,
    };
    return c.json(record, 200);
  });
}

function promptOf({ prompt, agent }: DryRunQuery): PromptId | undefined | 'unreadable' {
  if (prompt !== undefined) return parsePromptId(prompt) ?? 'unreadable';
  return agent === undefined ? undefined : { kind: 'agent', name: agent };
}

function renderCandidate(
  { ref: name, standIn, formats, price, standing, isAsked }: DryCandidateFacts,
  { clock }: AdminDeps,
): z.infer<typeof DryCandidate> {
  const waitMs = standing.untilMono === undefined ? undefined : standing.untilMono - clock.monotonic();
  return {
    ref: name,
    standIn: standIn ?? null,
    formats: [...formats],
    price: price ? renderPrice(price) : null,
    health: {
      state: standing.state,
      reason: standing.reason ?? null,
      until: waitMs === undefined ? null : iso(Math.round(clock.now() + waitMs)),
      p95FirstByteMs: standing.p95FirstByteMs ?? null,
    },
    isAsked,
  };
}
