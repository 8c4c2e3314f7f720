/** How much of requests and replies workspaces may have kept, and for how long: as a configuration file says it. */
import { z } from 'zod';

export interface PrivacySettings {
  /** The most that a workspace may have kept. */
  readonly content: 'metadata' | 'redacted' | 'full';
  /** The longest that it may be kept. */
  readonly retentionDays: number;
}

export const privacyDefaults: PrivacySettings = { content: 'full', retentionDays: 30 };

/** Ten years. */
const MAX_DAYS = 3_650;

export const privacySchema = z.strictObject({
  content: z
    .enum(['metadata', 'redacted', 'full'])
    .meta({
      description:
        'The most that a workspace may have kept of its requests and replies: `metadata` nothing of what they say, `redacted` what they say without secrets and personal data, `full` all of it. A workspace has nothing kept until its owner says so.',
      default: privacyDefaults.content,
    })
    .optional(),
  retention_days: z
    .int()
    .min(1)
    .max(MAX_DAYS)
    .meta({
      description: 'Days after which kept content is taken away; a workspace may ask for fewer.',
      default: privacyDefaults.retentionDays,
    })
    .optional(),
});

interface File {
  readonly path: string;
  readonly content: { readonly privacy?: z.infer<typeof privacySchema> | undefined };
}

/** Of several files the last one that has a `privacy` counts, as a whole. Its settings are noted in `sources`. */
export function privacyOf(files: readonly File[], sources: Record<string, string>): PrivacySettings {
  const file = files.findLast(({ content }) => content.privacy !== undefined);
  const said = file?.content.privacy;
  for (const name of ['content', 'retentionDays']) sources[`privacy.${name}`] = file?.path ?? 'default';
  return {
    content: said?.content ?? privacyDefaults.content,
    retentionDays: said?.retention_days ?? privacyDefaults.retentionDays,
  };
}
