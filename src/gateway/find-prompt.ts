/**
 * Knows which prompt a request belongs to by the text in it, where no header says so: an agent by the system text, a
 * command or a skill by what the user said last and what came of it. Reads only beginnings of texts, from the bytes.
 */
import { type PromptId, parsePromptId } from '../base/prompt-id.ts';
import type { FormatId } from '../wire/chat.ts';
import type { ValueSpan } from '../wire/walk.ts';
import { compileTextIndex, KEY_CHARACTERS, type TextIndex } from './find-prompt-index.ts';
import { lastTurn, systemTexts, type Turn } from './find-prompt-places.ts';
import { collapse, decodeBeginning, lastText, readBeginning } from './find-prompt-text.ts';

export { promptFields } from './find-prompt-places.ts';

type Fields = ReadonlyMap<string, ValueSpan>;

export interface PromptFinder {
  /** No prompt is known by its text or its name, so that nothing needs to be looked for. */
  readonly isEmpty: boolean;
  /** @param fields noted by the walk of the body, with `promptFields` among the wanted names */
  find(format: FormatId, body: Buffer, fields: Fields): PromptId | undefined;
  /** Prompts that are not found by their text, by their ids, and why not. */
  readonly left: ReadonlyMap<string, string>;
}

export const noPrompts: PromptFinder = { isEmpty: true, find: () => undefined, left: new Map() };

export interface KnownPrompt {
  readonly id: PromptId;
  /** Empty where only the name is known, from a rule: a command is then still found where its client names it. */
  readonly text: string;
}

interface Known {
  /** Everything that may be system text. */
  readonly system: TextIndex;
  /** Commands, skills and hooks: what a user, or the client in his place, begins a turn with. */
  readonly turns: TextIndex;
  /** Of commands and skills, as clients write them behind a slash. */
  readonly byName: ReadonlyMap<string, PromptId>;
  readonly hasAnyCommand: boolean;
}

/**
 * An id may come several times: with its text, and from rules.
 * @param hasAnyCommand there is a rule for all commands, so that those nobody knows count too where a client names them
 */
export function compilePromptFinder(
  prompts: readonly KnownPrompt[],
  { hasAnyCommand = false }: { readonly hasAnyCommand?: boolean } = {},
): PromptFinder {
  const files = prompts.filter(({ text }) => text !== '');
  const known: Known = {
    system: compileTextIndex(files),
    turns: compileTextIndex(files.filter(({ id }) => id.kind !== 'agent').map(beforePlaceholders)),
    byName: namesOf(prompts),
    hasAnyCommand,
  };
  if (known.system.size + known.byName.size === 0 && !hasAnyCommand) {
    return { ...noPrompts, left: known.system.left };
  }
  return {
    isEmpty: false,
    left: new Map([...known.system.left, ...known.turns.left]),
    find: (format, body, fields) => find(known, format, body, fields),
  };
}

/** What a command is called with is put into its text before it is sent. */
const PLACEHOLDER = /\$ARGUMENTS|\$\d|\$\{|!`/;

function beforePlaceholders({ id, text }: KnownPrompt): KnownPrompt {
  const at = text.search(PLACEHOLDER);
  return at === -1 ? { id, text } : { id, text: text.slice(0, at) };
}

/** A command before the skill of the same name. */
function namesOf(prompts: readonly KnownPrompt[]): Map<string, PromptId> {
  const names = new Map<string, PromptId>();
  for (const { id } of prompts) {
    if (id.kind === 'command' || (id.kind === 'skill' && !names.has(id.name))) names.set(id.name, id);
  }
  return names;
}

/** A command is the user's own word for this turn; an agent's skill is part of the agent's work. */
function find(known: Known, format: FormatId, body: Buffer, fields: Fields): PromptId | undefined {
  const { turns, byName, hasAnyCommand } = known;
  const hasTurns = turns.size + byName.size > 0 || hasAnyCommand;
  const turn = hasTurns ? lastTurn(format, body, fields) : undefined;
  const said = turn && findSaid(known, body, turn);
  if (said?.kind === 'command') return said;
  if (known.system.size > 0) {
    for (const at of systemTexts(format, body, fields)) {
      const id = findText(known.system, body, at);
      if (id) return id;
    }
  }
  return said ?? (turn && findLoaded(known, body, turn));
}

function findText(index: TextIndex, body: Buffer, at: number): PromptId | undefined {
  const beginning = readBeginning(body, at, KEY_CHARACTERS);
  return index.find(beginning, (characters) => readBeginning(body, at, characters));
}

/** Claude Code: `<command-message>ship is running…</command-message>\n<command-name>/oss:ship</command-name>`. */
const COMMAND_NAME =
  /^(?:<command-message>[^<]*<\/command-message> ?)?<command-name>\/?([^<]+)<\/command-name>/;
const COMMAND_TAG = '<command-';
/** A name of 200 characters twice, and the tags. */
const COMMAND_CHARACTERS = 600;
/** What a command printed that the client carried out itself: what comes behind it is the user's own. */
const LOCAL_TAG = '<local-command-';

/** By the name that the client gives, the last one counting, or else by the text. */
function findSaid(known: Known, body: Buffer, { texts }: Turn): PromptId | undefined {
  let found: PromptId | undefined;
  for (const at of texts) {
    const beginning = readBeginning(body, at, KEY_CHARACTERS);
    if (beginning.startsWith(COMMAND_TAG)) {
      found = commandIn(known, readBeginning(body, at, COMMAND_CHARACTERS));
    } else if (beginning.startsWith(LOCAL_TAG)) {
      found = undefined;
    } else {
      found ??= known.turns.find(beginning, (characters) => readBeginning(body, at, characters));
    }
  }
  return found;
}

function commandIn({ byName, hasAnyCommand }: Known, text: string): PromptId | undefined {
  const name = COMMAND_NAME.exec(text)?.[1]?.trim() ?? '';
  return byName.get(name) ?? (hasAnyCommand ? parsePromptId(`command:${name}`) : undefined);
}

/** What Claude Code puts before the text of a skill that the model asked for. */
const SKILL_PREFACE = 'Base directory for this skill: ';
const SKILL_BYTES = 8 * 1024;

/** The skill that was loaded last in this turn. */
function findLoaded({ turns, byName }: Known, body: Buffer, { start, end }: Turn): PromptId | undefined {
  const at = lastText(body.subarray(start, end), SKILL_PREFACE, 0);
  if (at === -1) return undefined;
  const { text } = decodeBeginning(body, start + at, SKILL_BYTES);
  const [first = '', ...rest] = text.split('\n');
  const content = collapse(rest.join('\n'));
  const folder = first.slice(SKILL_PREFACE.length).trim().split(/[/\\]/).at(-1) ?? '';
  return turns.find(content, () => content) ?? byName.get(folder);
}
