/** Ends a relayed stream of either shape before its end: with a frame in which each candidate reaches its limit. */
import type { JsonObject, Usage } from '../chat.ts';
import type { CutContext, StreamCutter } from '../format.ts';
import type { Frame } from '../frames.ts';
import { asText, present } from '../json.ts';
import { readFrameError } from './error.ts';
import { EMPTY_PART } from './reply.ts';
import { candidatesOf, MODEL_ROLE } from './response.ts';
import { blockReasonOf } from './stop.ts';
import { readFrame } from './stream-decode.ts';
import { renderUsage } from './usage.ts';

/** What ends a candidate or all of them, or belongs to one beside the first. Inside a model's text quotes are escaped. */
const TELLING = /"(?:finishReason|error|blockReason)"|"index"[ \t]*:[ \t]*[1-9]/;

interface CutState {
  /** What each frame repeats; undefined until the first. */
  head: JsonObject | undefined;
  /** By index: whether the candidate has finished. */
  readonly candidates: Map<number, boolean>;
  /** It failed, or there was no answer at all. */
  isOver: boolean;
}

export function createCutter({ streamShape }: Pick<CutContext, 'streamShape'>): StreamCutter {
  const state: CutState = { head: undefined, candidates: new Map(), isOver: false };
  return {
    read: (frame) => takeFrame(state, frame),
    // A candidate that ended meanwhile is not seen again.
    skip: () => state.candidates.clear(),
    cut: (usage) => cut(state, usage, streamShape === 'array'),
  };
}

function takeFrame(state: CutState, frame: Frame): void {
  if (state.candidates.size > 0 && !TELLING.test(frame.data)) return;
  const body = readFrame(frame);
  if (!body) return;
  if (readFrameError(body) || blockReasonOf(body) !== undefined) state.isOver = true;
  state.head ??= present({
    modelVersion: body.modelVersion,
    responseId: body.responseId,
    createTime: body.createTime,
  });
  for (const { index = 0, finishReason } of candidatesOf(body)) {
    const place = Number(index);
    const isFinished = state.candidates.get(place) === true || asText(finishReason) !== undefined;
    state.candidates.set(place, isFinished);
  }
}

function cut({ head, candidates, isOver }: CutState, usage: Usage, isArray: boolean): string | undefined {
  if (!head || isOver) return undefined;
  const open =
    candidates.size === 0 ? [0] : [...candidates].filter(([, isDone]) => !isDone).map(([place]) => place);
  const ended = isArray ? '\n]' : '';
  if (open.length === 0) return ended;
  const body: JsonObject = {
    candidates: open.map((index) => ({
      content: { parts: [EMPTY_PART], role: MODEL_ROLE },
      finishReason: 'MAX_TOKENS',
      index,
    })),
    usageMetadata: renderUsage(usage, false),
    ...head,
  };
  const json = JSON.stringify(body);
  return isArray ? `,\n${json}${ended}` : `data: ${json}\n\n`;
}
