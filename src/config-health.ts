/** How Turnpike looks after its providers: as a configuration file says it. */
import { z } from 'zod';

export interface HealthConfig {
  /** Ask providers for their list of models when nothing else tells whether they can be reached. */
  readonly probes: boolean;
  readonly probeEveryMs: number;
}

export const healthDefaults: HealthConfig = { probes: true, probeEveryMs: 60_000 };

export const healthSchema = z.strictObject({
  probes: z
    .boolean()
    .meta({
      description:
        'Ask a provider for its list of models while it is idle, or while a deployment or credential of it is out of use. It costs nothing, and shows that it can be reached and takes the key.',
      default: healthDefaults.probes,
    })
    .optional(),
  probe_every_s: z
    .int()
    .min(5)
    .max(3_600)
    .meta({
      description: 'Seconds between two probes of one provider, a tenth more or less.',
      default: healthDefaults.probeEveryMs / 1000,
    })
    .optional(),
});

interface File {
  readonly path: string;
  readonly content: { readonly health?: z.infer<typeof healthSchema> | undefined };
}

/** Of several files the last one that has a `health` counts, as a whole. Its settings are noted in `sources`. */
export function healthConfigOf(files: readonly File[], sources: Record<string, string>): HealthConfig {
  const file = files.findLast(({ content }) => content.health !== undefined);
  const said = file?.content.health;
  for (const name of ['probes', 'probeEveryMs']) sources[`health.${name}`] = file?.path ?? 'default';
  return {
    probes: said?.probes ?? healthDefaults.probes,
    probeEveryMs: said?.probe_every_s === undefined ? healthDefaults.probeEveryMs : said.probe_every_s * 1000,
  };
}
