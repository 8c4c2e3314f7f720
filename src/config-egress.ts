/** Where providers that were declared through the API may lead beside the public internet: as a configuration file says it. */
import { z } from 'zod';
import { readAllowed } from './base/egress.ts';

/** More than anybody runs beside one gateway. */
const MAX_ALLOWED = 100;

export const egressSchema = z.strictObject({
  allow: z
    .array(
      z
        .string()
        .max(300)
        .refine(
          (text) => readAllowed(text) !== undefined,
          'must be host:port (an IPv6 address in brackets), and none of the addresses at which clouds tell their machines secrets',
        ),
    )
    .max(MAX_ALLOWED)
    .meta({
      description:
        'Hosts of your own network that providers declared through the API may be at, each with its port: `127.0.0.1:11434`, `models.internal:8443`.',
    })
    .optional(),
});

type EgressPart = z.infer<typeof egressSchema>;

interface File {
  readonly path: string;
  readonly content: { readonly egress?: EgressPart | undefined };
}

export interface EgressSettings {
  /** `host:port`, as `readAllowed` spells them. */
  readonly allow: readonly string[];
}

/** Of several files the last one that has it counts, as a whole. */
export function egressOf(files: readonly File[], sources: Record<string, string>): EgressSettings {
  const file = files.findLast(({ content }) => content.egress?.allow !== undefined);
  sources['egress.allow'] = file?.path ?? 'default';
  return { allow: (file?.content.egress?.allow ?? []).map((text) => readAllowed(text)!) };
}
