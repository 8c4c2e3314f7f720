/** Ends a relayed stream before its end: the open block is closed, and the message stops at its output limit. */
import type { JsonObject, Usage } from '../chat.ts';
import type { StreamCutter } from '../format.ts';
import type { Frame } from '../frames.ts';
import { isObject } from '../json.ts';
import { isError, readFrame } from './frame-data.ts';
import { mergeUsage, renderFinalUsage } from './usage.ts';

const TELLING = /"content_block_st(?:art|op)"|"message_(?:start|delta|stop)"|"error"/;

const DELTA = /"content_block_delta"/;

interface CutState {
  /** The usage `message_start` told; undefined until it went by. */
  started: JsonObject | undefined;
  /** Frames went by unread: which block is open, the next one tells. */
  isBlind: boolean;
  /** Indexes of the blocks that have begun and not ended. */
  readonly open: Set<number>;
  isStopped: boolean;
  /** The message ended, or failed. */
  isOver: boolean;
}

export function createCutter(): StreamCutter {
  const state: CutState = {
    started: undefined,
    open: new Set(),
    isBlind: false,
    isStopped: false,
    isOver: false,
  };
  return {
    read: (frame) => takeFrame(state, frame),
    skip() {
      state.isBlind = true;
      state.open.clear();
    },
    cut: (usage) => cut(state, usage),
  };
}

function takeFrame(state: CutState, frame: Frame): void {
  const isTelling = TELLING.test(frame.data) || (state.isBlind && DELTA.test(frame.data));
  if (!isTelling && frame.event !== 'error') return;
  const data = readFrame(frame);
  if (!data) return;
  if (isError(data)) state.isOver = true;
  else if (typeof data.type === 'string' && Object.hasOwn(readers, data.type))
    readers[data.type]!(state, data);
}

const readers: Readonly<Record<string, (state: CutState, data: JsonObject) => void>> = {
  message_start: (state, { message }) => {
    state.started ??= isObject(message) && isObject(message.usage) ? message.usage : {};
  },
  content_block_start: (state, { index }) => {
    state.isBlind = false;
    if (typeof index === 'number') state.open.add(index);
  },
  content_block_delta: (state, { index }) => {
    state.isBlind = false;
    if (typeof index === 'number') state.open.add(index);
  },
  content_block_stop: (state, { index }) => {
    state.isBlind = false;
    if (typeof index === 'number') state.open.delete(index);
  },
  message_delta: (state, { delta }) => {
    state.isStopped ||= isObject(delta) && typeof delta.stop_reason === 'string';
  },
  message_stop: (state) => {
    state.isOver = true;
  },
};

function cut({ started, open, isStopped, isOver }: CutState, usage: Usage): string | undefined {
  if (!started || isOver) return undefined;
  const closed = [...open].map((index) => frame({ type: 'content_block_stop', index })).join('');
  const end = frame({ type: 'message_stop' });
  if (isStopped) return closed + end;
  const counted = mergeUsage(started, { output_tokens: usage.output ?? 0 });
  const delta: JsonObject = {
    type: 'message_delta',
    delta: { stop_reason: 'max_tokens', stop_sequence: null },
    usage: renderFinalUsage(started, counted),
  };
  return closed + frame(delta) + end;
}

function frame(data: JsonObject): string {
  return `event: ${data.type}\ndata: ${JSON.stringify(data)}\n\n`;
}
