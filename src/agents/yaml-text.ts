/** Reads YAML that strangers may have written: the core schema alone, no tags, no bombs, and never a throw. */
import { LineCounter, parseDocument } from 'yaml';

export type YamlResult =
  | {
      readonly ok: true;
      /** Plain data. An empty text is null. */
      readonly value: unknown;
      /** Line of what stands at that path, from 1; of the nearest around it where there is no such thing. */
      lineAt(path: readonly (string | number)[]): number;
    }
  | { readonly ok: false; readonly line: number; readonly reason: string };

/** What an alias may come to; people who repeat themselves need a handful, a bomb millions. */
const MAX_ALIASES = 50;

const options = {
  schema: 'core',
  // `!!binary` and its like build other things than data.
  resolveKnownTags: false,
  prettyErrors: false,
} as const;

export function readYaml(text: string): YamlResult {
  const lines = new LineCounter();
  try {
    const document = parseDocument(text, { ...options, lineCounter: lines });
    const problem = document.errors[0] ?? document.warnings[0];
    if (problem) return { ok: false, line: lineOf(lines, problem.pos[0]), reason: problem.message };
    const value: unknown = document.toJS({ maxAliasCount: MAX_ALIASES });
    return {
      ok: true,
      value,
      lineAt: (path) => {
        for (let length = path.length; length > 0; length -= 1) {
          const node: unknown = document.getIn(path.slice(0, length), true);
          const range = node !== null && typeof node === 'object' && Reflect.get(node, 'range');
          if (Array.isArray(range)) return lineOf(lines, Number(range[0]));
        }
        return 1;
      },
    };
  } catch (error) {
    // Too many aliases, or brackets nested until the stack ends.
    return { ok: false, line: 1, reason: error instanceof Error ? error.message : String(error) };
  }
}

function lineOf(lines: LineCounter, offset: number): number {
  return Math.max(1, lines.linePos(offset).line);
}

/** `name: text` where the text is sure to be just that: no quotes, comments, numbers, or what goes on in the next line. */
const PLAIN_LINE = /^([A-Za-z_][\w-]*):(?: +([A-Za-z](?:[ !"$-9;-~]|:(?=[!-~]))*?))? *$/;
/** Words that are no text. */
const NO_TEXT = /^(?:null|true|false)$/i;

/** What `readYaml` makes of the text, thirty times as fast, where it is as plain as frontmatters mostly are; else undefined. */
export function readPlainYaml(text: string): YamlResult | undefined {
  const value: Record<string, string | null> = Object.create(null);
  const lineOfName = new Map<unknown, number>();
  for (const [index, line] of text.split(/\r\n|\n/).entries()) {
    if (line === '') continue;
    const [, name, found = null] = PLAIN_LINE.exec(line) ?? [];
    if (name === undefined || name in value || NO_TEXT.test(name) || NO_TEXT.test(found ?? ''))
      return undefined;
    value[name] = found;
    lineOfName.set(name, index + 1);
  }
  return { ok: true, value, lineAt: ([name]) => lineOfName.get(name) ?? 1 };
}

/** Whether it is a mapping. */
export function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return value !== null && typeof value === 'object' && !Array.isArray(value);
}
