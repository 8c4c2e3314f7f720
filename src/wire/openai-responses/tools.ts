/**
 * Tools: functions, custom tools (free text), namespaces of both, and the built-in ones. A namespace has no place in
 * the chat: its tools stand there one by one, under both names, and find together again on the way back.
 */
import type { ChatTool, JsonObject, JsonValue } from '../chat.ts';
import { WireError } from '../format.ts';
import {
  asObject,
  asText,
  defined,
  isBlank,
  isObject,
  isSameJson,
  lookUp,
  present,
  unknownFields,
  without,
} from '../json.ts';
import { customSchema, flatName } from './calls.ts';
import { FORMAT, ownExtra, ownFields, spelled } from './own.ts';

type ToolReader = (tool: JsonObject, path: string) => ChatTool;

/** @throws {WireError} */
export function readTools(value: JsonValue | undefined): ChatTool[] {
  if (value === undefined || value === null) return [];
  if (!Array.isArray(value)) throw new WireError('`tools` must be a list', 'tools');
  return value.flatMap((tool, index) => {
    const path = `tools[${index}]`;
    if (!isObject(tool)) throw new WireError(`\`${path}\` must be an object`, path);
    return isFilled(tool) ? readNamespace(tool, path, index) : readTool(tool, path);
  });
}

function isFilled(tool: JsonObject): boolean {
  return tool.type === 'namespace' && Array.isArray(tool.tools) && tool.tools.length > 0;
}

function readNamespace(namespace: JsonObject, path: string, index: number): ChatTool[] {
  const name = requireName(namespace, path);
  const around = without(namespace, ['tools']);
  // What describes the whole is lost elsewhere, and said to be so once.
  const lost = unknownFields(around, new Set(['type', 'name']));
  return (namespace.tools as JsonValue[]).map((inner, place) => {
    const at = `${path}.tools[${place}]`;
    if (!isObject(inner)) throw new WireError(`\`${at}\` must be an object`, at);
    const tool = readTool(inner, at);
    const fields = { ...ownFields(tool.extra), ...(place === 0 && !isBlank(lost) && { namespace: lost }) };
    const spelling = { ...tool.extra?.spelling, namespace: around, group: index };
    return { ...tool, name: flatName(tool.name, name), extra: ownExtra(fields, spelling) };
  });
}

function requireName(tool: JsonObject, path: string): string {
  const name = asText(tool.name);
  if (name === undefined) throw new WireError(`\`${path}.name\` must be a text`, `${path}.name`);
  return name;
}

function readTool(tool: JsonObject, path: string): ChatTool {
  const reader = lookUp(READERS, tool.type);
  if (reader) return reader(tool, path);
  if (typeof tool.type !== 'string') throw new WireError(`\`${path}.type\` must be a text`, `${path}.type`);
  return { name: asText(tool.name) ?? tool.type, builtin: { format: FORMAT, value: tool } };
}

const FUNCTION_FIELDS = new Set(['type', 'name', 'description', 'parameters', 'strict']);
const CUSTOM_FIELDS = new Set(['type', 'name', 'description', 'format']);

const READERS: Readonly<Record<string, ToolReader>> = {
  function: (tool, path) =>
    defined<ChatTool>({
      name: requireName(tool, path),
      description: asText(tool.description),
      inputSchema: asObject(tool.parameters),
      strict: typeof tool.strict === 'boolean' ? tool.strict : undefined,
      extra: ownExtra(unknownFields(tool, FUNCTION_FIELDS), { tool }),
    }),
  custom: (tool, path) => {
    const grammar = asObject(tool.format);
    const isFree = !grammar || grammar.type === 'text';
    const fields = unknownFields(tool, CUSTOM_FIELDS);
    // Other models are told the rule; nobody holds them to it.
    if (!isFree) fields.format = grammar;
    return defined<ChatTool>({
      name: requireName(tool, path),
      description: asText(tool.description),
      inputSchema: customSchema(isFree ? undefined : ruleOf(grammar)),
      extra: ownExtra(fields, { tool }),
    });
  },
};

function ruleOf({ syntax, definition }: JsonObject): string {
  const text = asText(definition) ?? '';
  return `It must match this ${asText(syntax) ?? ''} grammar:\n${text}`;
}

/** The inverse of `readTools`. */
export function writeTools(tools: readonly ChatTool[]): JsonObject[] {
  const written: JsonObject[] = [];
  let open: { readonly group: JsonValue | undefined; readonly list: JsonObject[] } | undefined;
  for (const tool of tools) {
    const namespace = spelled(tool.extra, 'namespace');
    const group = namespace && tool.extra?.spelling?.group;
    if (!namespace) {
      open = undefined;
      written.push(writeTool(tool));
      continue;
    }
    if (open?.group !== group) {
      open = { group, list: [] };
      written.push({ ...namespace, tools: open!.list });
    }
    open!.list.push(writeTool(tool, asText(namespace.name)));
  }
  return written;
}

function writeTool(tool: ChatTool, namespace?: string): JsonObject {
  if (tool.builtin) return tool.builtin.value;
  const was = spelled(tool.extra, 'tool');
  if (!was) return writePlain(tool);
  const read = readTool(was, 'tools');
  const isNamed = flatName(read.name, namespace) === tool.name;
  const isSame = (['description', 'inputSchema', 'strict'] as const).every((key) =>
    isSameJson(read[key], tool[key]),
  );
  if (isNamed && isSame) return was;
  const changed = isSame ? {} : without(writePlain(tool), ['type', 'name']);
  return { ...was, ...changed, name: isNamed ? was.name! : tool.name };
}

/** Here a tool is strict unless it says otherwise; everywhere else it is the other way round. */
function writePlain({ name, description, inputSchema, strict }: ChatTool): JsonObject {
  return present({
    type: 'function',
    name,
    description,
    parameters: inputSchema ?? null,
    strict: strict ?? false,
  });
}
