/** The version of Anthropic's API on other people's clouds. */
import type { BodyRule } from '../provider.ts';

/** Each cloud has a name of its own for the first version; later ones go by their dates, as Anthropic's SDKs send them. */
export const claudeVersion: NonNullable<BodyRule['version']> = {
  field: 'anthropic_version',
  header: 'anthropic-version',
  standsFor: '2023-06-01',
};
