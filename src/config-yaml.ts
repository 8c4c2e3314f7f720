/** YAML of configuration files as plain data, with the line of every setting; errors name the line and show nothing of the file. */
import {
  type Document,
  isAlias,
  isMap,
  isScalar,
  isSeq,
  LineCounter,
  type ParsedNode,
  parseDocument,
} from 'yaml';

type Path = readonly (string | number)[];

export interface ParsedYaml {
  /** Plain data; an empty text is null. */
  readonly value: unknown;
  /** Line of the setting at that path, from 1; of the nearest around it where there is no such thing. */
  lineAt(path: Path): number;
}

/** What an alias may come to; people who repeat themselves need a handful, a bomb millions. */
const MAX_ALIASES = 50;
/** Settings stand no deeper; what lies below is found by what it lies in. */
const MAX_DEPTH = 5;

/** @throws {Error} whose message is one line */
export function parseYaml(text: string): ParsedYaml {
  const { value, lines } = parseWithLines(text);
  return { value, lineAt: (path) => nearest(lines, path) };
}

/** By the path in one text: what a thread can hand over. */
export type Lines = ReadonlyMap<string, number>;

/** @throws {Error} whose message is one line */
export function parseWithLines(text: string): { readonly value: unknown; readonly lines: Lines } {
  const counter = new LineCounter();
  // The library compares each key with every other; `readLines` does it in one walk.
  const document = parseDocument(text, { lineCounter: counter, prettyErrors: false, uniqueKeys: false });
  const [problem] = document.errors;
  if (problem) throw new Error(`line ${lineOf(counter, problem.pos[0])}: ${firstLine(problem.message)}`);
  const lines = readLines(document, counter);
  return { value: document.toJS({ maxAliasCount: MAX_ALIASES }), lines };
}

export function nearest(lines: Lines, path: Path): number {
  for (let length = path.length; length > 0; length -= 1) {
    const line = lines.get(path.slice(0, length).map(stepText).join(''));
    if (line !== undefined) return line;
  }
  return 1;
}

/** No name holds the character that ends it here. */
function stepText(name: string | number): string {
  return `${name}\0`;
}

function readLines(document: Document.Parsed, counter: LineCounter): Map<string, number> {
  const lines = new Map<string, number>();
  const inside = new Set<ParsedNode | null | undefined>();
  const walk = (node: ParsedNode | null, path: string, depth: number): void => {
    // Resolving walks the whole document: only where the name is one of those around it.
    if (
      isAlias(node) &&
      isAround(inside, node.source) &&
      inside.has(node.resolve(document) as ParsedNode | undefined)
    )
      throw new Error(`line ${lineOf(counter, node.range[0])}: *${node.source} stands in itself`);
    if (!isMap(node) && !isSeq(node)) return;
    inside.add(node);
    const enter = (name: string, offset: number, below: ParsedNode | null): void => {
      const at = path + stepText(name);
      if (depth < MAX_DEPTH) lines.set(at, lineOf(counter, offset));
      walk(below, at, depth + 1);
    };
    if (isMap(node)) {
      const seen = new Set<unknown>();
      for (const { key, value } of node.items) {
        const name = isScalar(key) ? key.value : key;
        if (seen.has(name))
          throw new Error(`line ${lineOf(counter, key.range[0])}: ${name} stands here twice`);
        seen.add(name);
        enter(String(name), key.range[0], value);
      }
    } else {
      for (const [index, item] of node.items.entries())
        if (!isScalar(item)) enter(String(index), item.range[0], item);
    }
    inside.delete(node);
  };
  walk(document.contents, '', 0);
  return lines;
}

function isAround(inside: ReadonlySet<ParsedNode | null | undefined>, anchor: string): boolean {
  for (const node of inside) if (node && !isAlias(node) && node.anchor === anchor) return true;
  return false;
}

function lineOf(counter: LineCounter, offset: number): number {
  return Math.max(1, counter.linePos(offset).line);
}

function firstLine(text: string): string {
  return text.split('\n', 1)[0]!;
}
