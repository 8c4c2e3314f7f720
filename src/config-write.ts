/** Writes a configuration as YAML that people go on with. */
import { stringify } from 'yaml';

/** @param head lines of comment above it */
export function writeConfigText(config: object, head: readonly string[]): string {
  const comment = head.map((line) => (line === '' ? '#' : `# ${line}`)).join('\n');
  return `${comment}\n${stringify(config, { lineWidth: 110, defaultStringType: 'PLAIN' })}`;
}
