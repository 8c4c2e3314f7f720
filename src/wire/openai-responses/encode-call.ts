/** Tool calls of a stream. */
import type { ChatEvent, JsonObject } from '../chat.ts';
import { asText, without } from '../json.ts';
import { sealId } from '../seal.ts';
import { type CallShape, customInput, shapeOf, writeCall } from './calls.ts';
import { createInputReader, type InputReader } from './custom-input.ts';
import { beginItem, deltaHead, finishItem, type Output, placeIn } from './output.ts';
import { spelled } from './own.ts';
import { itemId } from './show-items.ts';

export interface CallState {
  call: OpenCall | undefined;
}
interface OpenCall {
  readonly id: string;
  readonly shape: CallShape;
  readonly callId: string;
  readonly base: JsonObject;
  /** Of its pieces. */
  readonly head: string;
  /** Takes a custom tool's text out of its arguments. */
  readonly reader: InputReader | undefined;
  text: string;
  /** Of a custom tool's text, what went out. */
  sent: string;
}

type CallOutput = Output & CallState;

export function beginCall(out: CallOutput, event: Extract<ChatEvent, { type: 'tool-call-start' }>): string {
  const was = spelled(event.extra, 'item');
  const shape = shapeOf(event, out.tools);
  const isCustom = shape.type === 'custom_tool_call';
  const id = asText(was?.id) ?? itemId(shape.type, out.id, placeIn(out));
  const base = { id, status: 'completed', ...(was && without(was, ['namespace', 'arguments', 'input'])) };
  const callId = sealId(event.id, event.signature);
  const type = isCustom ? 'response.custom_tool_call_input.delta' : 'response.function_call_arguments.delta';
  const head = deltaHead(type, { item_id: id, output_index: placeIn(out) });
  out.call = {
    id,
    shape,
    callId,
    base,
    head,
    reader: isCustom ? createInputReader() : undefined,
    text: '',
    sent: '',
  };
  return beginItem(out, { ...base, status: 'in_progress', ...writeCall(shape, callId, '') });
}

export function growCall(out: CallOutput, delta: string): string {
  const { call } = out;
  if (!call || delta === '') return '';
  call.text += delta;
  if (call.reader) return sendInput(out, call, call.reader.push(delta));
  return out.sendDelta(call.head, delta);
}

function sendInput(out: CallOutput, call: OpenCall, delta: string): string {
  if (delta === '') return '';
  call.sent += delta;
  return out.sendDelta(call.head, delta);
}

function send(out: CallOutput, call: OpenCall, type: string, fields: JsonObject): string {
  return out.send(type, { item_id: call.id, output_index: placeIn(out), ...fields });
}

/** @param isCut the reply ends here, before the model was done. */
export function endCall(out: CallOutput, isCut = false): string {
  const { call } = out;
  if (!call) return '';
  const told = call.reader ? endInput(out, call) : endArguments(out, call, isCut);
  out.call = undefined;
  const base = isCut ? { ...call.base, status: 'incomplete' } : call.base;
  return told + finishItem(out, { ...base, ...writeCall(call.shape, call.callId, call.text) });
}

/** Clients parse the arguments, also where a foreign call came without any. */
function endArguments(out: CallOutput, call: OpenCall, isCut: boolean): string {
  const filled = call.text === '' && !out.isOwn && !isCut ? growCall(out, '{}') : '';
  const done = { arguments: call.text, name: call.shape.name };
  return filled + send(out, call, 'response.function_call_arguments.done', done);
}

function endInput(out: CallOutput, call: OpenCall): string {
  const input = customInput(call.text);
  const rest = input.startsWith(call.sent) ? input.slice(call.sent.length) : '';
  return sendInput(out, call, rest) + send(out, call, 'response.custom_tool_call_input.done', { input });
}
