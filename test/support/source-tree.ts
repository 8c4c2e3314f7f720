/** Reads the checkout as syntax trees, for the tests that hold the walls: which files there are and what they import. */
import { readdirSync, readFileSync } from 'node:fs';
import { join, relative, sep } from 'node:path';
import { fileURLToPath } from 'node:url';
import ts from 'typescript';

export const ROOT = fileURLToPath(new URL('../..', import.meta.url));

/** One TypeScript file. `path` is relative to the checkout, with forward slashes. */
export interface SourceFile {
  readonly path: string;
  readonly text: string;
  readonly tree: ts.SourceFile;
}

/** One reference to another module, however it is written. */
export interface Import {
  readonly specifier: string;
  /** From 1. */
  readonly line: number;
  /** Erased by the compiler: `import type`, `export type … from`, `import('…').T`. */
  readonly isTypeOnly: boolean;
}

/** Parses a source that may exist only in a test. */
export function parseSource(path: string, text: string): SourceFile {
  return { path, text, tree: ts.createSourceFile(path, text, ts.ScriptTarget.ES2023, true) };
}

/** All `.ts` files below the given folders of the checkout, sorted; fixtures, caches and installed packages left out. */
export function readSources(folders: readonly string[]): SourceFile[] {
  return listFiles(folders)
    .filter((path) => path.endsWith('.ts'))
    .map((path) => parseSource(path, readFileSync(join(ROOT, path), 'utf8')));
}

/** Paths of all files below the given folders, sorted. A folder that is not there has no files. */
export function listFiles(folders: readonly string[]): string[] {
  const skipped = new Set(['node_modules', 'dist', '.cache', '__fixtures__', '__snapshots__']);
  const walk = (folder: string): string[] =>
    readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
      if (skipped.has(entry.name)) return [];
      const path = join(folder, entry.name);
      return entry.isDirectory() ? walk(path) : [relative(ROOT, path).split(sep).join('/')];
    });
  return folders.flatMap((folder) => walk(join(ROOT, folder))).sort();
}

/** Line of a node's first token, from 1. */
export function lineOf(file: SourceFile, node: ts.Node): number {
  return file.tree.getLineAndCharacterOfPosition(node.getStart(file.tree)).line + 1;
}

/** Calls `visit` on every node of the file. */
export function walkTree(file: SourceFile, visit: (node: ts.Node) => void): void {
  const step = (node: ts.Node): void => {
    visit(node);
    ts.forEachChild(node, step);
  };
  step(file.tree);
}

/** Every static, dynamic, type and re-exporting import of a file, and `require` with a literal. */
export function readImports(file: SourceFile): Import[] {
  const found: Import[] = [];
  walkTree(file, (node) => {
    const target = targetOf(node);
    if (target) found.push({ ...target, line: lineOf(file, node) });
  });
  return found;
}

/** A computed target cannot be held by any wall, so it is given as the specifier `(computed)`. */
function targetOf(node: ts.Node): Omit<Import, 'line'> | undefined {
  if (ts.isImportDeclaration(node)) {
    return { specifier: literal(node.moduleSpecifier), isTypeOnly: node.importClause?.isTypeOnly ?? false };
  }
  if (ts.isExportDeclaration(node) && node.moduleSpecifier) {
    return { specifier: literal(node.moduleSpecifier), isTypeOnly: node.isTypeOnly };
  }
  if (ts.isImportTypeNode(node)) {
    const argument = ts.isLiteralTypeNode(node.argument) ? node.argument.literal : node.argument;
    return { specifier: literal(argument), isTypeOnly: true };
  }
  if (ts.isImportEqualsDeclaration(node) && ts.isExternalModuleReference(node.moduleReference)) {
    return { specifier: literal(node.moduleReference.expression), isTypeOnly: node.isTypeOnly };
  }
  if (ts.isCallExpression(node) && isLoader(node.expression)) {
    return { specifier: literal(node.arguments[0]), isTypeOnly: false };
  }
  return undefined;
}

function isLoader(callee: ts.Expression): boolean {
  return (
    callee.kind === ts.SyntaxKind.ImportKeyword || (ts.isIdentifier(callee) && callee.text === 'require')
  );
}

function literal(node: ts.Node | undefined): string {
  return node && ts.isStringLiteralLike(node) ? node.text : '(computed)';
}
