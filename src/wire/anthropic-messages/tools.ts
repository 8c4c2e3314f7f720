/** Tools and the choice among them, both ways. */
import type { ChatRequest, ChatTool, JsonObject, JsonValue, ToolChoice } from '../chat.ts';
import { WireError } from '../format.ts';
import { defined, isObject, present } from '../json.ts';
import { approximate, drop, type Place } from '../place.ts';
import { openObject, type Rest, takeBoolean, takeObject, takeText } from '../rest.ts';
import { takeCache } from './block-parse.ts';
import { renderCache } from './block-render.ts';
import { below, FORMAT, leftExtra, restore } from './fields.ts';
import { fitName, MAX_NAME_CHARS, readName, writeName } from './names.ts';

/** @throws {WireError} */
export function parseTool(tool: JsonValue, path: string): ChatTool {
  if (!isObject(tool)) throw new WireError(`${path}: must be an object`, path);
  const { type } = tool;
  if (type !== undefined && type !== null && type !== 'custom') return parseBuiltin(tool, type, path);
  const rest: Rest = { ...tool };
  const name = takeText(rest, 'name');
  if (name === undefined) throw new WireError(`${path}.name: must be a string`, `${path}.name`);
  if (type === 'custom') delete rest.type;
  return defined<ChatTool>({
    name: readName(name),
    description: takeText(rest, 'description'),
    inputSchema: takeObject(rest, 'input_schema'),
    strict: takeBoolean(rest, 'strict'),
    cache: takeCache(rest),
    extra: leftExtra(rest, type === 'custom' ? { type } : {}),
  });
}

/** A tool Anthropic itself defines: kept whole. Its cache mark is read along, for whoever estimates the cost. */
function parseBuiltin(value: JsonObject, type: JsonValue, path: string): ChatTool {
  if (typeof type !== 'string') throw new WireError(`${path}.type: must be a string`, `${path}.type`);
  const name = typeof value.name === 'string' ? value.name : type;
  return defined<ChatTool>({ name, cache: takeCache({ ...value }), builtin: { format: FORMAT, value } });
}

/** The wire's tools, without those Anthropic has none like. */
export function renderTools(tools: readonly ChatTool[], place: Place): JsonObject[] {
  return tools.flatMap<JsonObject>((tool, index) => renderTool(tool, below(place, `tools[${index}]`)) ?? []);
}

function renderTool(tool: ChatTool, place: Place): JsonObject | undefined {
  if (tool.builtin) {
    if (tool.builtin.format === FORMAT) return tool.builtin.value;
    drop(place, '', `${tool.builtin.format} built-in tool without an equivalent`);
    return undefined;
  }
  const body: JsonObject = { name: renderName(tool.name, place) };
  if (tool.description !== undefined) body.description = tool.description;
  const schema = place.isOwn ? tool.inputSchema : fitSchema(tool.inputSchema, place);
  if (schema) body.input_schema = schema;
  if (tool.strict !== undefined && (place.isOwn || tool.strict)) body.strict = tool.strict;
  return restore({ ...body, ...renderCache(tool.cache) }, tool.extra, place);
}

function renderName(name: string, place: Place): string {
  const written = writeName(name);
  const fitted = place.isOwn ? written : fitName(name);
  if (fitted !== written) approximate(place, 'name', `cut to ${MAX_NAME_CHARS} characters`);
  return fitted;
}

/** Combinators Anthropic refuses at the top of a tool's schema. */
const REFUSED_AT_TOP = ['anyOf', 'oneOf', 'allOf'];

/** Anthropic demands an object schema. */
function fitSchema(schema: JsonObject | undefined, place: Place): JsonObject {
  const fitted: JsonObject = { ...schema, type: 'object' };
  if (fitted.properties === undefined) fitted.properties = {};
  for (const key of REFUSED_AT_TOP) {
    if (fitted[key] === undefined) continue;
    delete fitted[key];
    approximate(place, `inputSchema.${key}`, `Anthropic refuses ${key} at the top of a schema: left out`);
  }
  return fitted;
}

const CHOICES: Readonly<Record<string, ToolChoice['type']>> = {
  auto: 'auto',
  any: 'required',
  tool: 'tool',
  none: 'none',
};
const CHOICE_WORDS = { auto: 'auto', required: 'any', tool: 'tool', none: 'none' } as const;

/** Takes `tool_choice` out of the rest. @throws {WireError} */
export function takeToolChoice(rest: Rest): Pick<ChatRequest, 'toolChoice' | 'parallelToolCalls'> {
  const wire = rest.tool_choice;
  const type = isObject(wire) && typeof wire.type === 'string' ? wire.type : '';
  if (!Object.hasOwn(CHOICES, type)) return {};
  return (
    openObject(rest, 'tool_choice', (inner) => {
      delete inner.type;
      const isSerial = takeBoolean(inner, 'disable_parallel_tool_use');
      return defined<Pick<ChatRequest, 'toolChoice' | 'parallelToolCalls'>>({
        toolChoice: type === 'tool' ? takeNamedChoice(inner) : ({ type: CHOICES[type] } as ToolChoice),
        parallelToolCalls: isSerial === undefined ? undefined : !isSerial,
      });
    }) ?? {}
  );
}

function takeNamedChoice(inner: Rest): ToolChoice {
  const name = takeText(inner, 'name');
  if (name === undefined) {
    throw new WireError('tool_choice.name: must be a string', 'tool_choice.name');
  }
  return { type: 'tool', name: readName(name) };
}

/** The wire's `tool_choice` of a chat of this format. */
export function renderOwnChoice(chat: ChatRequest): JsonObject | undefined {
  const { toolChoice, parallelToolCalls } = chat;
  if (!toolChoice) return undefined;
  return present({
    type: CHOICE_WORDS[toolChoice.type],
    name: toolChoice.type === 'tool' ? writeName(toolChoice.name) : undefined,
    disable_parallel_tool_use: parallelToolCalls === undefined ? undefined : !parallelToolCalls,
  });
}

/** The wire's `tool_choice` for a chat of another format; undefined when Anthropic's default will do. */
export function fitChoice(chat: ChatRequest, hasTools: boolean, place: Place): JsonObject | undefined {
  const { toolChoice, parallelToolCalls } = chat;
  const type = toolChoice?.type ?? 'auto';
  if (!hasTools) {
    if (type === 'required' || type === 'tool')
      drop(place, 'toolChoice', 'there are no tools to choose from');
    return undefined;
  }
  const isSerial = parallelToolCalls === false && type !== 'none';
  if (!toolChoice && !isSerial) return undefined;
  return present({
    type: CHOICE_WORDS[type],
    name: toolChoice?.type === 'tool' ? renderName(toolChoice.name, below(place, 'toolChoice')) : undefined,
    disable_parallel_tool_use: isSerial || undefined,
  });
}
