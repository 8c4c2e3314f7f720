/** A chat of another format as a request Google accepts; each change is a warning. */
import type { ChatRequest, JsonObject } from '../chat.ts';
import { objectsOf, present } from '../json.ts';
import { approximate, drop } from '../place.ts';
import { fitContents } from './contents-fit.ts';
import { below, dropForeign, type Place } from './fields.ts';
import { fitName } from './names.ts';
import { fitConfig } from './settings.ts';
import { fitToolConfig, writeTools } from './tools.ts';

/** The request for a chat of another format; `place` collects the warnings. */
export function fitRequest(chat: ChatRequest, place: Place): JsonObject {
  dropForeign(chat.extra, place);
  const { system, contents } = fitContents(chat, place);
  noteRenamedCalls(chat, place);
  const tools = writeTools(chat.tools, place);
  const config = fitConfig(chat, place);
  if (chat.endUser !== undefined) drop(place, 'endUser', 'Gemini has no field for the end user');
  return present({
    systemInstruction: system.length > 0 ? { parts: system } : undefined,
    contents,
    tools: tools.length > 0 ? tools : undefined,
    toolConfig: fitToolConfig(chat, hasFunctions(tools), place),
    generationConfig: Object.keys(config).length > 0 ? config : undefined,
    serviceTier: fitServiceTier(chat, place),
  });
}

function hasFunctions(tools: readonly JsonObject[]): boolean {
  return tools.some(({ functionDeclarations }) => objectsOf(functionDeclarations).length > 0);
}

/** Names that are not declared are changed all the same; those that are were named with their tools. */
function noteRenamedCalls({ turns, tools }: ChatRequest, place: Place): void {
  const declared = new Set(tools.map(({ name }) => name));
  for (const [at, turn] of turns.entries()) {
    for (const [index, part] of turn.parts.entries()) {
      if (part.type !== 'tool-call' || declared.has(part.name) || fitName(part.name) === part.name) continue;
      const path = `turns[${at}].parts[${index}]`;
      approximate(below(place, path), 'name', `Gemini takes other names: sent as ${fitName(part.name)}`);
    }
  }
}

/** Tiers of other vendors that have an equal here. `auto` is what happens without the field. */
const TIERS: Readonly<Record<string, string | undefined>> = {
  auto: undefined,
  default: 'standard',
  standard: 'standard',
  standard_only: 'standard',
  flex: 'flex',
  priority: 'priority',
};

function fitServiceTier({ serviceTier }: ChatRequest, place: Place): string | undefined {
  if (serviceTier === undefined) return undefined;
  if (Object.hasOwn(TIERS, serviceTier)) return TIERS[serviceTier];
  drop(place, 'serviceTier', `Gemini has no tier ${serviceTier}`);
  return undefined;
}
