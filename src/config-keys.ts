/** Keys of providers in configuration files: several of one provider, and in which order those of several places are used. */
import { z } from 'zod';
import { Secret } from './base/secret.ts';

/** One key of a provider's list. */
export interface KeySettings {
  readonly secret: Secret;
  /** Its share of the traffic against the others of the list. */
  readonly weight: number;
  readonly name?: string;
}

/** Which is used first, where both have a key of a provider: the environment's or the vault's. */
export type KeyPreference = 'environment' | 'vault';

const MAX_KEYS = 50;

const keyText = z.string().min(1).max(4000);

const keyEntry = z.strictObject({
  key: keyText.meta({ description: 'The key, best named by a variable.' }).optional(),
  weight: z
    .int()
    .min(1)
    .max(1000)
    .meta({ description: 'Its share of the traffic against the others of the list.', default: 1 })
    .optional(),
  name: z
    .string()
    .regex(/^[A-Za-z0-9][A-Za-z0-9_.-]{0,63}$/, 'letters, digits, dot, dash and underscore, at most 64')
    .meta({ description: 'What it is called where it is shown. Default: its number in the list.' })
    .optional(),
});

export const keyList = z
  .array(z.union([keyText, keyEntry]))
  .max(MAX_KEYS)
  .superRefine((entries, context) => {
    const names = entries.map((entry) => (typeof entry === 'string' ? undefined : entry.name));
    const at = names.findIndex((name, index) => name !== undefined && names.indexOf(name) !== index);
    if (at !== -1)
      context.addIssue({ code: 'custom', path: [at, 'name'], message: 'another key of the list has it' });
  });

export const keysSchema = z.strictObject({
  prefer: z
    .enum(['environment', 'vault'])
    .meta({
      description: "Which is used first, where both have a key of a provider. The file's come last.",
      default: 'environment',
    })
    .optional(),
});

/** Entries without a key are left out: the variable that was to hold it is not set. */
export function keySettingsOf(entries: z.infer<typeof keyList> | undefined): KeySettings[] {
  return (entries ?? []).flatMap((entry) => {
    const { key, weight = 1, name } = typeof entry === 'string' ? { key: entry } : entry;
    return key === undefined
      ? []
      : [{ secret: new Secret(key), weight, ...(name !== undefined && { name }) }];
  });
}
