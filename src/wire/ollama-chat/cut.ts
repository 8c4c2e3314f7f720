/** Ends a relayed stream before its end: with the line that says so and counts. */
import type { JsonObject, Usage } from '../chat.ts';
import type { StreamCutter } from '../format.ts';
import { present } from '../json.ts';
import { readLineError } from './error.ts';
import { readLine } from './line.ts';
import { writeUsage } from './usage.ts';

const TELLING = /"done"[ \t]*:[ \t]*true|"error"[ \t]*:/;

interface CutState {
  /** What each line repeats; undefined until the first. */
  head: JsonObject | undefined;
  isOver: boolean;
}

export function createCutter(): StreamCutter {
  const state: CutState = { head: undefined, isOver: false };
  return { read: (frame) => takeLine(state, frame.data), skip() {}, cut: (usage) => cut(state, usage) };
}

function takeLine(state: CutState, text: string): void {
  const line = state.head && !TELLING.test(text) ? undefined : readLine(text);
  if (!line) return;
  state.isOver ||= line.done === true || readLineError(line) !== undefined;
  state.head ??= present({ model: line.model, created_at: line.created_at });
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
