/** The thread of config-yaml-thread.ts: parses one text after the other. */
import { parentPort } from 'node:worker_threads';
import { parseWithLines } from './config-yaml.ts';

export interface Task {
  readonly id: number;
  readonly text: string;
}

/** As JSON: reading that back costs the receiver less than a structured clone. */
export type Answer = { readonly id: number } & (
  | { readonly kind: 'parsed'; readonly value: string; readonly lines: string }
  | { readonly kind: 'invalid'; readonly message: string }
);

parentPort!.on('message', (task: Task) => parentPort!.postMessage(answer(task)));

function answer({ id, text }: Task): Answer {
  try {
    const { value, lines } = parseWithLines(text);
    return { id, kind: 'parsed', value: JSON.stringify(value ?? null), lines: JSON.stringify([...lines]) };
  } catch (error) {
    return { id, kind: 'invalid', message: error instanceof Error ? error.message : String(error) };
  }
}
