/** Where prompts and agents are declared: which folders hold what, and whose they are. */
import { join } from 'node:path';
import type { PromptKind } from '../base/prompt-id.ts';
import type { Side } from './definition.ts';

/** A folder with `agents/`, `commands/`, `skills/` and `hooks/` in it. */
export interface PromptFolder {
  readonly folder: string;
  /** Put before the names in it: `oss` makes `agent:oss:code-reviewer` of `agents/code-reviewer.md`. */
  readonly namespace: string | undefined;
  readonly side: Side;
}

export interface Places {
  /** The first that has an id counts. */
  readonly folders: readonly PromptFolder[];
  /** Files `agents.yaml`, likewise. */
  readonly files: readonly { readonly file: string; readonly side: Side }[];
}

/** The folder of a kind's files. */
export const folderOfKind: Readonly<Record<PromptKind, string>> = {
  agent: 'agents',
  command: 'commands',
  skill: 'skills',
  hook: 'hooks',
};

/** What of the configuration says where to look. */
export interface PlaceSettings {
  /** Where the project's configuration file stands, or the working folder. */
  readonly projectFolder: string;
  /** `TURNPIKE_HOME`. */
  readonly home: string;
  /** The person's own folder, where coding agents keep theirs; undefined = not looked at. */
  readonly userFolder: string | undefined;
  readonly folders: readonly {
    readonly path: string;
    readonly namespace?: string | undefined;
    readonly side: Side;
  }[];
}

/** The project's before the user's; of each, Turnpike's own folder before that of a coding agent and declared ones. */
export function placesOf({ projectFolder, home, userFolder, folders }: PlaceSettings): Places {
  const place = (folder: string, side: Side): PromptFolder => ({ folder, namespace: undefined, side });
  const declared = (side: Side) =>
    folders
      .filter((one) => one.side === side)
      .map(({ path, namespace }): PromptFolder => ({ folder: path, namespace, side }));
  const all = [
    place(join(projectFolder, '.turnpike'), 'project'),
    place(join(projectFolder, '.claude'), 'project'),
    ...declared('project'),
    place(home, 'user'),
    ...(userFolder === undefined ? [] : [place(join(userFolder, '.claude'), 'user')]),
    ...declared('user'),
  ];
  return {
    // In a person's own folder, the project's places are the user's.
    folders: all.filter(({ folder }, at) => all.findIndex((one) => one.folder === folder) === at),
    files: [
      { file: join(projectFolder, 'agents.yaml'), side: 'project' },
      { file: join(home, 'agents.yaml'), side: 'user' },
    ],
  };
}

/** What to watch for changes: files, and folders with all that is in them. Not all of them need exist. */
export function watchedPaths({ folders, files }: Places): string[] {
  const inside = folders.flatMap(({ folder }) =>
    Object.values(folderOfKind).map((name) => join(folder, name)),
  );
  return [...files.map(({ file }) => file), ...inside];
}
