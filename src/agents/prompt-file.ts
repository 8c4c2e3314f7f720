/** Parses a Markdown prompt file: YAML frontmatter, then the prompt's text. Nothing is executed, nothing is thrown. */
import { isRecord, readPlainYaml, readYaml, type YamlResult } from './yaml-text.ts';

export interface PromptFile {
  readonly name: string | undefined;
  readonly model: string | undefined;
  readonly fallback: readonly string[];
  readonly description: string | undefined;
  readonly text: string;
  /** Lines are those of the file, from 1. What could be read is there all the same. */
  readonly problems: readonly { readonly line: number; readonly reason: string }[];
}

/** Prompts have some pages; 256 KiB are more than most models take at once. */
export const MAX_PROMPT_BYTES = 256 * 1024;
/** A frontmatter has some lines, with examples in its description a page or two. */
const MAX_FRONTMATTER = 32 * 1024;
/** As long as a ref may be where it is used. */
const MAX_REF = 300;
/** As many as a route may have. */
const MAX_FALLBACK = 20;

const BYTE_ORDER_MARK = '\uFEFF';
/** Three dashes alone on the first line open it, the next such line closes it. */
const OPENING = /^---[ \t]*(?:\r\n|\n|\r)/;
const CLOSING = /(?:^|\r\n|\n|\r)---[ \t]*(?:\r\n|\n|\r|$)/;

export function parsePromptFile(source: string): PromptFile {
  const file = source.startsWith(BYTE_ORDER_MARK) ? source.slice(1) : source;
  const opening = OPENING.exec(file);
  if (!opening) return { ...noFields, text: file };
  const rest = file.slice(opening[0].length);
  const closing = CLOSING.exec(rest);
  if (!closing) {
    const reason = 'the frontmatter has no end: a line with nothing but --- is missing';
    return { ...noFields, text: file, problems: [{ line: 1, reason }] };
  }
  const text = rest.slice(closing.index + closing[0].length);
  return { ...readFields(rest.slice(0, closing.index)), text };
}

const noFields = {
  name: undefined,
  model: undefined,
  fallback: [],
  description: undefined,
  problems: [],
} as const;

type Fields = Omit<PromptFile, 'text'>;
type Found = Extract<YamlResult, { ok: true }>;

/** The frontmatter stands from the file's second line on. */
const LINES_BEFORE = 1;

function readFields(frontmatter: string): Fields {
  if (frontmatter.length > MAX_FRONTMATTER) {
    const reason = `the frontmatter is longer than ${MAX_FRONTMATTER} characters and is not read`;
    return { ...noFields, problems: [{ line: 1, reason }] };
  }
  const yaml = readPlainYaml(frontmatter) ?? readYaml(frontmatter);
  if (yaml.ok) return fieldsOf(yaml);
  const line = yaml.line + LINES_BEFORE;
  const reason = `the frontmatter is no YAML (${yaml.reason}); what its lines say each by itself counts`;
  const loose = fieldsOf(readLoosely(frontmatter));
  return { ...loose, problems: [{ line, reason }, ...loose.problems] };
}

/**
 * Coding agents read such files too, and many are about: a description with `Context: …` in it is no YAML. So what
 * is needed is looked for line by line, each read as YAML of its own.
 */
function readLoosely(frontmatter: string): Found {
  const value: Record<string, unknown> = {};
  const lineOfName = new Map<unknown, number>();
  for (const [index, line] of frontmatter.split(/\r\n|\n|\r/).entries()) {
    const found = /^(name|model|model_fallback)[ \t]*:/.exec(line);
    const yaml = found ? readYaml(line) : undefined;
    if (!found || !yaml?.ok || !isRecord(yaml.value) || found[1]! in value) continue;
    value[found[1]!] = yaml.value[found[1]!];
    lineOfName.set(found[1], index + 1);
  }
  return { ok: true, value, lineAt: ([name]) => lineOfName.get(name) ?? 1 };
}

function fieldsOf({ value, lineAt }: Found): Fields {
  if (value === null || value === undefined) return noFields;
  if (!isRecord(value)) {
    const reason = 'the frontmatter must be names with values, such as `model: openai/gpt-4o`';
    return { ...noFields, problems: [{ line: LINES_BEFORE + 1, reason }] };
  }
  const problems: { line: number; reason: string }[] = [];
  const complain = (name: string, reason: string) => {
    problems.push({ line: lineAt([name]) + LINES_BEFORE, reason: `${name} ${reason}` });
  };
  const model = textAt(value, 'model', MAX_REF, complain);
  const fallback = fallbackAt(value, complain);
  if (fallback.length > 0 && model === undefined) {
    complain('model_fallback', 'has no effect without model: it says what comes after that');
  }
  return {
    name: textAt(value, 'name', MAX_REF, complain),
    model,
    fallback,
    description: textAt(value, 'description', MAX_FRONTMATTER, complain),
    problems,
  };
}

type Complain = (name: string, reason: string) => void;

/** What is there with nothing after its colon is as good as not there. */
function textAt(
  value: Readonly<Record<string, unknown>>,
  name: string,
  limit: number,
  complain: Complain,
): string | undefined {
  const found = Object.hasOwn(value, name) ? value[name] : undefined;
  if (found === undefined || found === null || found === '') return undefined;
  if (typeof found !== 'string') complain(name, 'must be text; put it in quotes');
  else if (found.length > limit) complain(name, `must have at most ${limit} characters`);
  else return found.trim() || undefined;
  return undefined;
}

function fallbackAt(value: Readonly<Record<string, unknown>>, complain: Complain): readonly string[] {
  const name = 'model_fallback';
  const found = Object.hasOwn(value, name) ? value[name] : undefined;
  if (!Array.isArray(found)) {
    const one = textAt(value, name, MAX_REF, complain);
    return one === undefined ? [] : [one];
  }
  const isRight = (ref: unknown): ref is string => typeof ref === 'string' && /^.{1,300}$/.test(ref.trim());
  if (found.length <= MAX_FALLBACK && found.every(isRight)) return found.map((ref) => ref.trim());
  complain(name, `must be a model, or a list of at most ${MAX_FALLBACK} models`);
  return [];
}
