/**
 * What cannot come through, by scenario and cell, each with the reason. A loss must be named: a row here is checked
 * against the names Turnpike gives, and a loss without a row fails its cell.
 */
import type { FormatId } from '../../../src/wire/chat.ts';
import { formats } from '../../../src/wire/formats.ts';
import type { Understood } from './understood.ts';

export interface Loss {
  readonly scenario: string;
  /** Absent = all; rows are for cells of two formats, unless both sides are named. */
  readonly client?: readonly FormatId[];
  readonly upstream?: readonly FormatId[];
  /** As `x-turnpike-strict` names it; undefined = the client has no word for it, so nothing is lost on the way. */
  readonly path?: string;
  /** Of the reply: counted in the header of a whole one, as it is known by then. */
  readonly isReply?: true;
  readonly why: string;
  /** What the upstream is told instead. */
  readonly instead?: Partial<Understood>;
}

const everyFormat = Object.keys(formats) as readonly FormatId[];

const losses: readonly Loss[] = [
  {
    scenario: 'text',
    upstream: ['anthropic-messages'],
    path: 'maxOutputTokens',
    why: 'Anthropic demands a limit, and none was asked for',
  },
  {
    scenario: 'thinking',
    client: ['anthropic-messages', 'gemini-generate'],
    upstream: ['openai-chat', 'openai-responses'],
    path: 'reasoning',
    why: 'a budget of tokens becomes the nearest effort',
  },
  {
    scenario: 'thinking',
    client: ['openai-chat', 'openai-responses'],
    upstream: ['anthropic-messages', 'gemini-generate'],
    path: 'reasoning',
    why: 'an effort becomes a budget of tokens',
  },
  {
    scenario: 'thinking',
    client: ['ollama-chat'],
    upstream: ['anthropic-messages', 'openai-chat', 'openai-responses'],
    path: 'reasoning',
    why: 'a mere yes becomes a budget of tokens, or an effort',
  },
  {
    scenario: 'a stop sequence',
    client: ['openai-chat', 'openai-responses', 'gemini-generate', 'ollama-chat'],
    upstream: ['anthropic-messages'],
    isReply: true,
    why: 'only Anthropic tells which text it met',
  },
  ...['settings', 'a stop sequence'].flatMap((scenario): Loss[] => [
    {
      scenario,
      client: ['anthropic-messages', 'openai-chat', 'gemini-generate', 'ollama-chat'],
      upstream: ['openai-responses'],
      path: 'stop',
      why: 'Responses has no stop sequences',
      instead: { stop: [] },
    },
    {
      scenario,
      client: ['openai-responses'],
      upstream: everyFormat,
      why: 'Responses has no stop sequences, so its client names none',
      instead: { stop: [] },
    },
  ]),
  {
    scenario: 'thinking',
    client: ['openai-chat', 'openai-responses', 'anthropic-messages', 'gemini-generate'],
    upstream: ['ollama-chat'],
    path: 'reasoning',
    why: 'this model of Ollama thinks or does not, and is not told how much',
  },
  ...['a tool that must be called', 'any tool must be called'].map(
    (scenario): Loss => ({
      scenario,
      upstream: ['ollama-chat'],
      path: 'toolChoice',
      why: 'Ollama has no choice of tools',
      instead: { toolChoice: { type: 'auto' } },
    }),
  ),
  {
    scenario: 'no tool may be called',
    upstream: ['ollama-chat'],
    path: 'tools',
    why: 'Ollama has no choice of tools, but who knows of no tool calls none',
    instead: { toolChoice: { type: 'auto' }, tools: [] },
  },
  {
    scenario: 'a reply the vendor filtered',
    client: ['ollama-chat'],
    isReply: true,
    why: 'Ollama stops at an end or at a limit, for no other reason',
  },
];

export function lossesOfCell(scenario: string, client: FormatId, upstream: FormatId): readonly Loss[] {
  return losses.filter((loss) => {
    if (loss.scenario !== scenario) return false;
    if (client === upstream && !(loss.client && loss.upstream)) return false;
    return (loss.client?.includes(client) ?? true) && (loss.upstream?.includes(upstream) ?? true);
  });
}
