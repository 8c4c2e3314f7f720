/** Rate limits as a configuration file declares them, and as terms the registry keeps. */
import { z } from 'zod';
import {
  DEFAULT_BURST_SECONDS,
  hasFigures,
  MAX_BURST_SECONDS,
  maxRateFigures,
  type RateLimitTerms,
  rateScopeHelp,
  readRateScope,
  writeRateScope,
} from './base/rate-limit.ts';

/** More than anybody writes by hand; programs use the admin API. */
const MAX_RATE_LIMITS = 1_000;

const figure = (most: number, description: string) =>
  z.int().min(1).max(most).meta({ description }).optional();

const fields = z.strictObject({
  scope: z
    .string()
    .refine((text) => readRateScope(text) !== undefined, `must be ${rateScopeHelp}`)
    .meta({ description: `Whose requests it counts: ${rateScopeHelp}. Each scope once.` }),
  requests_per_minute: figure(maxRateFigures.requestsPerMinute, 'Requests per minute.'),
  input_tokens_per_minute: figure(
    maxRateFigures.inputTokensPerMinute,
    'Input tokens per minute. What a request may take is counted until it has ended.',
  ),
  output_tokens_per_minute: figure(
    maxRateFigures.outputTokensPerMinute,
    'Output tokens per minute. What a request may take is counted until it has ended.',
  ),
  concurrent: figure(maxRateFigures.concurrent, 'Requests under way at once.'),
  burst_seconds: z
    .int()
    .min(1)
    .max(MAX_BURST_SECONDS)
    .meta({
      description:
        "How much may come at once, in seconds of the rate: 60 is a full minute's worth, 6 a tenth of it.",
      default: DEFAULT_BURST_SECONDS,
    })
    .optional(),
});

type Entry = z.infer<typeof fields>;

const rateLimit = fields.refine((entry) => hasFigures(termsOf(entry)), {
  error:
    'must limit something: requests_per_minute, input_tokens_per_minute, output_tokens_per_minute or concurrent',
  when: ({ issues }) => issues.length === 0,
});

export const rateLimitList = z
  .array(rateLimit)
  .max(MAX_RATE_LIMITS)
  .superRefine((entries, context) => {
    const scopes = entries.map(({ scope }) => scope);
    const at = scopes.findIndex((scope, index) => scopes.indexOf(scope) !== index);
    if (at === -1) return;
    const message = `two rate limits are of "${scopes[at]}"; write their figures into one`;
    context.addIssue({ code: 'custom', path: [at, 'scope'], message });
  });

interface RateLimitFile {
  readonly path: string;
  readonly content: { readonly rate_limits?: z.infer<typeof rateLimitList> | undefined };
}

/** Rate limits of all files; of a scope that several have, the last one's. Their files are noted in `sources`. */
export function mergeRateLimits(
  files: readonly RateLimitFile[],
  sources: Record<string, string>,
): readonly RateLimitTerms[] {
  const merged = new Map<string, RateLimitTerms>();
  for (const { path, content } of files) {
    for (const terms of (content.rate_limits ?? []).map(termsOf)) {
      const name = nameOfRateLimit(terms);
      merged.set(name, terms);
      sources[name] = path;
    }
  }
  return [...merged.values()];
}

/** The scope has passed the schema. */
function termsOf(entry: Entry): RateLimitTerms {
  const { requests_per_minute, input_tokens_per_minute, output_tokens_per_minute, concurrent } = entry;
  return {
    scope: readRateScope(entry.scope)!,
    ...(requests_per_minute !== undefined && { requestsPerMinute: requests_per_minute }),
    ...(input_tokens_per_minute !== undefined && { inputTokensPerMinute: input_tokens_per_minute }),
    ...(output_tokens_per_minute !== undefined && { outputTokensPerMinute: output_tokens_per_minute }),
    ...(concurrent !== undefined && { concurrent }),
    burstSeconds: entry.burst_seconds ?? DEFAULT_BURST_SECONDS,
  };
}

/** What the setting is called: `rateLimits.key:*`. */
export function nameOfRateLimit({ scope }: Pick<RateLimitTerms, 'scope'>): string {
  return `rateLimits.${writeRateScope(scope)}`;
}

/** In a line, for people. */
export function describeRateLimit(terms: RateLimitTerms): string {
  const { requestsPerMinute, inputTokensPerMinute, outputTokensPerMinute, concurrent, burstSeconds } = terms;
  return [
    ...(requestsPerMinute === undefined ? [] : [`${requestsPerMinute} requests/min`]),
    ...(inputTokensPerMinute === undefined ? [] : [`${inputTokensPerMinute} input tokens/min`]),
    ...(outputTokensPerMinute === undefined ? [] : [`${outputTokensPerMinute} output tokens/min`]),
    ...(concurrent === undefined ? [] : [`${concurrent} at once`]),
    `burst ${burstSeconds} s`,
  ].join(', ');
}
