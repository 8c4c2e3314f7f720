/** The settings of a request: limits, sampling, stream, output shape, reasoning, end user. One group per meaning. */
import type { ChatRequest, JsonObject, JsonValue, OutputShape, Reasoning } from '../chat.ts';
import { WireError } from '../format.ts';
import { asObject, asText, defined, isBlank, isObject, present, unknownFields } from '../json.ts';
import { readEndUser, readOutputShape, readScalar, writeOutputShape } from '../openai-settings.ts';
import type { FieldGroup, FieldRead } from './field-group.ts';
import { ownExtra } from './own.ts';

type ScalarKey =
  | 'temperature'
  | 'topP'
  | 'topK'
  | 'seed'
  | 'presencePenalty'
  | 'frequencyPenalty'
  | 'parallelToolCalls'
  | 'serviceTier';

function scalarGroup(
  field: string,
  key: ScalarKey,
  type: 'number' | 'boolean' | 'string' = 'number',
): FieldGroup {
  return {
    wire: [field],
    chat: [key],
    read: (wire) => ({ chat: defined<Partial<ChatRequest>>({ [key]: readScalar(wire, field, type) }) }),
    write: (chat): JsonObject => {
      const value = chat[key];
      return value === undefined ? {} : { [field]: value };
    },
  };
}

const limitGroup: FieldGroup = {
  wire: ['max_tokens', 'max_completion_tokens'],
  chat: ['maxOutputTokens'],
  read: (wire) => {
    const limits = limitsOf(wire);
    // Both given: a server may heed either one, so the larger is the bound that holds.
    return { chat: limits.length === 0 ? {} : { maxOutputTokens: Math.max(...limits) } };
  },
  write: ({ maxOutputTokens }, { traits, spelled }): JsonObject => {
    if (maxOutputTokens === undefined) return {};
    const given = Object.entries(spelled).filter((entry): entry is [string, number] => isLimit(entry[1]));
    if (given.length === 0) return { [traits.outputLimitField]: maxOutputTokens };
    // The limit changed on its way: the field the client used says the new one, and a lower second one stays.
    const bound = Math.max(...given.map(([, limit]) => limit));
    return Object.fromEntries(
      given.map(([field, limit]) => [
        field,
        limit === bound ? maxOutputTokens : Math.min(limit, maxOutputTokens),
      ]),
    );
  },
};

function isLimit(value: JsonValue): value is number {
  return typeof value === 'number';
}

function limitsOf(wire: JsonObject): number[] {
  const limits = ['max_tokens', 'max_completion_tokens'].map((field) =>
    readScalar<number>(wire, field, 'number'),
  );
  return limits.filter((limit) => limit !== undefined);
}

const stopGroup: FieldGroup = {
  wire: ['stop'],
  chat: ['stop'],
  read: ({ stop }): FieldRead => {
    if (stop === undefined || stop === null) return { chat: {} };
    if (typeof stop === 'string') return { chat: { stop: [stop] } };
    const texts = Array.isArray(stop) ? stop.filter((text) => typeof text === 'string') : undefined;
    if (!texts || texts.length !== (stop as JsonValue[]).length) {
      throw new WireError('`stop` must be a text or a list of texts', 'stop');
    }
    return { chat: { stop: texts } };
  },
  write: ({ stop }): JsonObject => (stop === undefined ? {} : { stop: [...stop] }),
};

const streamGroup: FieldGroup = {
  wire: ['stream', 'stream_options'],
  chat: ['stream', 'streamUsage'],
  read: (wire) => {
    const options = asObject(wire.stream_options) ?? {};
    const streamUsage = options.include_usage === true ? true : undefined;
    const { include_usage: _, ...rest } = options;
    return {
      chat: defined<Partial<ChatRequest>>({
        stream: readScalar<boolean>(wire, 'stream', 'boolean') ?? false,
        streamUsage,
      }),
      lost: isBlank(rest) ? {} : { stream_options: rest },
    };
  },
  write: ({ stream, streamUsage }, { lost }): JsonObject => {
    const options = { ...asObject(lost.stream_options), ...(streamUsage && { include_usage: true }) };
    return { ...(stream && { stream }), ...(!isBlank(options) && { stream_options: options }) };
  },
};

const endUserGroup: FieldGroup = {
  wire: ['user', 'safety_identifier'],
  chat: ['endUser'],
  read: (wire) => {
    const endUser = readEndUser(wire);
    return { chat: endUser === undefined ? {} : { endUser } };
  },
  write: ({ endUser }, { spelled }): JsonObject => {
    if (endUser === undefined) return {};
    return 'safety_identifier' in spelled ? { safety_identifier: endUser } : { user: endUser };
  },
};

const SCHEMA_FIELDS = new Set(['name', 'description', 'schema', 'strict']);

const outputGroup: FieldGroup = {
  wire: ['response_format'],
  chat: ['output'],
  read: (wire) => {
    const format = wire.response_format;
    if (format === undefined || format === null) return { chat: {} };
    if (!isObject(format)) throw new WireError('`response_format` must be an object', 'response_format');
    const output = readOutput(format);
    const unknown = unknownFields(asObject(format.json_schema) ?? {}, SCHEMA_FIELDS);
    const isExact = output !== undefined && isBlank(unknown);
    return { chat: output ? { output } : {}, lost: isExact ? {} : wire };
  },
  write: ({ output }): JsonObject => (output ? { response_format: writeOutput(output) } : {}),
};

function readOutput(format: JsonObject): OutputShape | undefined {
  return readOutputShape(format.type, asObject(format.json_schema));
}

function writeOutput(output: OutputShape): JsonObject {
  return writeOutputShape(output, (schema) => ({ json_schema: schema }));
}

const REASONING_FIELDS = new Set(['effort', 'max_tokens', 'enabled']);

/** OpenAI's `reasoning_effort` and OpenRouter's `reasoning` object say the same. */
const reasoningGroup: FieldGroup = {
  wire: ['reasoning_effort', 'reasoning'],
  chat: ['reasoning'],
  read: (wire) => {
    const object = asObject(wire.reasoning);
    const effort = asText(object?.effort) ?? readScalar<string>(wire, 'reasoning_effort', 'string');
    const budgetTokens = typeof object?.max_tokens === 'number' ? object.max_tokens : undefined;
    if (effort === undefined && isBlank(object)) return { chat: {} };
    const isOff = effort === 'none' || object?.enabled === false;
    const extra = ownExtra(
      unknownFields(object ?? {}, REASONING_FIELDS),
      object && 'enabled' in object ? { enabled: true } : undefined,
    );
    const reasoning = defined<Reasoning>({ mode: isOff ? 'off' : 'on', effort, budgetTokens, extra });
    return { chat: { reasoning } };
  },
  write: ({ reasoning }, { spelled }): JsonObject => {
    if (!reasoning) return {};
    if (spelled.reasoning === undefined) return writeEffort(reasoning);
    const { mode, effort, budgetTokens, extra } = reasoning;
    const enabled = extra?.spelling?.enabled === true || mode === 'off' ? { enabled: mode !== 'off' } : {};
    return {
      reasoning: {
        ...present({ effort, max_tokens: budgetTokens }),
        ...enabled,
        ...extra?.fields,
      },
    };
  },
};

function writeEffort({ mode, effort }: Reasoning): JsonObject {
  if (effort !== undefined) return { reasoning_effort: effort };
  return mode === 'off' ? { reasoning_effort: 'none' } : {};
}

export const settingGroups: readonly FieldGroup[] = [
  limitGroup,
  scalarGroup('temperature', 'temperature'),
  scalarGroup('top_p', 'topP'),
  scalarGroup('top_k', 'topK'),
  scalarGroup('seed', 'seed'),
  scalarGroup('presence_penalty', 'presencePenalty'),
  scalarGroup('frequency_penalty', 'frequencyPenalty'),
  scalarGroup('parallel_tool_calls', 'parallelToolCalls', 'boolean'),
  scalarGroup('service_tier', 'serviceTier', 'string'),
  stopGroup,
  reasoningGroup,
  outputGroup,
  endUserGroup,
  streamGroup,
];
