/** The version of this package, from its own manifest: the same place in `src/` and in `dist/`. */
import { readFileSync } from 'node:fs';

export function readVersion(): string {
  const manifest = readFileSync(new URL('../../package.json', import.meta.url), 'utf8');
  return (JSON.parse(manifest) as { version: string }).version;
}
