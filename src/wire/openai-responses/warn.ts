/** Warnings: what a renderer could not carry over, as it finds it. */
import type { Extra, Warning } from '../chat.ts';
import { FORMAT } from './loose.ts';

export type Warn = (warning: Warning) => void;

/** One warning for each field only the other format understands. */
export function warnExtra(extra: Extra | undefined, path: string, warn: Warn): void {
  if (!extra || extra.format === FORMAT) return;
  for (const field of Object.keys(extra.fields)) {
    warn({ kind: 'dropped', path: `${path}.${field}`, note: `only ${extra.format} knows this field` });
  }
}
