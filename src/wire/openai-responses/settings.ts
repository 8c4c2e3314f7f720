/** The settings of a request as a table: each group reads its fields into the chat and writes them back. */
import type { ChatRequest, JsonObject, JsonValue, OutputShape, ToolChoice } from '../chat.ts';
import { WireError } from '../format.ts';
import {
  asObject,
  asText,
  defined,
  isBlank,
  isObject,
  lookUp,
  present,
  unknownFields,
  without,
} from '../json.ts';
import {
  CHOICE_WORDS,
  readEndUser,
  readOutputShape,
  readScalar,
  writeOutputShape,
} from '../openai-settings.ts';
import { flatName } from './calls.ts';

export interface SettingGroup {
  /** Wire fields this group owns. */
  readonly wire: readonly string[];
  /** Chat fields this group owns. */
  readonly chat: readonly (keyof ChatRequest)[];
  /** @throws {WireError} */
  read(body: JsonObject): Partial<ChatRequest>;
  /** `was`: the body the chat came from, for what stands in the same fields and is not the chat's. */
  write(chat: ChatRequest, was: JsonObject): JsonObject;
  /** Fields, or parts of them, the chat cannot say; another format names them in a warning. */
  lost?(body: JsonObject): JsonObject;
}

type ScalarKey = 'temperature' | 'topP' | 'maxOutputTokens' | 'parallelToolCalls' | 'serviceTier';

function scalarGroup(
  field: string,
  key: ScalarKey,
  type: 'number' | 'boolean' | 'string' = 'number',
): SettingGroup {
  return {
    wire: [field],
    chat: [key],
    read: (body) => defined<Partial<ChatRequest>>({ [key]: readScalar(body, field, type) }),
    write: (chat): JsonObject => {
      const value = chat[key];
      return value === undefined ? {} : { [field]: value };
    },
  };
}

const streamGroup: SettingGroup = {
  wire: ['stream'],
  chat: ['stream'],
  read: (body) => ({ stream: readScalar<boolean>(body, 'stream', 'boolean') ?? false }),
  write: ({ stream }): JsonObject => (stream ? { stream } : {}),
};

const endUserGroup: SettingGroup = {
  wire: ['user', 'safety_identifier'],
  chat: ['endUser'],
  read: (body) => {
    const endUser = readEndUser(body);
    return endUser === undefined ? {} : { endUser };
  },
  write: ({ endUser }, was): JsonObject => {
    if (endUser === undefined) return {};
    return { [asText(was.safety_identifier) === undefined ? 'user' : 'safety_identifier']: endUser };
  },
};

const REASONING_FIELDS = new Set(['effort', 'summary', 'generate_summary']);

/** Who asks for a summary wants to see thoughts; how much the model thinks is then its own affair. */
const reasoningGroup: SettingGroup = {
  wire: ['reasoning'],
  chat: ['reasoning'],
  read: (body) => {
    const wire = body.reasoning;
    if (wire !== undefined && wire !== null && !isObject(wire)) {
      throw new WireError('`reasoning` must be an object', 'reasoning');
    }
    const effort = asText(wire?.effort);
    if (effort !== undefined) return { reasoning: { mode: effort === 'none' ? 'off' : 'on', effort } };
    return asText(wire?.summary) === undefined ? {} : { reasoning: { mode: 'adaptive' } };
  },
  write: ({ reasoning }, was): JsonObject => {
    const rest = without(asObject(was.reasoning) ?? {}, ['effort', 'summary']);
    const effort = reasoning?.effort ?? (reasoning?.mode === 'off' ? 'none' : undefined);
    const shown =
      reasoning && reasoning.mode !== 'off' ? asText(asObject(was.reasoning)?.summary) : undefined;
    const summary = shown ?? (reasoning?.mode === 'adaptive' ? 'auto' : undefined);
    const wire = present({ ...rest, effort, summary });
    return isBlank(wire) ? {} : { reasoning: wire };
  },
  lost: (body) => lostOf('reasoning', unknownFields(asObject(body.reasoning) ?? {}, REASONING_FIELDS)),
};

function lostOf(field: string, value: JsonObject): JsonObject {
  return isBlank(value) ? {} : { [field]: value };
}

/** Says what is so without it. */
const DEFAULT_VERBOSITY = 'medium';
const SCHEMA_FIELDS = new Set(['type', 'name', 'description', 'schema', 'strict']);

const outputGroup: SettingGroup = {
  wire: ['text'],
  chat: ['output'],
  read: (body) => {
    const { text } = body;
    if (text !== undefined && text !== null && !isObject(text)) {
      throw new WireError('`text` must be an object', 'text');
    }
    const output = readOutput(asObject(text?.format) ?? {});
    return output ? { output } : {};
  },
  write: ({ output }, was): JsonObject => {
    const rest = without(asObject(was.text) ?? {}, ['format']);
    const text: JsonObject = output ? { ...rest, format: writeOutput(output) } : rest;
    return isBlank(text) ? {} : { text };
  },
  lost: (body) => {
    const text = asObject(body.text) ?? {};
    const format = asObject(text.format) ?? {};
    const isKnown = isBlank(format) || readOutput(format) !== undefined;
    const unknown = isKnown ? unknownFields(format, SCHEMA_FIELDS) : format;
    const verbosity = text.verbosity === DEFAULT_VERBOSITY ? ['verbosity'] : [];
    const rest = unknownFields(text, new Set(['format', ...verbosity]));
    return lostOf('text', { ...rest, ...lostOf('format', unknown) });
  },
};

function readOutput(format: JsonObject): OutputShape | undefined {
  return readOutputShape(format.type, format);
}

function writeOutput(output: OutputShape): JsonObject {
  return writeOutputShape(output, (schema) => schema);
}

/** Choices of one of the client's own tools. */
const NAMED_CHOICES: readonly unknown[] = ['function', 'custom'];

const toolChoiceGroup: SettingGroup = {
  wire: ['tool_choice'],
  chat: ['toolChoice'],
  read: ({ tool_choice: value }) => {
    const toolChoice = readChoice(value);
    return toolChoice ? { toolChoice } : {};
  },
  write: ({ toolChoice }): JsonObject => (toolChoice ? { tool_choice: writeChoice(toolChoice) } : {}),
  lost: ({ tool_choice: value }) => {
    // A list of allowed tools, or the choice of a built-in one, says more than the chat can.
    const isExact =
      isBlank(value) || typeof value === 'string' || NAMED_CHOICES.includes(asObject(value)?.type);
    return isExact ? {} : { tool_choice: value! };
  },
};

function readChoice(value: JsonValue | undefined): ToolChoice | undefined {
  if (typeof value === 'string') return lookUp<ToolChoice>(CHOICE_WORDS, value);
  if (!isObject(value)) return undefined;
  if (value.type === 'allowed_tools') return lookUp<ToolChoice>(CHOICE_WORDS, value.mode);
  const name = NAMED_CHOICES.includes(value.type) ? asText(value.name) : undefined;
  return name === undefined ? undefined : { type: 'tool', name: flatName(name, asText(value.namespace)) };
}

function writeChoice(choice: ToolChoice): JsonValue {
  return choice.type === 'tool' ? { type: 'function', name: choice.name } : choice.type;
}

export const settingGroups: readonly SettingGroup[] = [
  scalarGroup('max_output_tokens', 'maxOutputTokens'),
  scalarGroup('temperature', 'temperature'),
  scalarGroup('top_p', 'topP'),
  scalarGroup('parallel_tool_calls', 'parallelToolCalls', 'boolean'),
  scalarGroup('service_tier', 'serviceTier', 'string'),
  streamGroup,
  endUserGroup,
  reasoningGroup,
  outputGroup,
  toolChoiceGroup,
];
