/** One exchange as the benches of translation send it: the body of the main bench and a reply, in any wire format. */
import type { ChatEvent, ChatReply, FormatId, JsonObject } from '../src/wire/chat.ts';
import { unfoldReply } from '../src/wire/fold.ts';
import type { Format, ReplyContext } from '../src/wire/format.ts';
import { renderBody } from './bodies.ts';

export type Formats = Readonly<Record<FormatId, Format>>;

/** Pieces of a streamed reply, as many as in the burst of the main bench. */
export const PIECES = 200;

export const context: ReplyContext = {
  model: 'bench-model',
  fallbackId: 'bench',
  nowMs: 1_760_000_000_000,
  streamUsage: true,
};

export interface RequestWish {
  readonly client: FormatId;
  readonly model: string;
  /** Of the body as OpenAI Chat has it. */
  readonly bytes: number;
  readonly isStream: boolean;
}

/** The body of the main bench, as a client of this format would have written it. */
export function requestBody(formats: Formats, { client, model, bytes, isStream }: RequestWish): string {
  const text = renderBody({ format: 'openai-chat', model, bytes, isStream });
  if (client === 'openai-chat') return text;
  const chat = formats['openai-chat'].parseRequest(JSON.parse(text) as JsonObject);
  return JSON.stringify(formats[client].renderRequest(chat).body);
}

function replyOf(upstream: FormatId, bytes: number): ChatReply {
  const words = 'the reply goes on ';
  return {
    id: `${upstream}-bench`,
    model: 'bench-model',
    parts: [{ type: 'text', text: words.repeat(Math.ceil(bytes / words.length)) }],
    stop: { kind: 'end', raw: null },
    usage: { input: 92, cacheRead: 128, output: 96, raw: null },
  };
}

/** A whole reply with about so many bytes of text. */
export function replyBody(formats: Formats, upstream: FormatId, bytes = 594): JsonObject {
  return formats[upstream].renderReply(replyOf(upstream, bytes), context).body;
}

/** A streamed reply of `PIECES` pieces, one text for each write of its server. */
export function replyStream(formats: Formats, upstream: FormatId): string[] {
  const encoder = formats[upstream].createEncoder(context);
  const events = unfoldReply(replyOf(upstream, 1)).flatMap((event): ChatEvent[] =>
    event.type === 'text-delta'
      ? Array.from({ length: PIECES }, () => ({ ...event, text: ' word of it' }))
      : [event],
  );
  return events.map((event) => encoder.push(event)).filter((text) => text !== '');
}
