/** Reads everything that is declared of prompts, agents and pipelines, and what has changed when it is read again. */
import { isUtf8 } from 'node:buffer';
import { open, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { PROMPT_KINDS, type PromptKind, parsePromptId, promptIdText } from '../base/prompt-id.ts';
import { type AgentsFile, parseAgentsFile } from './agents-file.ts';
import type { DefinitionProblem, Definitions, PromptDefinition, Side } from './definition.ts';
import { folderOfKind, type Places, type PromptFolder } from './places.ts';
import { MAX_PROMPT_BYTES, type PromptFile, parsePromptFile } from './prompt-file.ts';
import { type Finding, type FoundFile, findPromptFiles } from './prompt-folder.ts';

export interface DefinitionReader {
  /** Never rejects: what is wrong stands among the problems. Files that are as they were are not read again. */
  read(places: Places): Promise<Definitions>;
}

/** Read at once: more would hold as many files open, and the disk is not faster for it. */
const READ_AT_ONCE = 32;
/** Of all files together, which stay in memory: 5,000 files of 12 KiB. */
const MAX_ALL_BYTES = 64 * 1024 * 1024;
/** Of agents.yaml: a thousand agents with a page each. */
const MAX_AGENTS_FILE_BYTES = 4 * 1024 * 1024;

/** What was read of a file, for as long as its stamp stays. */
interface Kept<T> {
  readonly stamp: string;
  readonly content: T | string;
}

interface Memory {
  prompts: ReadonlyMap<string, Kept<PromptFile>>;
  readonly agentsFiles: Map<string, Kept<AgentsFile>>;
}

export function createDefinitionReader(): DefinitionReader {
  const memory: Memory = { prompts: new Map(), agentsFiles: new Map() };
  return { read: (places) => readAll(places, memory) };
}

export function readDefinitions(places: Places): Promise<Definitions> {
  return createDefinitionReader().read(places);
}

async function readAll({ folders, files }: Places, memory: Memory): Promise<Definitions> {
  const problems: DefinitionProblem[] = [];
  const prompts = await readPrompts(folders, memory, problems);
  const agentsFiles = await Promise.all(files.map(({ file, side }) => readAgentsFile(file, side, memory)));
  problems.push(...agentsFiles.flatMap((one) => one.problems));
  return {
    prompts,
    agents: firstByName(agentsFiles.flatMap(({ agents }) => agents)),
    pipelines: firstByName(agentsFiles.flatMap(({ pipelines }) => pipelines)),
    problems: problems.sort((a, b) => (a.file < b.file ? -1 : Number(a.file > b.file))),
  };
}

function firstByName<T extends { readonly name: string }>(entries: readonly T[]): T[] {
  const found = new Map<string, T>();
  for (const entry of entries) if (!found.has(entry.name)) found.set(entry.name, entry);
  return [...found.values()];
}

interface Found extends FoundFile {
  readonly kind: PromptKind;
  readonly place: PromptFolder;
}

async function readPrompts(
  folders: readonly PromptFolder[],
  memory: Memory,
  problems: DefinitionProblem[],
): Promise<PromptDefinition[]> {
  const found = await findAll(folders, { files: 0, problems });
  const kept = new Map<string, Kept<PromptFile>>();
  let bytes = 0;
  const within = found.filter((one) => {
    bytes += one.bytes;
    return bytes <= MAX_ALL_BYTES;
  });
  if (within.length < found.length) {
    const reason = `the prompt files have more than ${MAX_ALL_BYTES} bytes in all; this one and those after it are not read`;
    problems.push({ file: found[within.length]!.file, line: undefined, reason });
  }
  for (let at = 0; at < within.length; at += READ_AT_ONCE) {
    const batch = within.slice(at, at + READ_AT_ONCE);
    await Promise.all(batch.map(async (one) => kept.set(one.file, await readPrompt(one, memory))));
  }
  memory.prompts = kept;
  return collect(within, kept, problems);
}

async function findAll(folders: readonly PromptFolder[], finding: Finding): Promise<Found[]> {
  const all: Found[] = [];
  for (const place of folders) {
    for (const kind of PROMPT_KINDS) {
      const files = await findPromptFiles(join(place.folder, folderOfKind[kind]), kind, finding);
      for (const file of files) all.push({ ...file, kind, place });
    }
  }
  return all;
}

async function readPrompt({ file, stamp }: Found, { prompts }: Memory): Promise<Kept<PromptFile>> {
  const known = prompts.get(file);
  if (known?.stamp === stamp) return known;
  const { text, reason } = await readText(file, MAX_PROMPT_BYTES);
  return { stamp, content: text === undefined ? reason : parsePromptFile(text) };
}

/** Each id once: of several places the first, of one place the first by its path. */
function collect(
  found: readonly Found[],
  kept: ReadonlyMap<string, Kept<PromptFile>>,
  problems: DefinitionProblem[],
): PromptDefinition[] {
  const prompts = new Map<string, PromptDefinition & { readonly place: PromptFolder }>();
  for (const { file, kind, name, prefix, place } of found) {
    const complain = (reason: string, line?: number) => problems.push({ file, line, reason });
    const content = kept.get(file)!.content;
    if (typeof content === 'string') {
      complain(content);
      continue;
    }
    for (const { line, reason } of content.problems) complain(reason, line);
    const { model, fallback, description, text } = content;
    const namespace = place.namespace === undefined ? '' : `${place.namespace}:`;
    const id = parsePromptId(`${kind}:${namespace}${prefix}${content.name ?? name}`);
    if (!id) {
      complain('its name is too long, or holds characters that are not printed');
      continue;
    }
    const known = prompts.get(promptIdText(id));
    if (known?.place === place) complain(`${promptIdText(id)} is in ${known.file} already, which counts`);
    if (!known)
      prompts.set(promptIdText(id), {
        id,
        file,
        side: place.side,
        text,
        model,
        fallback,
        description,
        place,
      });
  }
  return [...prompts.values()].map(({ place: _, ...prompt }) => prompt);
}

const noAgentsFile: AgentsFile = { isReadable: true, agents: [], pipelines: [], problems: [] };

/** One that cannot be read, because somebody is in the middle of writing it, counts as it was before. */
async function readAgentsFile(file: string, side: Side, { agentsFiles }: Memory): Promise<AgentsFile> {
  const known = agentsFiles.get(file);
  const last = typeof known?.content === 'object' ? known.content : undefined;
  const looked = await stat(file).catch(() => undefined);
  if (!looked) {
    agentsFiles.delete(file);
    return noAgentsFile;
  }
  const stamp = `${looked.mtimeMs} ${looked.ctimeMs} ${looked.size} ${looked.ino}`;
  if (last && known?.stamp === stamp) return last;
  const { text, reason } = looked.isFile()
    ? await readText(file, MAX_AGENTS_FILE_BYTES)
    : { text: undefined, reason: 'is no file' };
  const unreadable = { ...noAgentsFile, isReadable: false, problems: [{ file, line: undefined, reason }] };
  const content = text === undefined ? unreadable : parseAgentsFile(text, file, side);
  if (!content.isReadable && last?.isReadable) {
    const problems = content.problems.map((one) => ({
      ...one,
      reason: `${one.reason}; what it said before still counts`,
    }));
    return { ...last, problems };
  }
  agentsFiles.set(file, { stamp, content });
  return content;
}

type Text =
  | { readonly text: string; readonly reason: '' }
  | { readonly text: undefined; readonly reason: string };

/** At most that much is read, whatever the file is by now. */
async function readText(file: string, limitBytes: number): Promise<Text> {
  const refuse = (reason: string): Text => ({ text: undefined, reason });
  try {
    const handle = await open(file, 'r');
    try {
      const { size } = await handle.stat();
      if (size > limitBytes) return refuse(`is larger than ${limitBytes} bytes and is not read`);
      const buffer = Buffer.allocUnsafe(size + 1);
      const { bytesRead } = await handle.read(buffer, 0, size + 1, 0);
      // Watchers tell of it again when it is whole.
      if (bytesRead > size) return refuse('is being written');
      const bytes = buffer.subarray(0, bytesRead);
      if (!isUtf8(bytes)) return refuse('is not written in UTF-8 and is not read');
      return { text: bytes.toString('utf8'), reason: '' };
    } finally {
      await handle.close();
    }
  } catch (error) {
    const code = error instanceof Error ? Reflect.get(error, 'code') : undefined;
    return refuse(`cannot be read (${String(code ?? error)})`);
  }
}
