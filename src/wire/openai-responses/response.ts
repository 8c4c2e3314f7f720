/** The response object around an output: what clients read of it, and what is put back as it came. */
import type { ChatReply, JsonObject, Usage } from '../chat.ts';
import type { ReplyContext } from '../format.ts';
import { present, unknownFields, without } from '../json.ts';
import { ownExtra } from './own.ts';
import { writeUsage } from './usage.ts';

/** Fields that repeat the request or tell of the server: they say nothing of the answer. */
const ECHO_FIELDS: ReadonlySet<string> = new Set([
  'id',
  'object',
  'created_at',
  'completed_at',
  'status',
  'error',
  'incomplete_details',
  'model',
  'output',
  'output_text',
  'usage',
  'background',
  'billing',
  'conversation',
  'frequency_penalty',
  'instructions',
  'max_output_tokens',
  'max_tool_calls',
  'metadata',
  'parallel_tool_calls',
  'presence_penalty',
  'previous_response_id',
  'prompt',
  'prompt_cache_key',
  'prompt_cache_options',
  'prompt_cache_retention',
  'reasoning',
  'safety_identifier',
  'service_tier',
  'store',
  'temperature',
  'text',
  'tool_choice',
  'tool_usage',
  'tools',
  'top_logprobs',
  'top_p',
  'truncation',
  'user',
]);

/** Fields written anew each time; ids rotate in the streams of some servers. */
const ANSWER_FIELDS = ['id', 'model', 'output', 'usage'];

/** What a response says beside its output: a loss elsewhere where it is about the answer. */
export function responseExtra(response: JsonObject): NonNullable<ChatReply['extra']> {
  const usage = response.usage === null ? { usage: null } : {};
  return ownExtra(unknownFields(response, ECHO_FIELDS), {
    body: { ...without(response, ANSWER_FIELDS), ...usage },
  });
}

/** Seconds of the wire in milliseconds. */
export function readCreatedAt(response: JsonObject): number | undefined {
  const { created_at: seconds } = response;
  return typeof seconds === 'number' && seconds > 0 ? seconds * 1000 : undefined;
}

/** A response before its first item. `was`: the one it came as. */
export function openResponse(
  head: { readonly id: string; readonly createdAtMs?: number | undefined },
  context: ReplyContext,
  was: JsonObject | undefined,
): JsonObject {
  const opened = { status: 'in_progress', error: null, incomplete_details: null, output: [], usage: null };
  if (was) return { ...without(was, ['completed_at']), ...opened, id: head.id, model: context.model };
  return {
    id: head.id,
    object: 'response',
    created_at: Math.floor((head.createdAtMs ?? context.nowMs) / 1000),
    background: false,
    instructions: null,
    max_output_tokens: null,
    metadata: {},
    model: context.model,
    parallel_tool_calls: true,
    previous_response_id: null,
    reasoning: { effort: null, summary: null },
    store: false,
    temperature: null,
    text: { format: { type: 'text' } },
    tool_choice: 'auto',
    tools: [],
    top_p: null,
    truncation: 'disabled',
    user: null,
    ...context.echo,
    ...opened,
  };
}

/** Its end: what is final replaces what was not. */
export function closeResponse(
  opened: JsonObject,
  end: {
    readonly stop: JsonObject;
    readonly output: readonly JsonObject[];
    readonly usage: Usage | undefined;
    readonly isOwn: boolean;
    readonly was: JsonObject | undefined;
  },
): JsonObject {
  const { id, model } = opened;
  const usage = end.usage && writeUsage(end.usage, end.isOwn);
  const answer = present({ id, model, ...end.stop, output: [...end.output], usage });
  if (end.was) return { ...end.was, ...answer };
  const tier = end.usage?.serviceTier;
  return { ...opened, ...(tier !== undefined && { service_tier: tier }), ...answer };
}
