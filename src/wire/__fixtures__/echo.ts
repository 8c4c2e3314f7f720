/** Clients that keep a conversation as most do: the reply as they got it, and the results of its calls after it. */
import type { FormatId, JsonObject, JsonValue } from '../chat.ts';

/** The body of the next request: `body` with the reply and a result for each of its calls. */
export type Echo = (body: JsonObject, reply: JsonObject) => JsonObject;

export const RESULT_TEXT = '21 degrees';

function list(value: JsonValue | undefined): JsonObject[] {
  return Array.isArray(value) ? (value as JsonObject[]) : [];
}

function object(value: JsonValue | undefined): JsonObject {
  return (value ?? {}) as JsonObject;
}

export const echoes: Readonly<Record<FormatId, Echo>> = {
  'anthropic-messages': (body, reply) => {
    const results = list(reply.content)
      .filter(({ type }) => type === 'tool_use')
      .map(({ id }): JsonObject => ({ type: 'tool_result', tool_use_id: id!, content: RESULT_TEXT }));
    return {
      ...body,
      messages: [
        ...list(body.messages),
        { role: 'assistant', content: reply.content! },
        { role: 'user', content: results },
      ],
    };
  },
  'openai-chat': (body, reply) => {
    const message = object(list(reply.choices)[0]?.message);
    const results = list(message.tool_calls).map(
      ({ id }): JsonObject => ({ role: 'tool', tool_call_id: id!, content: RESULT_TEXT }),
    );
    return { ...body, messages: [...list(body.messages), message, ...results] };
  },
  'openai-responses': (body, reply) => {
    const output = list(reply.output);
    const results = output
      .filter(({ type }) => type === 'function_call')
      .map(({ call_id: id }): JsonObject => ({ type: 'function_call_output', call_id: id!, output: RESULT_TEXT }));
    const before: JsonObject[] =
      typeof body.input === 'string' ? [{ role: 'user', content: body.input }] : list(body.input);
    return { ...body, input: [...before, ...output, ...results] };
  },
  'gemini-generate': (body, reply) => {
    const content = object(list(reply.candidates)[0]?.content);
    const results = list(content.parts).flatMap(({ functionCall }): JsonObject[] => {
      if (functionCall === undefined) return [];
      const { id, name } = object(functionCall);
      const response = { output: RESULT_TEXT };
      return [{ functionResponse: { ...(id === undefined ? {} : { id }), name: name!, response } }];
    });
    return { ...body, contents: [...list(body.contents), content, { role: 'user', parts: results }] };
  },
  'ollama-chat': (body, reply) => {
    const message = object(reply.message);
    const results = list(message.tool_calls).map(
      (call): JsonObject => ({ role: 'tool', tool_name: object(call.function).name!, content: RESULT_TEXT }),
    );
    return { ...body, messages: [...list(body.messages), message, ...results] };
  },
};
