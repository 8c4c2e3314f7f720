/** Ends a relayed stream before its end: with the line that says so and counts. */
import type { JsonObject, Usage } from '../chat.ts';
import type { StreamCutter } from '../format.ts';
import { present } from '../json.ts';
import { readLineError } from './error.ts';
import { readLine } from './line.ts';
import { createLineScan, type LineScan } from './scan-lines.ts';
import { writeUsage } from './usage.ts';

const ANY = /\{/g;
const TELLING = /"done"[ \t]*:[ \t]*true|"error"[ \t]*:/g;

interface CutState {
  /** What each line repeats; undefined until the first. */
  head: JsonObject | undefined;
  isOver: boolean;
}

export function createCutter(): StreamCutter {
  const state: CutState = { head: undefined, isOver: false };
  const scan: LineScan = createLineScan(ANY, (text) => {
    const line = readLine(text);
    if (!line) return;
    state.isOver ||= line.done === true || readLineError(line) !== undefined;
    state.head ??= present({ model: line.model, created_at: line.created_at });
    scan.find(TELLING);
  });
  return { push: (bytes) => scan.push(bytes), cut: (usage) => cut(state, usage) };
}

function cut({ head, isOver }: CutState, usage: Usage): string | undefined {
  if (!head || isOver) return undefined;
  const line = {
    ...head,
    message: { role: 'assistant', content: '' },
    done: true,
    done_reason: 'length',
    ...writeUsage(usage, false),
  };
  return `${JSON.stringify(line)}\n`;
}
