/** What the client is told of its usage where its stream is ended before the upstream's own count. */
import type { Usage } from '../wire/chat.ts';
import type { Attempt, Observed } from './lane.ts';

/** The report so far with our own count of the output, and of the input where nothing was reported. */
export function usageOfCut(
  { usage, outputEstimate }: Pick<Observed, 'usage' | 'outputEstimate'>,
  { inputEstimate }: Pick<Attempt, 'inputEstimate'>,
): Usage {
  const reported = usage?.output ?? 0;
  return {
    ...(usage ?? { input: inputEstimate }),
    // Reports inside a stream may be older than its text.
    output: Math.max(Number.isFinite(reported) ? reported : 0, outputEstimate),
    raw: null,
  };
}
