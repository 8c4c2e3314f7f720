/** Where prompt files are looked for: as configuration files say it. */
import { basename, dirname, join, resolve } from 'node:path';
import { z } from 'zod';

export interface PromptPlace {
  /** Absolute. */
  readonly path: string;
  readonly namespace?: string;
  /** Whose file declares it. */
  readonly side: 'project' | 'user';
}

export interface PromptSettings {
  /** Where the project's configuration file stands, or the working folder. */
  readonly projectFolder: string;
  /** The person's own folder, where coding agents keep theirs; undefined = not looked at. */
  readonly userFolder: string | undefined;
  readonly folders: readonly PromptPlace[];
}

/** A plugin has one folder, a person some plugins. */
const MAX_FOLDERS = 100;

const folder = z.strictObject({
  path: z.string().min(1).max(4000).meta({
    description:
      'A folder with `agents/`, `commands/`, `skills/` or `hooks/` in it, such as that of a plugin. Relative to the file this stands in; `~/` is your own folder.',
  }),
  namespace: z
    .string()
    .regex(/^[A-Za-z0-9][A-Za-z0-9_.-]{0,63}$/, 'letters, digits, dot, dash and underscore, at most 64')
    .meta({ description: 'Stands before the names in it: `oss` makes `agent:oss:code-reviewer`.' })
    .optional(),
});

export const promptsSchema = z.strictObject({
  folders: z
    .array(folder)
    .max(MAX_FOLDERS)
    .meta({ description: 'Folders to read beside the usual ones; those of all files count.' })
    .optional(),
  home: z
    .boolean()
    .meta({ description: 'Whether `.claude` in your own folder is read too.', default: true })
    .optional(),
});

type PromptsFile = z.infer<typeof promptsSchema>;

interface File {
  readonly path: string;
  readonly content: { readonly prompts?: PromptsFile | undefined };
}

interface Surroundings {
  readonly cwd: string;
  /** `TURNPIKE_HOME`. */
  readonly home: string;
  readonly env: Readonly<Record<string, string | undefined>>;
}

/** The project's folders before the user's. */
export function promptSettingsOf(
  files: readonly File[],
  sources: Record<string, string>,
  { cwd, home, env }: Surroundings,
): PromptSettings {
  const userFolder = env.HOME || env.USERPROFILE || undefined;
  const isUsers = ({ path }: File) => path === join(home, 'config.yaml');
  const project = files.findLast((file) => !isUsers(file));
  const says = files.findLast(({ content }) => content.prompts?.home !== undefined);
  sources['prompts.home'] = says?.path ?? 'default';
  const folders = [...files].reverse().flatMap((file) =>
    (file.content.prompts?.folders ?? []).map(({ path, namespace }): PromptPlace => {
      const expanded = userFolder === undefined ? path : path.replace(/^~(?=[/\\]|$)/, () => userFolder);
      const absolute = resolve(dirname(file.path), expanded);
      sources[`prompts.folders.${namespace ?? basename(absolute)}`] = file.path;
      return {
        path: absolute,
        side: isUsers(file) ? 'user' : 'project',
        ...(namespace !== undefined && { namespace }),
      };
    }),
  );
  return {
    projectFolder: project ? dirname(project.path) : resolve(cwd),
    userFolder: says?.content.prompts?.home === false ? undefined : userFolder,
    folders,
  };
}
