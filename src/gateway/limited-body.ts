/** The forwarded body with no higher output limit than was granted; untouched where it has none already. */
import { hasQuoted } from '../wire/find-names.ts';
import { type LimitOptions, withOutputLimit } from '../wire/output-limit.ts';
import type { Attempt } from './lane.ts';

/** undefined = the limit cannot be written into it. */
export function limitedBody(
  attempt: Attempt,
  limit: number,
  options: LimitOptions,
): readonly Uint8Array[] | undefined {
  const { request, upstreamFormat, maxOutputTokens: asked, isLimitSure } = attempt;
  if (isLimitSure && asked !== undefined && asked <= limit) return request.body;
  if (isLimitSure && asked === undefined) {
    const added = withFirstField(attempt, limit, options);
    if (added) return added;
  }
  return withOutputLimit(upstreamFormat.places, joined(request.body), limit, options);
}

/** A body as one piece, without a copy where it is one. */
export function joined(pieces: readonly Uint8Array[]): Buffer {
  return pieces.length === 1 ? bufferOf(pieces[0]!) : Buffer.concat(pieces);
}

/** The same bytes. */
function bufferOf({ buffer, byteOffset, byteLength }: Uint8Array): Buffer {
  return Buffer.from(buffer, byteOffset, byteLength);
}

const OPEN_OBJECT = 123;

/** Most clients of some formats name no limit, and their bodies may be long: then it is written at the front, without a walk. */
function withFirstField(
  { request, upstreamFormat, deployment }: Attempt,
  limit: number,
  { field, model = deployment.model }: LimitOptions,
): readonly Uint8Array[] | undefined {
  const { outputLimit, addedLimit, thinkingBudget } = upstreamFormat.places;
  const [first] = outputLimit;
  const name = field ?? addedLimit?.(model) ?? first?.[0];
  if (name === undefined || first?.length !== 1) return undefined;
  // A budget of thinking may have to be lowered too.
  const budgets = thinkingBudget?.places ?? [];
  if (budgets.some(([budget]) => request.body.some((piece) => hasQuoted(bufferOf(piece), budget!))))
    return undefined;
  const [head, ...rest] = request.body;
  const brace = head?.indexOf(OPEN_OBJECT) ?? -1;
  if (!head || brace === -1) return undefined;
  const text = Buffer.from(`${JSON.stringify(name)}:${limit},`);
  return [head.subarray(0, brace + 1), text, head.subarray(brace + 1), ...rest];
}
