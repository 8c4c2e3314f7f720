/** How long the books keep what: as a configuration file says it. */
import { z } from 'zod';

export interface RetentionSettings {
  /** Days; 0 = for ever. */
  readonly entriesDays: number;
  readonly hoursDays: number;
  readonly decisionsDays: number;
  readonly auditDays: number;
}

/** As LEDGER's figures have it: 10 million entries are 90 days of a busy installation. */
export const retentionDefaults: RetentionSettings = {
  entriesDays: 90,
  hoursDays: 400,
  decisionsDays: 90,
  auditDays: 0,
};

/** Ten years. */
const MAX_DAYS = 3_650;
const days = (description: string, fallback: number) =>
  z.int().min(0).max(MAX_DAYS).meta({ description, default: fallback }).optional();

export const retention = z
  .strictObject({
    entries_days: days(
      'Days that single entries are kept, for `explain`, `ledger export` and reconciliation; 0 = for ever.',
      retentionDefaults.entriesDays,
    ),
    hours_days: days(
      'Days that sums by the hour are kept, no fewer than entries; 0 = for ever. Sums by the day always are.',
      retentionDefaults.hoursDays,
    ),
    decisions_days: days(
      'Days that it is kept why requests went as they did, no more than entries; 0 = as long as entries.',
      retentionDefaults.decisionsDays,
    ),
    audit_days: days(
      'Days that it is kept who changed what; 0 = for ever. The chain is then cut at a place that an event signs off.',
      retentionDefaults.auditDays,
    ),
  })
  .refine(
    ({
      entries_days: entries = retentionDefaults.entriesDays,
      hours_days: hours = retentionDefaults.hoursDays,
    }) => hours === 0 || (entries !== 0 && hours >= entries),
    {
      path: ['hours_days'],
      message: 'must be 0 or at least entries_days: hours tell what entries no longer do',
    },
  );

type RetentionFile = z.infer<typeof retention>;

interface File {
  readonly path: string;
  readonly content: { readonly retention?: RetentionFile | undefined };
}

/** Of several files the last one that has a `retention` counts, as a whole. Its settings are noted in `sources`. */
export function retentionOf(files: readonly File[], sources: Record<string, string>): RetentionSettings {
  const file = files.findLast(({ content }) => content.retention !== undefined);
  const said = file?.content.retention;
  for (const name of ['entriesDays', 'hoursDays', 'decisionsDays', 'auditDays'])
    sources[`retention.${name}`] = file?.path ?? 'default';
  return {
    entriesDays: said?.entries_days ?? retentionDefaults.entriesDays,
    hoursDays: said?.hours_days ?? retentionDefaults.hoursDays,
    decisionsDays: said?.decisions_days ?? retentionDefaults.decisionsDays,
    auditDays: said?.audit_days ?? retentionDefaults.auditDays,
  };
}
