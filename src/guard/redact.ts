/**
 * Takes out of a text what should not be kept: secrets and what tells of a person, each replaced by `[kind]`. Pure, in
 * time linear in the text.
 */
import { createFinder, type Finding } from './finding.ts';
import { findNumbers, numberRules, personalRules } from './personal-rules.ts';
import { secretRules } from './secret-rules.ts';

export interface Redacted {
  readonly text: string;
  /** How many stretches were taken out. */
  readonly count: number;
}

const findByTriggers = createFinder([...secretRules, ...personalRules]);
const hasDigits = /\d{2}/;

/** In order, without overlaps. */
export function findSensitive(text: string): readonly Finding[] {
  const found = [...findByTriggers(text)];
  if (hasDigits.test(text))
    for (const rule of numberRules)
      for (const span of findNumbers(text, rule)) found.push({ kind: rule.kind, ...span });
  return withoutOverlaps(found);
}

/** Of those that overlap one, which reaches from the first's start to the last's end. */
function withoutOverlaps(found: readonly Finding[]): readonly Finding[] {
  const merged: Finding[] = [];
  for (const next of found.toSorted((a, b) => a.start - b.start)) {
    const last = merged.at(-1);
    if (!last || next.start >= last.end) merged.push(next);
    else if (next.end > last.end) merged[merged.length - 1] = { ...last, end: next.end };
  }
  return merged;
}

/** The same text where there is nothing to take out. */
export function redactText(text: string): Redacted {
  const found = findSensitive(text);
  if (found.length === 0) return { text, count: 0 };
  let kept = '';
  let at = 0;
  for (const { kind, start, end } of found) {
    kept += `${text.slice(at, start)}[${kind}]`;
    at = end;
  }
  return { text: kept + text.slice(at), count: found.length };
}
