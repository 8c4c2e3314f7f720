/** Ends a relayed stream before its end: each choice that goes on finishes at its output limit. */
import type { JsonObject, Usage } from '../chat.ts';
import type { CutContext, StreamCutter } from '../format.ts';
import type { Frame } from '../frames.ts';
import { objectsOf, present } from '../json.ts';
import { finishOf, readFrame } from './chunk.ts';
import { readChunkError } from './error.ts';
import { readUsage, writeUsage } from './usage.ts';

/** A choice other than the first stands for itself, as they come by turns. */
const TELLING =
  /"finish_reason"[ \t]*:[ \t]*"|\[DONE\]|"usage"[ \t]*:[ \t]*\{|"error"[ \t]*(?!:[ \t]*n)|"choices"[ \t]*:[ \t]*\[[ \t]*\{[ \t]*"index"[ \t]*:[ \t]*[1-9]/;

interface CutState {
  /** What each chunk repeats; undefined until the first. */
  head: JsonObject | undefined;
  /** By index: whether the choice has finished. */
  readonly choices: Map<number, boolean>;
  isUsageTold: boolean;
  /** `[DONE]` or an error went by. */
  isOver: boolean;
}

export function createCutter({ streamUsage }: Pick<CutContext, 'streamUsage'>): StreamCutter {
  const state: CutState = { head: undefined, choices: new Map(), isUsageTold: false, isOver: false };
  return {
    read: (frame) => takeFrame(state, frame),
    // A choice that ended meanwhile is not seen again.
    skip: () => state.choices.clear(),
    cut: (usage) => cut(state, streamUsage ? usage : undefined),
  };
}

function takeFrame(state: CutState, frame: Frame): void {
  if (state.choices.size > 0 && !TELLING.test(frame.data)) return;
  const read = readFrame(frame);
  if (read.kind === 'done') state.isOver = true;
  if (read.kind !== 'chunk') return;
  const { chunk } = read;
  if (readChunkError(chunk)) state.isOver = true;
  state.isUsageTold ||= readUsage(chunk) !== undefined;
  state.head ??= headOf(chunk);
  for (const choice of objectsOf(chunk.choices)) {
    const index = typeof choice.index === 'number' ? choice.index : 0;
    const isFinished = state.choices.get(index) === true || finishOf(choice) !== undefined;
    state.choices.set(index, isFinished);
  }
}

function headOf({ id, object, created, model, provider, ...rest }: JsonObject): JsonObject {
  const { system_fingerprint, service_tier } = rest;
  return present({ id, provider, object, created, model, system_fingerprint, service_tier });
}

function cut(state: CutState, usage: Usage | undefined): string | undefined {
  const { head, choices, isUsageTold, isOver } = state;
  if (!head || isOver) return undefined;
  const open =
    choices.size === 0 ? [0] : [...choices].filter(([, isDone]) => !isDone).map(([index]) => index);
  const finished = open.map((index) =>
    frame({ ...head, choices: [{ index, delta: {}, finish_reason: 'length' }] }),
  );
  const counted =
    usage && !isUsageTold ? frame({ ...head, choices: [], usage: writeUsage(usage, false) }) : '';
  return `${finished.join('')}${counted}data: [DONE]\n\n`;
}

function frame(chunk: JsonObject): string {
  return `data: ${JSON.stringify(chunk)}\n\n`;
}
