/**
 * Large YAML that is read again after an edit: what stands in it as before is not parsed again. A mapping is cut into its
 * entries by the lines that begin one; where that cannot be told for sure, the text is parsed as a whole.
 */
import { type ParsedYaml, parseYaml } from './config-yaml.ts';

export interface EntryParser {
  /** As `parse` would read it; the lines of large entries are those of their beginning. Rejects as `parse` does. */
  parse(text: string): Promise<ParsedYaml>;
}

interface Entry {
  readonly name: string;
  readonly text: string;
  /** Lines of the text before it. */
  readonly before: number;
}

/** What a text of one entry came to. */
type Memory = ReadonlyMap<string, unknown>;

/** Texts up to here are parsed at once, as entries are that are no mapping of many. */
const SMALL_BYTES = 8 * 1024;
/** `routes:` and the routes in it; below, an entry is small. */
const MAX_LEVELS = 2;

/** A name that needs no quotes and is no number, alone at the beginning of its line. */
const ENTRY = /^([A-Za-z_][\w.-]*) *:(?= |\r?$)/;
/** What may stand at the beginning of a line without beginning an entry: it goes on with the one before. */
const GOES_ON = /^(?: |- |-\r?$|#|\r?$)/;
/** Documents, and nodes that stand for others: entries are then no texts of their own. */
const ENTANGLED = /^(?:---|\.\.\.)|(?:^|[\s[{,]|["']:)[&*]\S|\t/m;

/**
 * Remembers the entries of the last text.
 * @param parse reads a text as a whole
 * @param smallBytes texts and entries up to here are not cut
 */
export function createEntryParser(
  parse: (text: string) => Promise<ParsedYaml>,
  smallBytes: number = SMALL_BYTES,
): EntryParser {
  let memory: Memory = new Map();
  return {
    async parse(text) {
      if (text.length <= smallBytes) return parse(text);
      const used = new Map<string, unknown>();
      const lines: Reading['lines'] = new Map();
      const reading: Reading = { parse, memory, used, lines, smallBytes };
      const value = ENTANGLED.test(text)
        ? undefined
        : await readMapping(reading, text, { level: 1, path: '', line: 1 }).catch(() => undefined);
      // What is wrong is told as of the whole text.
      if (value === undefined) return parse(text);
      memory = used;
      return { value, lineAt: (path) => nearest(lines, path) };
    },
  };
}

interface Reading {
  readonly parse: (text: string) => Promise<ParsedYaml>;
  readonly memory: Memory;
  readonly used: Map<string, unknown>;
  readonly lines: Map<string, { readonly line: number; readonly text: string }>;
  readonly smallBytes: number;
}

interface Place {
  readonly level: number;
  readonly path: string;
  /** Of its first line, from 1. */
  readonly line: number;
}

/** undefined = it cannot be cut. */
async function readMapping(reading: Reading, text: string, place: Place): Promise<object | undefined> {
  const entries = entriesOf(text);
  if (!entries || new Set(entries.map(({ name }) => name)).size < entries.length) return undefined;
  const { memory, used, lines, smallBytes } = reading;
  const values = new Map<string, unknown>();
  const fresh: Entry[] = [];
  for (const entry of entries) {
    const { name, text } = entry;
    const at = { level: place.level + 1, path: place.path + stepText(name), line: place.line + entry.before };
    lines.set(at.path, { line: at.line, text });
    const body = place.level < MAX_LEVELS && text.length > smallBytes ? bodyOf(text) : undefined;
    const inner = body && (await readMapping(reading, body, { ...at, line: at.line + 1 }));
    if (inner) values.set(name, inner);
    else if (memory.has(text)) remember(used, values, entry, memory.get(text));
    else fresh.push(entry);
  }
  if (fresh.length > 0) {
    const { value } = await reading.parse(fresh.map(({ text }) => text).join(''));
    const read = value as Readonly<Record<string, unknown>>;
    if (Object.keys(read).length !== fresh.length) return undefined;
    if (!fresh.every(({ name }) => Object.hasOwn(read, name))) return undefined;
    for (const entry of fresh) remember(used, values, entry, read[entry.name]);
  }
  return Object.fromEntries(entries.map(({ name }) => [name, values.get(name)]));
}

function remember(
  used: Map<string, unknown>,
  values: Map<string, unknown>,
  { name, text }: Entry,
  value: unknown,
): void {
  used.set(text, value);
  values.set(name, value);
}

function entriesOf(text: string): Entry[] | undefined {
  const entries: Entry[] = [];
  let name: string | undefined;
  let from = 0;
  let before = 0;
  let line = 0;
  for (let at = 0; at < text.length; line += 1) {
    const end = text.indexOf('\n', at) + 1 || text.length;
    const first = text.slice(at, end);
    const begins = ENTRY.exec(first.trimEnd())?.[1];
    if (begins === undefined && !GOES_ON.test(first)) return undefined;
    if (begins !== undefined) {
      if (name !== undefined) entries.push({ name, text: text.slice(from, at), before });
      name = begins;
      from = at;
      before = line;
    } else if (name === undefined && !/^(?:#|\s*$)/.test(first)) return undefined;
    at = end;
  }
  if (name === undefined) return undefined;
  // The next entry must begin on a line of its own, wherever this one stands then.
  const last = text.slice(from);
  entries.push({ name, text: last.endsWith('\n') ? last : `${last}\n`, before });
  return entries;
}

/** What stands below the first line, moved to the left margin; undefined = it is no mapping on lines of its own. */
function bodyOf(text: string): string | undefined {
  const end = text.indexOf('\n') + 1;
  if (!/^[^:]*: *\r?$/.test(text.slice(0, end).trimEnd())) return undefined;
  const body = text.slice(end);
  const indent = /^(?: *\r?\n)*( +)\S/.exec(body)?.[1];
  if (indent === undefined) return undefined;
  const lines = body.split('\n');
  if (lines.some((line) => line.trim() !== '' && !line.startsWith(indent))) return undefined;
  return lines.map((line) => line.slice(indent.length)).join('\n');
}

/** No name holds the character that ends it here. */
function stepText(name: string | number): string {
  return `${name}\0`;
}

/** Of the entry, and within it where it is small: only asked for what is wrong. */
function nearest(lines: Reading['lines'], path: readonly (string | number)[]): number {
  for (let length = path.length; length > 0; length -= 1) {
    const found = lines.get(path.slice(0, length).map(stepText).join(''));
    if (!found) continue;
    if (found.text.length > SMALL_BYTES) return found.line;
    return found.line - 1 + parseYaml(found.text).lineAt(path.slice(length - 1));
  }
  return 1;
}
