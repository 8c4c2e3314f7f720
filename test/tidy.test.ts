/** What keeps the house readable: lengths, names, first lines, and words that do not belong in a finished source. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import ts from 'typescript';
import { describe, expect, it } from 'vitest';
import {
  lineOf,
  listFiles,
  parseSource,
  ROOT,
  readSources,
  type SourceFile,
  walkTree,
} from './support/source-tree.ts';

const MAX_FILE_LINES = 400;
const MAX_FUNCTION_LINES = 70;
/** AGENTS.md is read before every piece of work; what is longer is skimmed. */
const MAX_AGENTS_LINES = 120;

/** Names that say nothing and so invite everything. */
const EMPTY_NAMES = /^(utils?|helpers?|common|shared|misc|services?|types|managers?|lib|core)$/;
/** Split in two so that this file may name them. */
const UNFINISHED = new RegExp(`\\b(${['TO', 'FIX'].map((half, i) => half + ['DO', 'ME'][i]).join('|')})\\b`);
/** The one class that is no Error: its private field is what makes it unprintable. */
const CLASS_ALLOWED = ['src/base/secret.ts'];

/**
 * Breaches that are tolerated for now, as `file: rule`. This list may only shrink: an entry that no longer
 * matches anything fails the test.
 */
const EXCEPTIONS: readonly string[] = [];

interface Breach {
  readonly file: string;
  readonly line: number;
  readonly rule: string;
}

type Rule = (file: SourceFile) => Breach[];

const isTest = (path: string): boolean => path.endsWith('.test.ts');
const isProduct = (path: string): boolean => path.startsWith('src/') && !isTest(path);

/** Breaches of one rule, one for each node that `judge` has something to say about. */
function inspectNodes(file: SourceFile, judge: (node: ts.Node) => string | undefined): Breach[] {
  const breaches: Breach[] = [];
  walkTree(file, (node) => {
    const rule = judge(node);
    if (rule !== undefined) breaches.push({ file: file.path, line: lineOf(file, node), rule });
  });
  return breaches;
}

const fileLength: Rule = ({ path, text }) => {
  const lines = text.trimEnd().split('\n').length;
  if (lines <= MAX_FILE_LINES) return [];
  return [{ file: path, line: MAX_FILE_LINES + 1, rule: `${lines} lines, at most ${MAX_FILE_LINES}` }];
};

const functionLength: Rule = (file) =>
  inspectNodes(file, (node) => {
    if (!ts.isFunctionLike(node) || !('body' in node) || !node.body || isSuite(node)) return undefined;
    const lines = file.tree.getLineAndCharacterOfPosition(node.end).line + 2 - lineOf(file, node);
    if (lines <= MAX_FUNCTION_LINES) return undefined;
    return `function ${nameOf(node)} has ${lines} lines, at most ${MAX_FUNCTION_LINES}`;
  });

/** The callback of `describe` is a table of contents, not a function one reads as a whole. */
function isSuite(node: ts.Node): boolean {
  return (
    ts.isCallExpression(node.parent) &&
    /^describe\b/.test(node.parent.expression.getText(node.getSourceFile()))
  );
}

function nameOf(node: ts.SignatureDeclaration): string {
  if (node.name) return node.name.getText();
  return ts.isVariableDeclaration(node.parent) ? node.parent.name.getText() : '(unnamed)';
}

const noAny: Rule = (file) =>
  inspectNodes(file, (node) =>
    node.kind === ts.SyntaxKind.AnyKeyword ? '`any`: use `unknown` and look at it' : undefined,
  );

const noClasses: Rule = (file) =>
  inspectNodes(file, (node) => {
    if (!isProduct(file.path) || !ts.isClassLike(node) || CLASS_ALLOWED.includes(file.path)) return undefined;
    const parent = node.heritageClauses?.[0]?.types[0]?.expression.getText(file.tree) ?? '';
    return parent.endsWith('Error') ? undefined : 'a class that is no Error: use a function and data';
  });

const noConsole: Rule = (file) =>
  inspectNodes(file, (node) => {
    if (!isProduct(file.path) || file.path.startsWith('src/cli/')) return undefined;
    const isConsole = ts.isPropertyAccessExpression(node) && node.expression.getText(file.tree) === 'console';
    return isConsole ? 'console is for the CLI: pass a Log in' : undefined;
  });

const firstLine: Rule = ({ path, text }) => {
  if (!path.startsWith('src/') && !path.startsWith('test/')) return [];
  const lines = text.split('\n');
  const first = lines[0]?.startsWith('#!') ? 1 : 0;
  // The purpose may stand on the line after a lone `/**`.
  const opening = `${lines[first] ?? ''} ${lines[first + 1] ?? ''}`;
  const isComment = /^\s*\/[/*]/.test(lines[first] ?? '') && /^\s*\/[/*]+[\s*]*[\w`]/.test(opening);
  return isComment
    ? []
    : [{ file: path, line: first + 1, rule: 'the first line must say what the file is for' }];
};

const noUnfinished: Rule = ({ path, text }) =>
  text
    .split('\n')
    .flatMap((line, index) =>
      UNFINISHED.test(line)
        ? [{ file: path, line: index + 1, rule: 'unfinished: do it or open an issue' }]
        : [],
    );

const RULES: readonly Rule[] = [
  fileLength,
  functionLength,
  noAny,
  noClasses,
  noConsole,
  firstLine,
  noUnfinished,
];

/** Paths with a part that says nothing, or that is not kebab-case. */
function findBadNames(paths: readonly string[]): string[] {
  return paths.flatMap((path) => {
    const parts = path.split('/').slice(1);
    const empty = parts.find((part) => EMPTY_NAMES.test(part.split('.')[0]!));
    if (empty !== undefined) return [`${path}: the name ${empty} says nothing: name the meaning`];
    const bad =
      path.endsWith('.ts') && parts.find((part) => !/^[a-z0-9]+(-[a-z0-9]+)*(\.test)?(\.ts)?$/.test(part));
    return bad ? [`${path}: ${bad} is not kebab-case`] : [];
  });
}

function show(breach: Breach): string {
  return `${breach.file}:${breach.line}: ${breach.rule}`;
}

/** Breaches not excepted, and exceptions that excuse nothing any more. */
function judge(breaches: readonly Breach[], exceptions: readonly string[]): string[] {
  const excuses = (entry: string, breach: Breach) => entry === `${breach.file}: ${breach.rule}`;
  const open = breaches.filter((breach) => !exceptions.some((entry) => excuses(entry, breach)));
  const stale = exceptions.filter((entry) => !breaches.some((breach) => excuses(entry, breach)));
  return [...open.map(show), ...stale.map((entry) => `exception no longer needed, remove it: ${entry}`)];
}

describe('the tree', () => {
  it('is tidy', () => {
    const files = readSources(['src', 'test', 'bench']);
    const breaches = files.flatMap((file) => RULES.flatMap((rule) => rule(file)));
    expect(judge(breaches, EXCEPTIONS)).toEqual([]);
  });
  it('has names that mean something', () => {
    expect(findBadNames(listFiles(['src', 'test', 'bench']))).toEqual([]);
  });
  it('has an AGENTS.md that is read to its end', () => {
    const lines = readFileSync(join(ROOT, 'AGENTS.md'), 'utf8').split('\n').length;
    expect(lines).toBeLessThanOrEqual(MAX_AGENTS_LINES);
  });
});

describe('the rules themselves', () => {
  const purpose = '// What it is for.\n';
  const body = (lines: number): string => '\n'.repeat(lines);
  const cases: readonly [name: string, path: string, text: string, found: string | undefined][] = [
    ['a long file', 'src/base/a.ts', purpose + 'x;\n'.repeat(400), ':401: 401 lines'],
    ['a file at the limit', 'src/base/a.ts', purpose + 'x;\n'.repeat(399), undefined],
    ['a long function', 'src/a.ts', `${purpose}function f() {${body(70)}}`, ':2: function f has 71 lines'],
    ['a function at the limit', 'src/a.ts', `${purpose}function f() {${body(69)}}`, undefined],
    ['a long arrow', 'src/a.ts', `${purpose}const g = () => {${body(70)}};`, 'function g has 71'],
    ['a long method', 'src/a.ts', `${purpose}const o = { m() {${body(70)}} };`, 'function m has 71'],
    ['a suite', 'src/a.test.ts', `${purpose}describe('x', () => {${body(90)}});`, undefined],
    ['a long test', 'src/a.test.ts', `${purpose}it('x', () => {${body(90)}});`, '(unnamed) has 91'],
    ['any', 'src/a.ts', `${purpose}let x: any;`, ':2: `any`'],
    ['any in a cast', 'test/a.ts', `${purpose}f(x as any);`, '`any`'],
    ['any as a word', 'src/a.ts', `${purpose}const any = 'any'; // any`, undefined],
    ['a class', 'src/a.ts', `${purpose}class A {}`, 'no Error'],
    ['a class that extends no error', 'src/a.ts', `${purpose}const A = class extends B {};`, 'no Error'],
    ['an error class', 'src/a.ts', `${purpose}class A extends WireError {}`, undefined],
    ['console', 'src/gateway/a.ts', `${purpose}console.error(1);`, 'pass a Log in'],
    ['console in the CLI', 'src/cli/a.ts', `${purpose}console.log(1);`, undefined],
    ['no first comment', 'src/a.ts', 'const x = 1;', ':1: the first line'],
    ['an empty first comment', 'src/a.ts', '/** */\nconst x = 1;', ':1: the first line'],
    ['a block whose words come next', 'src/a.ts', '/**\n * Words.\n */', undefined],
    ['a shebang and a comment', 'src/a.ts', `#!/usr/bin/env node\n${purpose}`, undefined],
    ['a shebang alone', 'src/a.ts', '#!/usr/bin/env node\nconst x = 1;', ':2: the first line'],
    ['unfinished work', 'src/a.ts', `${purpose}// TO${'DO'}: later`, ':2: unfinished'],
  ];
  it.each(cases)('%s', (_name, path, text, found) => {
    const file = parseSource(path, text);
    const breaches = RULES.flatMap((rule) => rule(file)).map(show);
    expect(breaches).toEqual(found === undefined ? [] : [expect.stringContaining(found)]);
  });

  it.each([
    ['src/utils/a.ts', 'utils says nothing'],
    ['src/base/helpers.ts', 'helpers.ts says nothing'],
    ['src/wire/types/x.ts', 'types says nothing'],
    ['src/gateway/common.test.ts', 'common.test.ts says nothing'],
    ['src/gateway/readBody.ts', 'readBody.ts is not kebab-case'],
    ['src/gateway/read-body.test.ts', undefined],
  ])('names %s', (path, found) => {
    expect(findBadNames([path])).toEqual(found === undefined ? [] : [expect.stringContaining(found)]);
  });

  it('keeps the list of exceptions honest', () => {
    const breaches = [{ file: 'a.ts', line: 3, rule: 'long' }];
    expect(judge(breaches, [])).toEqual(['a.ts:3: long']);
    expect(judge(breaches, ['a.ts: long'])).toEqual([]);
    expect(judge([], ['a.ts: long'])).toEqual(['exception no longer needed, remove it: a.ts: long']);
  });
});
