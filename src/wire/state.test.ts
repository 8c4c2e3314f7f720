/**
 * A model's thoughts over a conversation that goes from vendor A to vendor B and back, through every client
 * format: B is never sent what is A's, and A gets back what was its own, although the clients keep all state.
 */
import { describe, expect, it } from 'vitest';
import { context, decode, encode } from './__fixtures__/corpus.ts';
import { echoes } from './__fixtures__/echo.ts';
import { grammars } from './__fixtures__/grammar.ts';
import { sampleStates } from './__fixtures__/state.ts';
import type { ChatPart, ChatReply, ChatRequest, FormatId, JsonObject, Warning } from './chat.ts';
import { foldEvents, unfoldReply } from './fold.ts';
import { withoutForeignState } from './foreign-state.ts';
import type { Format, RequestPath } from './format.ts';
import { formats } from './formats.ts';
import { mayHoldSeal, SEAL_MARK } from './seal.ts';

const all: readonly Format[] = Object.values(formats);
const path: RequestPath = { model: 'alias', isStream: false };

const first: ChatRequest = {
  model: 'alias',
  turns: [{ role: 'user', parts: [{ type: 'text', text: 'How warm is it in Graz?' }] }],
  tools: [{ name: 'weather', inputSchema: { type: 'object', properties: { city: { type: 'string' } } } }],
  maxOutputTokens: 4096,
  stream: false,
};

/** A turn of a model of this format that thinks, with all the state its vendor gives. */
function speak(format: FormatId): ChatReply {
  const { thought, redacted, call } = sampleStates[format];
  const parts: ChatPart[] = [
    { type: 'thinking', text: `${format} ponders`, ...(thought && { signature: thought }) },
    ...(redacted ? [{ type: 'redacted-thinking', data: redacted } as const] : []),
    { type: 'text', text: `${format} looks it up.` },
    {
      type: 'tool-call',
      id: `call_${format.slice(0, 9)}_1`,
      name: 'weather',
      arguments: '{"city":"Graz"}',
      ...(call && { signature: call }),
    },
  ];
  return {
    id: `reply_${format}`,
    model: `model of ${format}`,
    parts,
    stop: { kind: 'tool-calls', raw: null },
    usage: { input: 10, output: 5, raw: null },
    extra: { format, fields: {} },
  };
}

interface Answer {
  /** What the gateway read from the upstream. */
  readonly read: ChatReply;
  /** What the client got. */
  readonly shown: JsonObject;
  readonly warnings: readonly Warning[];
}

function folded(format: Format, bytes: Buffer): ChatReply {
  const result = foldEvents(decode(format, [bytes]));
  if (result.type === 'error') throw new Error(result.error.message);
  return result.reply;
}

/** What a native reply of this format is read as. */
function readNative(upstream: Format): ChatReply {
  const { body } = upstream.renderReply(speak(upstream.id), context);
  return upstream.parseReply(JSON.parse(JSON.stringify(body)), { fallbackId: 'exchange_1' });
}

const transports: Readonly<Record<string, (upstream: Format, client: Format) => Answer>> = {
  'as a whole': (upstream, client) => {
    const read = readNative(upstream);
    const { body: shown, warnings } = client.renderReply(read, context);
    return { read, shown, warnings };
  },
  streamed: (upstream, client) => {
    const { bytes } = encode(upstream, unfoldReply(readNative(upstream)));
    const events = decode(upstream, [bytes]);
    const { bytes: stream, warnings } = encode(client, events);
    const shown = client.renderReply(folded(client, stream), context).body;
    return { read: folded(upstream, bytes), shown, warnings };
  },
};

function send(client: Format, body: JsonObject, upstream: Format): JsonObject {
  const chat = client.parseRequest(JSON.parse(JSON.stringify(body)), path);
  const { body: sent } = upstream.renderRequest({ ...chat, model: `model of ${upstream.id}` });
  grammars[upstream.id]?.checkRequest(sent);
  return sent;
}

/** Texts by which a vendor's state is known. */
function traces(format: FormatId): string[] {
  const texts = JSON.stringify(sampleStates[format]).match(/"[a-zA-Z0-9_]{8,}"/g) ?? [];
  const words = ['reasoning_content', 'extra_content', 'thought_signature', 'signature', 'redacted'];
  return [
    `${format} ponders`,
    ...texts.map((text) => text.slice(1, -1)).filter((text) => !words.includes(text)),
  ];
}

function expectNothingOf(format: FormatId, body: JsonObject): void {
  const text = JSON.stringify(body);
  for (const trace of traces(format)) expect(text, `holds state of ${format}`).not.toContain(trace);
  expect(text).not.toContain(SEAL_MARK);
}

/** Thoughts and calls as they mean: without spelling and marks. */
function essence(parts: readonly ChatPart[]): ChatPart[] {
  return parts.flatMap((part): ChatPart[] => {
    if (part.type !== 'thinking' && part.type !== 'redacted-thinking' && part.type !== 'tool-call') return [];
    const { extra: _extra, cache: _cache, ...rest } = part;
    return [rest];
  });
}

function expectRestored(
  read: ChatReply,
  warnings: readonly Warning[],
  body: JsonObject,
  upstream: Format,
): void {
  const turns = upstream.parseRequest(JSON.parse(JSON.stringify(body)), path).turns;
  const got = essence(turns.flatMap(({ parts }) => parts));
  expect(warnings, 'nothing was lost on the way to the client').toEqual([]);
  for (const part of essence(read.parts)) expect(got).toContainEqual(part);
}

const cells = all.flatMap((client) =>
  all.flatMap((a) =>
    all.filter((b) => b !== a).map((b) => ({ client, a, b, name: `${client.id}: ${a.id}, ${b.id}` })),
  ),
);

describe.each(Object.entries(transports))('from A to B and back, replies %s', (_way, answer) => {
  it.each(cells)('$name', ({ client, a, b }) => {
    const asked = client.renderRequest(first).body;
    const fromA = answer(a, client);
    const echoedA = echoes[client.id](asked, fromA.shown);
    expectNothingOf(a.id, send(client, echoedA, b));

    const fromB = answer(b, client);
    const echoedB = echoes[client.id](echoedA, fromB.shown);
    const again = send(client, echoedB, a);
    expectNothingOf(b.id, again);
    expectRestored(fromA.read, fromA.warnings, again, a);
  });
});

describe('what a client is shown of', () => {
  const makers = Object.keys(sampleStates) as FormatId[];
  const shows = makers.flatMap((maker) =>
    all.filter(({ id }) => id !== maker).map((client) => ({ maker, client, name: client.id })),
  );

  it.each(shows)('$maker comes back from $name', ({ maker, client }) => {
    const reply = speak(maker);
    const { body: shown, warnings } = client.renderReply(reply, context);
    const body = echoes[client.id](client.renderRequest(first).body, shown);
    const { turns } = client.parseRequest(JSON.parse(JSON.stringify(body)), path);
    const parts = turns.flatMap((turn) => turn.parts);
    expect(warnings).toEqual([]);
    for (const part of essence(reply.parts)) expect(essence(parts)).toContainEqual(part);
    const call = parts.find((part) => part.type === 'tool-call');
    expect(parts).toContainEqual(expect.objectContaining({ type: 'tool-result', callId: call?.id }));
  });
});

describe('what a relay takes out of a request of its own format', () => {
  const pairs = all.flatMap((own) => all.filter((other) => other !== own).map((other) => ({ own, other })));

  it.each(pairs)('$own.id, after $other.id', ({ own, other }) => {
    const asked = own.renderRequest(first).body;
    const mine = echoes[own.id](asked, transports['as a whole']!(own, own).shown);
    const body = echoes[own.id](mine, transports['as a whole']!(other, own).shown);
    const { body: sent, warnings } = withoutForeignState(own, body, path);
    expectNothingOf(other.id, sent);
    if (mayHoldSeal(Buffer.from(JSON.stringify(body)))) expect(warnings).not.toEqual([]);
    // A second time nothing is left to take out.
    expect(withoutForeignState(own, sent, path)).toEqual({ body: sent, warnings: [] });
  });

  it.each(all)('$id: nothing from a request with its own state', (own) => {
    const body = echoes[own.id](own.renderRequest(first).body, transports['as a whole']!(own, own).shown);
    expect(withoutForeignState(own, body, path)).toEqual({ body, warnings: [] });
  });
});
