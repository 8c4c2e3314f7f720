/** Tools and the choice among them, both ways. */
import type { ChatRequest, ChatTool, JsonObject, JsonValue, ToolChoice } from '../chat.ts';
import { WireError } from '../format.ts';
import { asObject, asText, defined, isObject, isSameJson, present } from '../json.ts';
import { approximate, drop } from '../place.ts';
import { type Rest, takeObject, takeText } from '../rest.ts';
import { below, FORMAT, leftExtra, ownSpelling, type Place, restore } from './fields.ts';
import { fitName } from './names.ts';
import { fitParameters } from './schema-fit.ts';
import { readSchema } from './schema-read.ts';
import { TOOL, withCamelNames } from './spelling.ts';

/** The chat's tools: functions of all declarations one after the other, what Google itself offers as a built-in. @throws {WireError} */
export function readTools(value: JsonValue): ChatTool[] {
  if (value === null) return [];
  if (!Array.isArray(value)) throw new WireError('tools: must be a list', 'tools');
  return value.flatMap((tool, index) => {
    const path = `tools[${index}]`;
    if (!isObject(tool)) throw new WireError(`${path}: must be an object`, path);
    const { functionDeclarations = null, ...builtins } = withCamelNames(tool, TOOL);
    if (functionDeclarations !== null && !Array.isArray(functionDeclarations)) {
      throw new WireError(`${path}.functionDeclarations: must be a list`, `${path}.functionDeclarations`);
    }
    const functions = (functionDeclarations ?? []).map((one, at) =>
      readFunction(one, `${path}.functionDeclarations[${at}]`),
    );
    return [...functions, ...Object.entries(builtins).flatMap(readBuiltin)];
  });
}

function readBuiltin([name, value]: [string, JsonValue]): ChatTool[] {
  return value === null ? [] : [{ name, builtin: { format: FORMAT, value: { [name]: value } } }];
}

/** @throws {WireError} */
function readFunction(declaration: JsonValue, path: string): ChatTool {
  if (!isObject(declaration)) throw new WireError(`${path}: must be an object`, path);
  const rest: Rest = { ...declaration };
  const name = takeText(rest, 'name');
  if (name === undefined) throw new WireError(`${path}.name: must be a string`, `${path}.name`);
  const description = takeText(rest, 'description');
  const json = takeObject(rest, 'parametersJsonSchema');
  const parameters = json ? undefined : takeObject(rest, 'parameters');
  return defined<ChatTool>({
    name,
    description,
    inputSchema: json ?? (parameters && readSchema(parameters)),
    extra: leftExtra(rest, parameters ? { parameters } : {}),
  });
}

/** The wire's tools, without those Google has none like: one list of functions, then each built-in. */
export function writeTools(tools: readonly ChatTool[], place: Place): JsonObject[] {
  const functions: JsonObject[] = [];
  const builtins: JsonObject[] = [];
  for (const [index, tool] of tools.entries()) {
    const at = below(place, `tools[${index}]`);
    if (!tool.builtin) functions.push(writeFunction(tool, at));
    else if (tool.builtin.format === FORMAT) builtins.push(tool.builtin.value);
    else drop(at, '', `${tool.builtin.format} built-in tool without an equivalent`);
  }
  return functions.length > 0 ? [{ functionDeclarations: functions }, ...builtins] : builtins;
}

function writeFunction(tool: ChatTool, place: Place): JsonObject {
  const { name, description, extra } = tool;
  if (place.isOwn) return restore(present({ name, description, ...ownParameters(tool) }), extra, place);
  if (tool.strict) drop(place, 'strict', 'Gemini cannot be held to a single tool\u2019s schema');
  if (tool.cache) drop(place, 'cache', 'Gemini caches prompts without marks');
  const fitted = fitName(name);
  if (fitted !== name) approximate(place, 'name', `Gemini takes other names: sent as ${fitted}`);
  const body = present({ name: fitted, description, parametersJsonSchema: fitInput(tool, place) });
  return restore(body, extra, place);
}

/** Google's own kind of schema where it still says the same. */
function ownParameters({ inputSchema, extra }: ChatTool): JsonObject {
  const parameters = asObject(ownSpelling(extra).parameters);
  if (parameters && isSameJson(readSchema(parameters), inputSchema)) return { parameters };
  return inputSchema ? { parametersJsonSchema: inputSchema } : {};
}

function fitInput({ inputSchema }: ChatTool, place: Place): JsonObject | undefined {
  if (!inputSchema) return undefined;
  const { schema, changes } = fitParameters(inputSchema);
  if (changes.length > 0) {
    approximate(place, 'inputSchema', `Gemini takes a subset of JSON Schema: ${changes.join('; ')}`);
  }
  return schema;
}

const MODES: Readonly<Record<string, ToolChoice>> = {
  AUTO: { type: 'auto' },
  ANY: { type: 'required' },
  NONE: { type: 'none' },
};
const MODE_WORDS = { auto: 'AUTO', required: 'ANY', tool: 'ANY', none: 'NONE' } as const;

/** The choice, and what else the configuration says (which no other format has a word for, `VALIDATED` among it). */
export function readToolConfig(config: JsonObject): { choice?: ToolChoice; left: JsonObject } {
  const { functionCallingConfig, ...others } = config;
  if (!isObject(functionCallingConfig)) return { left: config };
  const { mode, allowedFunctionNames: names, ...more } = functionCallingConfig;
  const choice = Object.hasOwn(MODES, String(mode)) ? MODES[String(mode)] : undefined;
  if (!choice) return { left: config };
  const only = Array.isArray(names) && names.length === 1 ? asText(names[0]) : undefined;
  const isNamed = choice.type === 'required' && only !== undefined;
  const rest = isNamed || names === undefined ? more : { ...more, allowedFunctionNames: names };
  return {
    choice: isNamed ? { type: 'tool', name: only } : choice,
    left: Object.keys(rest).length > 0 ? { ...others, functionCallingConfig: rest } : others,
  };
}

/** The wire's `toolConfig` for a choice; undefined without one. */
export function writeToolConfig(choice: ToolChoice | undefined): JsonObject | undefined {
  if (!choice) return undefined;
  const mode = MODE_WORDS[choice.type];
  const only = choice.type === 'tool' ? { allowedFunctionNames: [choice.name] } : {};
  return { functionCallingConfig: { mode, ...only } };
}

/** The wire's `toolConfig` for a chat of another format; undefined when Google's default will do. */
export function fitToolConfig(chat: ChatRequest, hasTools: boolean, place: Place): JsonObject | undefined {
  const { toolChoice, parallelToolCalls } = chat;
  const type = toolChoice?.type ?? 'auto';
  if (!hasTools) {
    if (type === 'required' || type === 'tool')
      drop(place, 'toolChoice', 'there are no tools to choose from');
    return undefined;
  }
  if (parallelToolCalls === false && type !== 'none') {
    drop(place, 'parallelToolCalls', 'Gemini cannot be told to call one tool at a time');
  }
  if (toolChoice?.type === 'tool') return writeToolConfig({ type: 'tool', name: fitName(toolChoice.name) });
  return writeToolConfig(toolChoice);
}
