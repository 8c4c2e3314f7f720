/** How much a model is to think: the words vendors have for it, and what stands for them where a word is not taken. */
import type { Reasoning } from './chat.ts';

/** Weakest first. */
const EFFORTS = ['none', 'minimal', 'low', 'medium', 'high', 'xhigh', 'max'] as const;
export type Effort = (typeof EFFORTS)[number];

/** Thinking budgets as efforts, upper bounds in tokens. After the budgets coding agents send for "think (hard)". */
const BUDGET_EFFORTS: readonly (readonly [number, Effort])[] = [
  [4_095, 'low'],
  [16_383, 'medium'],
];

export function effortOfBudget(budgetTokens: number): Effort {
  return BUDGET_EFFORTS.find(([most]) => budgetTokens <= most)?.[1] ?? 'high';
}

/** The accepted word nearest to the wish; the weaker one of two equally near. Undefined where none is accepted. */
export function nearestEffort(wish: string, accepted: readonly Effort[]): Effort | undefined {
  const place = (effort: string): number => EFFORTS.indexOf(effort as Effort);
  const wanted = place(wish) === -1 ? place('medium') : place(wish);
  let best: Effort | undefined;
  for (const effort of accepted) {
    const distance = Math.abs(place(effort) - wanted);
    if (best === undefined || distance < Math.abs(place(best) - wanted)) best = effort;
  }
  return best;
}

/** The word for a wish where only words are taken. Undefined: nothing more is asked than that the model may think. */
export function effortWish(
  { mode, effort, budgetTokens }: Reasoning,
  accepted: readonly Effort[],
): string | undefined {
  if (mode === 'off') return 'none';
  if (effort !== undefined) return effort;
  if (budgetTokens !== undefined) return effortOfBudget(budgetTokens);
  // A plain yes. Newer models do not reason unless they are told how much.
  return mode === 'on' && accepted.includes('none') ? 'medium' : undefined;
}
