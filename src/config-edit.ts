/** Edits of configuration files in place: models of prompts are set and taken away, comments and all else stay. */
import {
  chmodSync,
  existsSync,
  mkdirSync,
  readFileSync,
  realpathSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { dirname, resolve } from 'node:path';
import { type Document, isMap, isScalar, parseDocument } from 'yaml';
import { parsePromptId } from './base/prompt-id.ts';
import {
  ConfigError,
  type ConfigPlace,
  configCandidates,
  fileProblem,
  MAX_FILE_BYTES,
  readConfigFile,
} from './config-files.ts';
import { parseYaml } from './config-yaml.ts';

/** The project's file, or the user's. */
export type FileSide = 'project' | 'user';

export interface FileModel {
  readonly ref: string;
  /** Refs to try after it. */
  readonly fallback?: readonly string[];
}

/** The file that is read for that side or, where there is none yet, would be: for a project in the working folder. */
export function fileToEdit(side: FileSide, place: ConfigPlace): string {
  const { user, named, project } = configCandidates(place);
  if (side === 'user') return user;
  return named ?? project.find((path) => existsSync(path)) ?? resolve(place.cwd, 'turnpike.yaml');
}

/**
 * `promptId`: `agent:name`, `agent:*`, …, or `default`. Makes the file where there is none.
 * @throws {ConfigError}
 */
export function setModelInFile(
  path: string,
  promptId: string,
  { ref, fallback }: FileModel,
  env: ConfigEnvironment,
): void {
  const at = placeOf(promptId);
  if (promptId === 'default' && fallback?.length)
    throw new ConfigError('models.default has no fallback; declare a route, or fallback.default.');
  edit(path, env, (document) => {
    openMaps(document, at.slice(0, -1), path);
    document.setIn(at, fallback?.length ? document.createNode({ model: ref, fallback }) : ref);
  });
}

/** False = the file does not say anything of it. @throws {ConfigError} */
export function unsetModelInFile(path: string, promptId: string, env: ConfigEnvironment): boolean {
  const at = placeOf(promptId);
  if (!existsSync(path)) return false;
  return edit(path, env, (document) => {
    if (!document.hasIn(at)) return false;
    document.deleteIn(at);
    // Empty maps say nothing: they go with what was last in them.
    for (const folder of [at.slice(0, 2), at.slice(0, 1)]) {
      const left = document.getIn(folder);
      if (isMap(left) && left.items.length === 0) document.deleteIn(folder);
    }
    return true;
  });
}

type ConfigEnvironment = Readonly<Record<string, string | undefined>>;

/** Where the file has it. */
function placeOf(promptId: string): string[] {
  if (promptId === 'default') return ['models', 'default'];
  const id = parsePromptId(promptId);
  if (id) return ['models', `${id.kind}s`, id.name];
  throw new ConfigError(
    `"${promptId}" is no prompt; write agent:name, command:name, skill:name or hook:name (* = all of them), or default.`,
  );
}

/** `models:` with nothing after it is no map yet. */
function openMaps(document: Document, path: readonly string[], file: string): void {
  for (let length = 0; length <= path.length; length += 1) {
    const at = path.slice(0, length);
    const node = at.length === 0 ? document.contents : document.getIn(at, true);
    if (isMap(node)) continue;
    const isEmpty = node === null || node === undefined || (isScalar(node) && node.value === null);
    if (!isEmpty) throw new ConfigError(`${file}: ${at.join('.') || 'it'} is no map; write it by hand.`);
    const map = document.createNode({});
    if (at.length === 0) document.contents = map;
    else document.setIn(at, map);
  }
}

/** @param change false = leave the file as it is */
function edit(
  path: string,
  env: ConfigEnvironment,
  change: (document: Document) => boolean | undefined,
): boolean {
  try {
    const before = existsSync(path) ? readText(path) : '';
    const document = parseDocument(before);
    const [problem] = document.errors;
    if (problem) throw new ConfigError(`${path}: ${problem.message}`);
    const asPrinted = print(document);
    if (change(document) === false) return false;
    const after = keepLines(before, asPrinted, print(document));
    // What was not valid before may be valid where the server runs: its variables are not ours.
    if (problemIn(path, before, env) === undefined) {
      const broken = problemIn(path, after, env);
      if (broken) throw broken;
    }
    replaceFile(path, after);
    return true;
  } catch (error) {
    throw error instanceof ConfigError ? error : fileProblem(path, error);
  }
}

function print(document: Document): string {
  return document.toString({ lineWidth: 0 });
}

/** Printing sets spaces its own way: only the lines that the change itself touches are taken as they are printed. */
function keepLines(before: string, asPrinted: string, changed: string): string {
  const own = before.split('\n');
  const is = changed.split('\n');
  const [ownAt, wasAt, isAt] = [own, asPrinted.split('\n'), is].map(writtenLines) as [
    Written,
    Written,
    Written,
  ];
  if (ownAt.length !== wasAt.length) return changed;
  const least = Math.min(wasAt.length, isAt.length);
  let head = 0;
  while (head < least && wasAt[head]!.text === isAt[head]!.text) head += 1;
  let tail = 0;
  while (tail < least - head && wasAt.at(-1 - tail)!.text === isAt.at(-1 - tail)!.text) tail += 1;
  const end = tail === 0 ? is.length : isAt.at(-tail)!.line;
  const between = is.slice(lineAfter(isAt, head), end);
  while (between.at(-1) === '') between.pop();
  const kept = [...own.slice(0, lineAfter(ownAt, head)), ...between];
  const text = [...kept, ...own.slice(lineAfter(ownAt, ownAt.length - tail))].join('\n');
  const whole = text === '' || text.endsWith('\n') ? text : `${text}\n`;
  return isSameYaml(whole, changed) ? whole : changed;
}

type Written = readonly { readonly text: string; readonly line: number }[];

/** Those with something in them: how many blank ones lie between is nobody's business. */
function writtenLines(lines: readonly string[]): Written {
  return lines.map((text, line) => ({ text, line })).filter(({ text }) => text.trim() !== '');
}

/** The line after the first `count` written ones. */
function lineAfter(written: Written, count: number): number {
  return count === 0 ? 0 : written[count - 1]!.line + 1;
}

function isSameYaml(one: string, other: string): boolean {
  const [left, right] = [parseDocument(one), parseDocument(other)];
  return left.errors.length === 0 && JSON.stringify(left.toJS()) === JSON.stringify(right.toJS());
}

function readText(path: string): string {
  if (statSync(path).size > MAX_FILE_BYTES) throw new Error(`larger than ${MAX_FILE_BYTES} bytes`);
  return readFileSync(path, 'utf8');
}

function problemIn(path: string, text: string, env: ConfigEnvironment): ConfigError | undefined {
  try {
    readConfigFile(path, env, [], parseYaml(text));
    return undefined;
  } catch (error) {
    return error instanceof ConfigError ? error : fileProblem(path, error);
  }
}

/** At once: a server that watches it never reads half of it. The file may hold keys, and is as readable as it was. */
function replaceFile(path: string, text: string): void {
  const isThere = existsSync(path);
  if (!isThere) mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
  const target = isThere ? realpathSync(path) : path;
  const mode = isThere ? statSync(target).mode & 0o777 : 0o600;
  const beside = `${target}.${process.pid}.new`;
  try {
    writeFileSync(beside, text, { mode, flag: 'wx' });
    // The process's mask does not count here.
    chmodSync(beside, mode);
    renameSync(beside, target);
  } catch (error) {
    rmSync(beside, { force: true });
    throw error;
  }
}
