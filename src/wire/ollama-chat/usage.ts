/**
 * Token counts. `prompt_eval_count` counts the whole prompt, also what the server still had in its cache (which newer
 * ones tell beside it, and old ones left out of the count); `eval_count` counts thinking too.
 */
import type { JsonObject, Usage } from '../chat.ts';
import { defined, isObject } from '../json.ts';
import { count, sum } from '../usage-numbers.ts';

/** Fields of a reply that count or time it. Times are in nanoseconds; no other wire has a word for them. */
export const METRIC_FIELDS = [
  'total_duration',
  'load_duration',
  'prompt_eval_count',
  'prompt_eval_cached_count',
  'prompt_eval_duration',
  'eval_count',
  'eval_duration',
] as const;

/** Usage of a whole reply or of the last line of a stream; undefined where nothing is counted. */
export function readUsage(body: JsonObject): Usage | undefined {
  const prompt = count(body.prompt_eval_count);
  const output = count(body.eval_count);
  if (prompt === undefined && output === undefined) return undefined;
  const cacheRead = count(body.prompt_eval_cached_count);
  const raw: JsonObject = {};
  for (const field of METRIC_FIELDS) if (body[field] !== undefined) raw[field] = body[field];
  return defined<Usage>({
    input: prompt === undefined ? undefined : prompt - (cacheRead ?? 0),
    cacheRead,
    output,
    raw,
  });
}

/**
 * Counts as this wire tells them; its own, with the times, where it came from here. For a reply of another format both
 * counts always stand there: clients take one without them for one that has no end.
 */
export function writeUsage(usage: Usage | undefined, isOwn: boolean): JsonObject {
  if (isOwn && (!usage || isObject(usage.raw))) return usage ? (usage.raw as JsonObject) : {};
  const cached = sum(usage?.cacheRead) ?? 0;
  const prompt = sum(
    usage?.input,
    usage?.cacheRead,
    usage?.cacheWrite5m,
    usage?.cacheWrite1h,
    usage?.audioInput,
  );
  return {
    prompt_eval_count: prompt ?? 0,
    ...(cached > 0 && { prompt_eval_cached_count: cached }),
    eval_count: sum(usage?.output, usage?.audioOutput) ?? 0,
  };
}
