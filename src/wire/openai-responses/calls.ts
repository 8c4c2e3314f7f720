/**
 * Tool calls and their outputs. A custom tool takes free text; the chat has JSON arguments, so its text stands in
 * an object with one field (`{"input": …}`), which any model can be asked for. A tool in a namespace has both names
 * in one.
 */
import type { ChatTool, JsonObject, ToolCallPart, ToolResultPart } from '../chat.ts';
import { asFullText, asText, defined, isSameJson, present, unknownFields, without } from '../json.ts';
import { argumentsText, type OnMalformed, readContent, resultContent } from '../openai-content.ts';
import { unsealId } from '../seal.ts';
import { OUTPUT_CONTENT, writeContent } from './content.ts';
import { ownExtra, spelled } from './own.ts';

const JOINT = '__';

/** One name for a tool in a namespace. Servers name namespaces both with and without the joint at the end. */
export function flatName(name: string, namespace: string | undefined): string {
  if (namespace === undefined || namespace === '') return name;
  return namespace.endsWith(JOINT) ? `${namespace}${name}` : `${namespace}${JOINT}${name}`;
}

const INPUT = 'input';

/** Free text as arguments. */
export function customArguments(input: string): string {
  return JSON.stringify({ [INPUT]: input });
}

/** Arguments as free text; arguments without that field are the text. */
export function customInput(text: string): string {
  try {
    const value = JSON.parse(text) as JsonObject | null;
    const input = value?.[INPUT];
    return typeof input === 'string' ? input : text;
  } catch {
    return text;
  }
}

/** The schema of a custom tool's arguments. `rule` says what the text must look like. */
export function customSchema(rule: string | undefined): JsonObject {
  const description =
    rule === undefined ? 'The whole input, as plain text.' : `The whole input, as plain text. ${rule}`;
  return {
    type: 'object',
    properties: { [INPUT]: { type: 'string', description } },
    required: [INPUT],
    additionalProperties: false,
  };
}

/** How the wire writes a call of this tool. */
export interface CallShape {
  readonly type: 'function_call' | 'custom_tool_call';
  readonly name: string;
  readonly namespace?: string;
}

const CALL_FIELDS = new Set(['type', 'id', 'call_id', 'name', 'namespace', 'arguments', 'input', 'status']);

export function readCall(item: JsonObject): ToolCallPart {
  const isCustom = item.type === 'custom_tool_call';
  const { id, signature } = unsealId(asFullText(item.call_id) ?? asText(item.id) ?? '');
  return defined<ToolCallPart>({
    type: 'tool-call',
    id,
    name: flatName(asText(item.name) ?? '', asText(item.namespace)),
    arguments: isCustom ? customArguments(asText(item.input) ?? '') : argumentsText(item.arguments),
    signature,
    extra: ownExtra(unknownFields(item, CALL_FIELDS), { item }),
  });
}

/** As the call came, if it still has that name; else as its tool says. */
export function shapeOf(
  { name, extra }: Pick<ToolCallPart, 'name' | 'extra'>,
  tools: readonly ChatTool[] = [],
): CallShape {
  const item = spelled(extra, 'item');
  if (item && flatName(asText(item.name) ?? '', asText(item.namespace)) === name) return shapeOfWire(item);
  const tool = tools.find((one) => one.name === name && !one.builtin);
  const wire = spelled(tool?.extra, 'tool');
  if (!wire) return { type: 'function_call', name };
  const namespace = asText(spelled(tool?.extra, 'namespace')?.name);
  return shapeOfWire(present({ type: wire.type, name: wire.name, namespace }));
}

function shapeOfWire({ type, name, namespace }: JsonObject): CallShape {
  const isCustom = type === 'custom' || type === 'custom_tool_call';
  return defined<CallShape>({
    type: isCustom ? 'custom_tool_call' : 'function_call',
    name: asText(name) ?? '',
    namespace: asText(namespace),
  });
}

/** A call as an item, without id and status. */
export function writeCall(shape: CallShape, callId: string, text: string): JsonObject {
  const said = shape.type === 'custom_tool_call' ? { input: customInput(text) } : { arguments: text };
  return { ...shape, call_id: callId, ...said };
}

/** A call that stands in a request, or in a reply of this format: what it came as, with what was changed since. */
export function writeOwnCall(part: ToolCallPart, callId = part.id, tools?: readonly ChatTool[]): JsonObject {
  const was = spelled(part.extra, 'item');
  if (!was) return writeCall(shapeOf(part, tools), callId, part.arguments);
  const read = readCall(was);
  const isSame = read.id === part.id && read.name === part.name && read.arguments === part.arguments;
  if (!isSame)
    return { ...without(was, ['namespace']), ...writeCall(shapeOf(part, tools), callId, part.arguments) };
  // Without the seal that may stand in it.
  return asFullText(was.call_id) === undefined ? was : { ...was, call_id: callId };
}

const OUTPUT_FIELDS = new Set(['type', 'id', 'call_id', 'output', 'status']);

export function readOutput(item: JsonObject, onMalformed: OnMalformed): ToolResultPart {
  const { output } = item;
  const isList =
    Array.isArray(output) || typeof output === 'string' || output === null || output === undefined;
  const { parts, shape } = readContent(isList ? output : JSON.stringify(output), OUTPUT_CONTENT, onMalformed);
  return defined<ToolResultPart>({
    type: 'tool-result',
    callId: unsealId(asText(item.call_id) ?? '').id,
    content: resultContent(parts),
    shape,
    extra: ownExtra(unknownFields(item, OUTPUT_FIELDS), { item }),
  });
}

export function writeOutput(part: ToolResultPart): JsonObject {
  const { callId, content, shape } = part;
  const was = spelled(part.extra, 'item');
  const written = { call_id: callId, output: writeContent(content, shape, 'user') };
  if (!was) return { type: 'function_call_output', ...written };
  const read = readOutput(was, () => undefined);
  const isSame = isSameJson({ ...read, extra: undefined, callId }, { ...part, extra: undefined });
  return isSame ? { ...was, call_id: callId } : { ...was, ...written };
}
