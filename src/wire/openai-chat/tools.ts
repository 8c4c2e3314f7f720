/** Tools and the choice among them, with the legacy `functions` and `function_call` beside. */
import type { ChatRequest, ChatTool, JsonObject, JsonValue, ToolChoice } from '../chat.ts';
import { WireError } from '../format.ts';
import { asObject, asText, defined, isObject, lookUp, present, unknownFields } from '../json.ts';
import { CHOICE_WORDS } from '../openai-settings.ts';
import type { FieldGroup } from './field-group.ts';
import { FORMAT, ownExtra, ownFields } from './own.ts';
import { mergeInner, readCacheMark, writeCacheMark } from './parts.ts';

const TOOL_FIELDS = new Set(['type', 'function', 'cache_control']);
const FUNCTION_FIELDS = new Set(['name', 'description', 'parameters', 'strict']);

export const toolsGroup: FieldGroup = {
  wire: ['tools', 'functions'],
  chat: ['tools'],
  read: (wire) => ({
    chat: {
      tools: [
        ...readList(wire.tools, 'tools', readTool),
        ...readList(wire.functions, 'functions', readFunction),
      ],
    },
  }),
  write: (chat): JsonObject => (chat.tools.length === 0 ? {} : { tools: chat.tools.map(writeTool) }),
};

function readList(
  value: JsonValue | undefined,
  path: string,
  read: (tool: JsonObject, path: string) => ChatTool,
): ChatTool[] {
  if (value === undefined || value === null) return [];
  if (!Array.isArray(value)) throw new WireError(`\`${path}\` must be a list`, path);
  return value.map((tool, index) => {
    if (!isObject(tool)) throw new WireError(`\`${path}[${index}]\` must be an object`, `${path}[${index}]`);
    return read(tool, `${path}[${index}]`);
  });
}

function readTool(tool: JsonObject, path: string): ChatTool {
  const inner = asObject(tool.function);
  if (!inner) return readBuiltin(tool);
  const fields = unknownFields(tool, TOOL_FIELDS);
  const unknown = unknownFields(inner, FUNCTION_FIELDS);
  if (Object.keys(unknown).length > 0) fields.function = unknown;
  return defined<ChatTool>({
    ...readFunction(inner, `${path}.function`),
    cache: readCacheMark(tool),
    extra: ownExtra(fields),
  });
}

/** Custom tools, and the hosted ones some servers have (`web_search`, `browser_search`, …). */
function readBuiltin(tool: JsonObject): ChatTool {
  const name = asText(asObject(tool.custom)?.name) ?? asText(tool.name) ?? asText(tool.type) ?? '';
  return { name, builtin: { format: FORMAT, value: tool } };
}

function readFunction(inner: JsonObject, path: string): ChatTool {
  const name = asText(inner.name);
  if (name === undefined) throw new WireError(`\`${path}.name\` must be a text`, `${path}.name`);
  return defined<ChatTool>({
    name,
    description: asText(inner.description),
    inputSchema: asObject(inner.parameters),
    strict: typeof inner.strict === 'boolean' ? inner.strict : undefined,
    extra: ownExtra(unknownFields(inner, FUNCTION_FIELDS)),
  });
}

function writeTool(tool: ChatTool): JsonObject {
  if (tool.builtin) return tool.builtin.value;
  const inner = present({
    name: tool.name,
    description: tool.description,
    parameters: tool.inputSchema,
    strict: tool.strict,
  });
  return mergeInner(
    { type: 'function', function: inner, ...writeCacheMark(tool.cache) },
    ownFields(tool.extra),
  );
}

export const toolChoiceGroup: FieldGroup = {
  wire: ['tool_choice', 'function_call'],
  chat: ['toolChoice'],
  read: (wire) => {
    const value = wire.tool_choice ?? wire.function_call;
    if (value === undefined || value === null) return { chat: {} };
    const toolChoice = readChoice(value);
    // A list of allowed tools, or a choice of a custom tool, says more than the chat can.
    const isExact = toolChoice !== undefined && !isObject(asObject(value)?.allowed_tools);
    return { chat: toolChoice ? { toolChoice } : {}, lost: isExact ? {} : wire };
  },
  write: (chat): JsonObject => (chat.toolChoice ? { tool_choice: writeChoice(chat.toolChoice) } : {}),
};

/** `any` is Mistral's word. */
const CHOICES: Readonly<Record<string, ToolChoice>> = { ...CHOICE_WORDS, any: { type: 'required' } };

function readChoice(value: JsonValue): ToolChoice | undefined {
  if (typeof value === 'string') return lookUp(CHOICES, value);
  if (!isObject(value)) return undefined;
  const allowed = asObject(value.allowed_tools);
  if (allowed) return lookUp(CHOICES, allowed.mode);
  const name = asText(asObject(value.function)?.name ?? asObject(value.custom)?.name ?? value.name);
  return name === undefined ? undefined : { type: 'tool', name };
}

function writeChoice(choice: NonNullable<ChatRequest['toolChoice']>): JsonValue {
  return choice.type === 'tool' ? { type: 'function', function: { name: choice.name } } : choice.type;
}
