/** Warnings as the tests of translation read them: which path one names, and all of them as text. */
import type { Warning } from '../chat.ts';

export type Named = (path: string) => boolean;

/** A warning names a path when it stands at it, above it or below it. */
export function namedBy(warnings: readonly Warning[]): Named {
  const isBelow = (path: string, above: string) =>
    path === above || (path.startsWith(above) && /[.[]/.test(path[above.length]!));
  return (path) => warnings.some((warning) => isBelow(path, warning.path) || isBelow(warning.path, path));
}

/** The warnings of many samples as text, one block each: readable in a review. */
export function listWarnings(samples: readonly { name: string; warnings: readonly Warning[] }[]): string {
  const line = ({ kind, path, note }: Warning) => `  ${kind.padEnd(12)} ${path}: ${note}`;
  const blocks = samples.map(({ name, warnings }) => {
    const lines = warnings.length === 0 ? ['  nothing'] : [...new Set(warnings.map(line))];
    return [name, ...lines].join('\n');
  });
  return `${blocks.join('\n\n')}\n`;
}
