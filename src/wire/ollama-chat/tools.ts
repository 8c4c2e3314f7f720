/** Tools: functions with a name, a description and a schema of their arguments. */
import type { ChatTool, JsonObject } from '../chat.ts';
import { WireError } from '../format.ts';
import { asObject, asText, defined, isObject, isSameJson, present } from '../json.ts';
import { withOwnFields } from './calls.ts';
import { FORMAT, isBlank, ownExtra, ownSpelling, unknownFields } from './own.ts';

const TOOL_FIELDS = new Set(['type', 'function']);
const FUNCTION_FIELDS = new Set(['name', 'description', 'parameters']);

/** @throws {WireError} */
export function readTools(tools: unknown): ChatTool[] {
  if (tools === undefined || tools === null) return [];
  if (!Array.isArray(tools)) throw new WireError('`tools` must be a list', 'tools');
  return tools.map((tool: unknown, index) => readTool(tool, `tools[${index}]`));
}

function readTool(wire: unknown, path: string): ChatTool {
  const inner = isObject(wire) ? asObject(wire.function) : undefined;
  const name = asText(inner?.name);
  if (!isObject(wire) || !inner || name === undefined) {
    throw new WireError(`\`${path}\` must have a function with a name`, `${path}.function`);
  }
  const fields = unknownFields(wire, TOOL_FIELDS);
  const unknown = unknownFields(inner, FUNCTION_FIELDS);
  if (!isBlank(unknown)) fields.function = unknown;
  const tool = defined<ChatTool>({
    name,
    description: asText(inner.description),
    inputSchema: asObject(inner.parameters),
    extra: ownExtra(fields),
  });
  if (isSameJson(writePlain(tool), wire)) return tool;
  return { ...tool, extra: { format: FORMAT, fields, spelling: { tool: wire } } };
}

/** Spelled as it came, if it still says that. Built-in tools, which this wire has none of, are left to the caller. */
export function writeTool(tool: ChatTool): JsonObject {
  const spelled = ownSpelling(tool.extra).tool;
  if (!isObject(spelled)) return writePlain(tool);
  const { extra: _, ...read } = readTool(spelled, 'tools');
  const { extra: __, ...said } = tool;
  return isSameJson(read, said) ? spelled : writePlain(tool);
}

function writePlain({ name, description, inputSchema, extra }: ChatTool): JsonObject {
  const tool: JsonObject = {
    type: 'function',
    function: present({ name, description, parameters: inputSchema }),
  };
  return extra ? withOwnFields(tool, extra) : tool;
}
