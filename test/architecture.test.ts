/** The walls of the house: who may import whom, which room may use which package, and no circles. */
import { existsSync, readFileSync } from 'node:fs';
import { join, posix } from 'node:path';
import { describe, expect, it } from 'vitest';
import {
  DOORS,
  FORMATS,
  PACKAGES,
  PURE_ROOMS,
  RISKY_BUILTINS,
  ROOMS,
  TEST_TOOLS,
  TOOLS,
  TYPES_ONLY,
} from './support/house-plan.ts';
import { parseSource, ROOT, readImports, readSources, type SourceFile } from './support/source-tree.ts';

function roomOf(path: string): string {
  const [, folder = '', ...below] = path.split('/');
  return below.length > 0 ? folder : folder.replace(/[-.].*$/, '');
}

function isTest(path: string): boolean {
  return path.endsWith('.test.ts');
}

function packageOf(specifier: string): string {
  return specifier
    .split('/')
    .slice(0, specifier.startsWith('@') ? 2 : 1)
    .join('/');
}

/** Path of a relative import inside the checkout. */
function resolveImport(from: string, specifier: string): string {
  return posix.join(posix.dirname(from), specifier);
}

/** Everything the file imports that it may not, as `file:line: rule`. */
function findBreaches(file: SourceFile): string[] {
  return readImports(file).flatMap(({ specifier, line, isTypeOnly }) => {
    const rule = specifier.startsWith('.')
      ? judgeRelative(file.path, specifier, isTypeOnly)
      : judgePackage(file.path, specifier);
    return rule === undefined ? [] : [`${file.path}:${line}: ${rule}`];
  });
}

function judgeRelative(path: string, specifier: string, isTypeOnly: boolean): string | undefined {
  const target = resolveImport(path, specifier);
  // Types that are made from something else have no purpose line, no size, and nothing to run.
  if (!/\.(ts|json)$/.test(target) && !(isTypeOnly && target.endsWith('.d.mts')))
    return `import ${specifier} must name a file with its .ts extension`;
  if (!target.startsWith('src/')) {
    const isAllowed = isTest(path) && target.startsWith('test/');
    return isAllowed ? undefined : `${target} is outside src; only tests may import test/`;
  }
  const from = roomOf(path);
  const to = roomOf(target);
  if (from === to || DOORS[path]?.includes(to)) return undefined;
  const allowed = ROOMS[from];
  if (!allowed) return `room ${from} is not in the table of who may import whom`;
  if (allowed.includes(to)) return undefined;
  if (TYPES_ONLY[from]?.includes(to)) {
    return isTypeOnly ? undefined : `${from} may import types only of ${to}: write \`import type\``;
  }
  return `${from} may not import ${to} (may: ${[...allowed, ...(TYPES_ONLY[from] ?? [])].join(', ') || 'nothing'})`;
}

function judgePackage(path: string, specifier: string): string | undefined {
  const room = roomOf(path);
  if (specifier === '(computed)') return 'a computed import cannot be held by any wall: name the module';
  if (specifier.startsWith('node:')) return isTest(path) ? undefined : judgeBuiltin(room, specifier);
  const name = packageOf(specifier);
  if (isTest(path) && TEST_TOOLS.includes(name)) return undefined;
  const rooms = PACKAGES[name];
  if (!rooms) return `package ${name} is not in the table of packages (builtins are written node:…)`;
  return rooms.includes(room) ? undefined : `${room} may not use ${name} (only: ${rooms.join(', ')})`;
}

function judgeBuiltin(room: string, specifier: string): string | undefined {
  const pure = PURE_ROOMS[room];
  if (pure && !pure.includes(specifier)) return `${room} is pure and may not use ${specifier}`;
  const rooms = RISKY_BUILTINS[specifier];
  if (!rooms || rooms.includes(room)) return undefined;
  return `${room} may not use ${specifier} (only: ${rooms.join(', ') || 'nobody'})`;
}

/** The formats a file of a format's folder imports, or (tests apart) names, that are not its own. */
function findStrangers(file: SourceFile): string[] {
  const [, room, own = ''] = file.path.split('/');
  if (room !== 'wire' || !FORMATS.includes(own)) return [];
  const imported = readImports(file).map(({ specifier }) => resolveImport(file.path, specifier));
  return FORMATS.filter((format) => format !== own).flatMap((format) => {
    const isImported = imported.some((path) => path.startsWith(`src/wire/${format}/`));
    const isNamed = !isTest(file.path) && new RegExp(`['"\`]${format}['"\`]`).test(file.text);
    return [
      ...(isImported ? [`${file.path}: ${own} may not import ${format}`] : []),
      ...(isNamed ? [`${file.path}: ${own} may not name ${format}`] : []),
    ];
  });
}

/** Circles between files, each as `a -> b -> a`; one per group of files that hang together. */
function findCircles(files: readonly SourceFile[]): string[] {
  const arrows = new Map(
    files.map((file) => [
      file.path,
      readImports(file)
        .filter(({ specifier }) => specifier.startsWith('.'))
        .map(({ specifier }) => resolveImport(file.path, specifier)),
    ]),
  );
  const circles: string[] = [];
  const finished = new Set<string>();
  const trail: string[] = [];
  const walk = (path: string): void => {
    const start = trail.indexOf(path);
    if (start >= 0) circles.push([...trail.slice(start), path].join(' -> '));
    if (start >= 0 || finished.has(path)) return;
    trail.push(path);
    for (const next of arrows.get(path) ?? []) walk(next);
    trail.pop();
    finished.add(path);
  };
  for (const path of arrows.keys()) walk(path);
  return circles;
}

interface Manifest {
  readonly dependencies: Readonly<Record<string, string>>;
  readonly devDependencies: Readonly<Record<string, string>>;
}

function readManifest(): Manifest {
  return JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')) as Manifest;
}

/** Version texts that are not one exact version. */
function findUnpinned(manifest: Manifest): string[] {
  return Object.entries({ ...manifest.dependencies, ...manifest.devDependencies })
    .filter(([, version]) => !/^(npm:(@[\w-]+\/)?[\w.-]+@)?\d+\.\d+\.\d+(-[\w.]+)?$/.test(version))
    .map(([name, version]) => `${name}: ${version} is a range; write one exact version`);
}

/** Installed packages that nothing imports, and run-time packages that only tests import. */
function findUnused(manifest: Manifest, files: readonly SourceFile[]): string[] {
  const importsOf = (chosen: readonly SourceFile[]) =>
    new Set(chosen.flatMap((file) => readImports(file).map((found) => packageOf(found.specifier))));
  const shipped = importsOf(files.filter((file) => file.path.startsWith('src/') && !isTest(file.path)));
  const all = importsOf(files);
  const idle = (names: readonly string[], used: ReadonlySet<string>, where: string) =>
    names.filter((name) => !used.has(name) && !TOOLS[name]).map((name) => `${name}: no file ${where} it`);
  return [
    ...idle(Object.keys(manifest.dependencies), shipped, 'in src imports'),
    ...idle(Object.keys(manifest.devDependencies), all, 'imports'),
  ];
}

describe('the tree', () => {
  const sources = readSources(['src']);
  const everything = [...sources, ...readSources(['test', 'bench'])];

  it('has something to hold', () => {
    expect(sources.length).toBeGreaterThan(10);
  });
  it('imports only what the table allows', () => {
    expect(sources.flatMap(findBreaches)).toEqual([]);
  });
  it('has wire formats that know nothing of each other', () => {
    expect(sources.flatMap(findStrangers)).toEqual([]);
  });
  it('imports only files that are there', () => {
    const missing = everything.flatMap((file) =>
      readImports(file)
        .filter(({ specifier }) => specifier.startsWith('.') && !specifier.startsWith('../dist'))
        .filter(({ specifier }) => !existsSync(join(ROOT, resolveImport(file.path, specifier))))
        .map(({ specifier, line }) => `${file.path}:${line}: ${specifier} is not there`),
    );
    expect(missing).toEqual([]);
  });
  it('has no circles', () => {
    expect(findCircles(everything)).toEqual([]);
  });
  it('pins every package exactly', () => {
    expect(findUnpinned(readManifest())).toEqual([]);
  });
  it('uses every package it installs', () => {
    expect(findUnused(readManifest(), everything)).toEqual([]);
  });
});

describe('the wall itself', () => {
  const rules: readonly [name: string, path: string, source: string, rule: string | undefined][] = [
    [
      'an arrow back up',
      'src/base/a.ts',
      "import { x } from '../wire/chat.ts';",
      'base may not import wire (may: nothing)',
    ],
    ['a type import', 'src/wire/a.ts', "import type { Id } from '../base/ids.ts';", 'wire may not import'],
    ['an import type node', 'src/wire/a.ts', "type T = import('../base/ids.ts').Id;", 'wire may not import'],
    ['a dynamic import', 'src/route/a.ts', "await import('../store/db.ts');", 'route may not import store'],
    ['a re-export', 'src/health/a.ts', "export * from '../guard/x.ts';", 'health may not import guard'],
    ['a type re-export', 'src/store/a.ts', "export type { X } from '../ledger/x.ts';", 'store may not'],
    ['a file beside the rooms', 'src/store/a.ts', "import { c } from '../config.ts';", 'store may not'],
    ['the server', 'src/cli/keys.ts', "import { s } from '../server.ts';", 'cli may not import server'],
    [
      'the CLI taking values',
      'src/cli/keys.ts',
      "import { a } from '../admin/app.ts';",
      'write `import type`',
    ],
    [
      'an inline type specifier, which leaves an import behind',
      'src/cli/keys.ts',
      "import { type A } from '../admin/app.ts';",
      'write `import type`',
    ],
    ['an unknown room', 'src/utils/a.ts', "import { x } from '../base/ids.ts';", 'room utils is not in'],
    ['a package of another room', 'src/gateway/a.ts', "import { request } from 'undici';", 'only: upstream'],
    ['a sub-path of a package', 'src/gateway/a.ts', "import x from '@hono/node-server/x';", 'only: server'],
    ['a package nobody listed', 'src/base/a.ts', "import x from 'lodash';", 'package lodash is not in'],
    ['a builtin without its prefix', 'src/store/a.ts', "import fs from 'fs';", 'written node:'],
    ['a risky builtin', 'src/upstream/a.ts', "import http from 'node:http';", 'only: gateway, server'],
    ['a program started', 'src/server.ts', "import { spawn } from 'node:child_process';", 'only: cli'],
    ['a builtin in a pure room', 'src/route/a.ts', "import os from 'node:os';", 'route is pure'],
    ['require', 'src/base/a.ts', "const x = require('lodash');", 'package lodash is not in'],
    ['a computed import', 'src/cli/a.ts', 'await import(name);', 'computed import'],
    ['a missing extension', 'src/base/a.ts', "import x from './ids';", '.ts extension'],
    ['made types', 'src/client/a.ts', "import type { X } from './paths.d.mts';", undefined],
    ['made types as values', 'src/client/a.ts', "import { X } from './paths.d.mts';", '.ts extension'],
    ['a test tool in the product', 'src/base/a.ts', "import { it } from 'vitest';", 'package vitest'],
    ['test support in the product', 'src/base/a.ts', "import x from '../../test/x.ts';", 'outside src'],
    ['its own room, in files', 'src/config.ts', "import x from './config-schema.ts';", undefined],
    ['its own room', 'src/wire/a.ts', "import x from './chat.ts';", undefined],
    ['an allowed room', 'src/ledger/a.ts', "import x from '../catalog/price.ts';", undefined],
    ['the CLI taking types', 'src/cli/keys.ts', "import type { A } from '../admin/app.ts';", undefined],
    ['the one door', 'src/cli/serve.ts', "import { startServer } from '../server.ts';", undefined],
    ['test tools in a test', 'src/base/a.test.ts', "import { it } from 'vitest';", undefined],
  ];
  it.each(rules)('%s', (_name, path, source, rule) => {
    const breaches = findBreaches(parseSource(path, `// first line\n${source}`));
    if (rule === undefined) expect(breaches).toEqual([]);
    else expect(breaches).toEqual([expect.stringContaining(rule)]);
    if (rule !== undefined) expect(breaches[0]).toMatch(new RegExp(`^${path}:2: `));
  });

  it.each([
    ['another format', 'a.ts', "import type { T } from '../openai-chat/turns.ts';", ['import openai-chat']],
    ['another format in a test', 'a.test.ts', "import '../openai-chat/turns.ts';", ['import openai-chat']],
    ["another format's name", 'a.ts', "const is = format === 'openai-chat';", ['name openai-chat']],
    ["another format's name in a test", 'a.test.ts', "const is = 'openai-chat';", []],
    ['what all formats share, and its own', 'a.ts', "import '../json.ts';\nimport './b.ts';", []],
  ])('of a format: %s', (_name, file, source, rules) => {
    const found = findStrangers(parseSource(`src/wire/ollama-chat/${file}`, source));
    expect(found).toEqual(rules.map((rule) => expect.stringContaining(`ollama-chat may not ${rule}`)));
  });

  it('shows a circle, type imports included', () => {
    const files = [
      parseSource('src/base/a.ts', "import type { B } from './b.ts';"),
      parseSource('src/base/b.ts', "export { c } from './c.ts';"),
      parseSource('src/base/c.ts', "const a = import('./a.ts');"),
      parseSource('src/base/d.ts', "import './a.ts';"),
    ];
    expect(findCircles(files)).toEqual(['src/base/a.ts -> src/base/b.ts -> src/base/c.ts -> src/base/a.ts']);
  });
  it('sees no circle in a diamond', () => {
    const files = [
      parseSource('src/base/a.ts', "import './b.ts'; import './c.ts';"),
      parseSource('src/base/b.ts', "import './d.ts';"),
      parseSource('src/base/c.ts', "import './d.ts';"),
      parseSource('src/base/d.ts', ''),
    ];
    expect(findCircles(files)).toEqual([]);
  });
  it('knows a range from a version', () => {
    const dependencies = { a: '^1.0.0', b: '1.x', c: '1.2.3', d: 'npm:typescript@7.0.2', e: 'latest' };
    const found = findUnpinned({ dependencies, devDependencies: { f: '~2.0.0', g: '1.0.0-beta.1' } });
    expect(found.map((line) => line.split(':')[0])).toEqual(['a', 'b', 'e', 'f']);
  });
  it('knows a package that only tests use from one that ships', () => {
    const files = [
      parseSource('src/base/a.test.ts', "import 'undici';"),
      parseSource('src/base/a.ts', "import '@hono/zod-openapi/x';"),
    ];
    const manifest = { dependencies: { undici: '1.0.0', '@hono/zod-openapi': '1.0.0' }, devDependencies: {} };
    expect(findUnused(manifest, files)).toEqual(['undici: no file in src imports it']);
  });
});
