/** Models of prompts as configuration files declare them: kept per file, as the project's comes before the user's. */
import { basename } from 'node:path';
import { z } from 'zod';
import { PROMPT_KINDS, type PromptKind, parsePromptId, promptIdText } from './base/prompt-id.ts';

/** As long as a ref may be anywhere. */
export const refText = z.string().trim().min(1).max(300);

/** Three models are ever asked for one answer. */
const MAX_FALLBACK = 10;

export const fallbackRefs = z.array(refText).max(MAX_FALLBACK);

/** In place of a name: the rule for every prompt of the kind. */
export const EVERY_PROMPT = '*';

const promptRule = z.union([
  refText,
  z.strictObject({
    model: refText.meta({ description: 'Its model ref; `inherit` leaves the choice to the places below.' }),
    fallback: fallbackRefs
      .meta({ description: 'Model refs to try after it, in order, unless `fallback.enabled` is false.' })
      .optional(),
  }),
]);

const promptName = z
  .string()
  .refine(
    (name) => parsePromptId(`agent:${name}`) !== undefined,
    'must be the name of a prompt, at most 200 printable characters',
  );

const rulesOf = (what: string) =>
  z
    .record(promptName, promptRule)
    .meta({ description: `Models of ${what}, by name; \`*\` for all others of them.` })
    .optional();

export const modelsSchema = z.strictObject({
  default: refText
    .meta({
      description:
        'Model for requests that name none. The alias `default` comes before it; without both, and with no provider but the sandbox, it is `sandbox/scribe`.',
    })
    .optional(),
  agents: rulesOf('agents'),
  commands: rulesOf('commands'),
  skills: rulesOf('skills'),
  hooks: rulesOf('hooks'),
});

type ModelsPart = z.infer<typeof modelsSchema>;

/** A model that a file names, and the place in it. */
export interface FileRule {
  readonly ref: string;
  /** `turnpike.yaml models.agents.oss:code-reviewer`. */
  readonly source: string;
  readonly fallback?: readonly string[];
}

/** What one file says of prompts. */
export interface FilePromptRules {
  /** undefined = there is no such file. */
  readonly path: string | undefined;
  /** By `promptIdText`. */
  readonly exact: Readonly<Record<string, FileRule>>;
  readonly wide: Readonly<Partial<Record<PromptKind, FileRule>>>;
}

export interface PromptModels {
  readonly project: FilePromptRules;
  readonly user: FilePromptRules;
}

interface ModelsFile {
  readonly path: string;
  readonly content: { readonly models?: ModelsPart | undefined };
}

/** @param userPath path of the user's file: every other one is the project's */
export function promptModelsOf(
  files: readonly ModelsFile[],
  userPath: string,
  sources: Record<string, string>,
): PromptModels {
  const user = files[0]?.path === userPath ? files[0] : undefined;
  const project = files.find((file) => file !== user);
  for (const { path, content } of files) noteSources(content.models, path, sources);
  return { project: rulesIn(project), user: rulesIn(user) };
}

function noteSources(models: ModelsPart | undefined, path: string, sources: Record<string, string>): void {
  for (const kind of PROMPT_KINDS) {
    for (const name of Object.keys(models?.[`${kind}s`] ?? {})) sources[`models.${kind}s.${name}`] = path;
  }
}

function rulesIn(file: ModelsFile | undefined): FilePromptRules {
  const exact: Record<string, FileRule> = Object.create(null);
  const wide: Partial<Record<PromptKind, FileRule>> = {};
  for (const kind of PROMPT_KINDS) {
    for (const [name, said] of Object.entries(file?.content.models?.[`${kind}s`] ?? {})) {
      const rule = ruleOf(said, `${basename(file!.path)} models.${kind}s.${name}`);
      if (name === EVERY_PROMPT) wide[kind] = rule;
      else exact[promptIdText(parsePromptId(`${kind}:${name}`)!)] = rule;
    }
  }
  return { path: file?.path, exact, wide };
}

function ruleOf(said: z.infer<typeof promptRule>, source: string): FileRule {
  if (typeof said === 'string') return { ref: said, source };
  const { model, fallback } = said;
  return { ref: model, source, ...(fallback && { fallback }) };
}

/** One row per rule, those of the file that counts more last. */
export function describePromptModels({
  project,
  user,
}: PromptModels): { readonly setting: string; readonly value: string; readonly path: string }[] {
  return [user, project].flatMap(({ path, exact, wide }) =>
    [...Object.values(wide), ...Object.values(exact)].map(({ ref, source, fallback = [] }) => ({
      setting: source.slice(source.indexOf(' models.') + 1),
      value: [ref, ...fallback].join(' > '),
      path: path!,
    })),
  );
}
