/** A chat to a Messages request: one of this format goes back as it came, another's is fitted (request-fit.ts). */
import type { ChatRequest, ChatTurn, JsonObject, Warning } from '../chat.ts';
import type { Rendered } from '../format.ts';
import { isObject, present } from '../json.ts';
import { drop, type Place } from '../place.ts';
import { renderParts, shapeContent } from './block-render.ts';
import { below, FORMAT, ownSpelling, restore } from './fields.ts';
import { FORMER_OUTPUT, renderOwnOutput } from './output.ts';
import { renderMessages, withoutBudget } from './own-messages.ts';
import { renderOwnReasoning } from './reasoning.ts';
import { fitRequest } from './request-fit.ts';
import { renderOwnChoice, renderTools } from './tools.ts';

export function renderRequest(chat: ChatRequest): Rendered<JsonObject> {
  const warnings: Warning[] = [];
  const isOwn = chat.extra?.format === FORMAT;
  const place: Place = { path: '', warnings, isOwn };
  for (const key of ['seed', 'presencePenalty', 'frequencyPenalty'] as const) {
    if (chat[key] !== undefined) drop(place, key, 'Anthropic has no such parameter');
  }
  const body = restore(isOwn ? renderOwn(chat, place) : fitRequest(chat, place), chat.extra, place);
  return { body: isOwn ? withoutBudget(body, chat, place) : body, warnings };
}

function renderOwn(chat: ChatRequest, place: Place): JsonObject {
  const tools = renderTools(chat.tools, place);
  const reasoning = renderOwnReasoning(chat.reasoning, below(place, 'reasoning'));
  const format = renderOwnOutput(chat.output);
  const former = ownSpelling(chat.extra).output_format;
  const isFormer = isObject(former) && former.type === FORMER_OUTPUT.type;
  const config = present({ effort: reasoning.effort, format: isFormer ? undefined : format });
  return present({
    model: chat.model,
    max_tokens: chat.maxOutputTokens,
    system: renderSystem(chat.turns, place),
    messages: renderMessages(chat.turns, place),
    tools: tools.length > 0 ? tools : undefined,
    tool_choice: renderOwnChoice(chat),
    temperature: chat.temperature,
    top_p: chat.topP,
    top_k: chat.topK,
    stop_sequences: chat.stop && [...chat.stop],
    thinking: reasoning.thinking,
    output_config: Object.keys(config).length > 0 ? config : undefined,
    output_format: isFormer ? format : undefined,
    metadata: chat.endUser === undefined ? undefined : { user_id: chat.endUser },
    service_tier: chat.serviceTier,
    stream: chat.stream || undefined,
  });
}

function renderSystem(turns: readonly ChatTurn[], place: Place): string | JsonObject[] | undefined {
  const leads = turns.filter((turn) => turn.lead);
  if (leads.length === 0) return undefined;
  const blocks = turns.flatMap((turn, index) =>
    turn.lead ? renderParts(turn.parts, below(place, `turns[${index}]`)) : [],
  );
  return shapeContent(blocks, leads.length === 1 ? leads[0]!.shape : undefined);
}
