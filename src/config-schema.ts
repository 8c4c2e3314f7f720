/** Schema of `turnpike.yaml` and `$TURNPIKE_HOME/config.yaml`: what a file may say, strictly (an unknown name is an error, not a shrug). */
import { z } from 'zod';

const refText = z.string().min(1).max(300);
const name = z
  .string()
  .regex(/^[a-z0-9][a-z0-9_.-]{0,63}$/i, 'letters, digits, dot, dash and underscore, at most 64');

const provider = z
  .strictObject({
    kind: z.string().max(64).optional(),
    base_url: z.string().max(2000).optional(),
    api_key: z.string().max(4000).optional(),
    headers: z.record(z.string(), z.string()).optional(),
    models: z.array(z.string().min(1).max(200)).max(2000).optional(),
    stream_usage: z.enum(['ask', 'leave']).optional(),
    timeouts: z
      .strictObject({
        connect_ms: z.int().min(50).max(60_000).optional(),
        first_byte_ms: z.int().min(50).max(3_600_000).optional(),
        idle_ms: z.int().min(50).max(3_600_000).optional(),
        total_ms: z.int().min(50).max(7_200_000).optional(),
      })
      .optional(),
  })
  .nullable();

export const fileSchema = z.strictObject({
  providers: z.record(name, provider).optional(),
  models: z
    .strictObject({
      default: refText.optional(),
      agents: z.record(z.string(), refText).optional(),
      commands: z.record(z.string(), refText).optional(),
      skills: z.record(z.string(), refText).optional(),
      hooks: z.record(z.string(), refText).optional(),
    })
    .optional(),
  aliases: z.record(name, refText).optional(),
  routes: z
    .record(
      name,
      z.strictObject({
        strategy: z.enum(['ordered', 'weighted', 'cheapest', 'fastest', 'sticky']).default('ordered'),
        models: z.array(refText).min(1).max(20),
      }),
    )
    .optional(),
  limits: z
    .strictObject({
      body_bytes: z.int().min(1024).max(1_073_741_824).optional(),
      exchanges: z.int().min(1).max(1_000_000).optional(),
    })
    .optional(),
  durability: z.enum(['power', 'process']).optional(),
  host: z.string().optional(),
  port: z.int().min(0).max(65_535).optional(),
  log_level: z.enum(['debug', 'info', 'warn', 'error', 'silent']).optional(),
  // Parts of the contract that this version reads but does not act on yet; `laterParts` names them to the operator.
  fallback: z.unknown().optional(),
  budgets: z.unknown().optional(),
  guards: z.unknown().optional(),
  keys: z.unknown().optional(),
});

export type ConfigFile = z.infer<typeof fileSchema>;

/** Parts a file may hold that nothing acts on in this version, each with what that means. */
export function laterParts(file: ConfigFile): string[] {
  const found: string[] = [];
  if (file.budgets !== undefined)
    found.push('budgets: recorded spend is exact, but NO budget is enforced by this version');
  if (file.guards !== undefined) found.push('guards: requests are not scanned by this version');
  if (file.fallback !== undefined) found.push('fallback: only routes fall back in this version');
  for (const kind of ['agents', 'commands', 'skills', 'hooks'] as const) {
    if (file.models?.[kind] !== undefined)
      found.push(`models.${kind}: per-prompt models are not applied by this version`);
  }
  for (const [route, rule] of Object.entries(file.routes ?? {})) {
    if (rule.strategy !== 'ordered')
      found.push(`routes.${route}: strategy ${rule.strategy} is tried in the order written`);
  }
  return found;
}
