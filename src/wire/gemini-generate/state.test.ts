/** State of other makers in this wire: sealed for clients, put together again, taken out before it goes upstream. */
import { describe, expect, it } from 'vitest';
import type { ChatEvent, ChatPart, ChatReply, ChatRequest, JsonObject, Signature } from '../chat.ts';
import { foldEvents, unfoldReply } from '../fold.ts';
import { seal } from '../seal.ts';
import { SKIP } from './__fixtures__/chats.ts';
import { contextFor, encodeAll, readFrames } from './__fixtures__/laws.ts';
import { geminiGenerate } from './index.ts';

const claude: Signature = { format: 'anthropic-messages', value: 'EqQBCkYIBxgC' };
const THOUGHT = 'Let me think about it.';

function reply(...parts: ChatPart[]): ChatReply {
  return { id: 'a', model: 'claude', parts, stop: { kind: 'end', raw: null } };
}

/** The contents that Google's own chat keeps of our stream: one for each frame. */
function keptByChat(said: ChatReply): JsonObject[] {
  const events: ChatEvent[] = unfoldReply(said).flatMap<ChatEvent>((event) =>
    event.type === 'thinking-delta' ? [...event.text].map((text) => ({ ...event, text })) : [event],
  );
  return readFrames([Buffer.from(encodeAll(events, 'm'))]).map(({ data }) => {
    const [candidate] = JSON.parse(data).candidates;
    return candidate.content;
  });
}

function withoutExtra(part: ChatPart): ChatPart {
  if (part.type === 'opaque') return part;
  const { extra: _extra, ...rest } = part;
  return rest;
}

function partsBack(contents: JsonObject[]): ChatPart[] {
  const { turns } = geminiGenerate.parseRequest({ contents });
  return turns.flatMap(({ parts }) => parts).map((part) => withoutExtra(part));
}

const thought: ChatPart = { type: 'thinking', text: THOUGHT, signature: claude };
const redacted: ChatPart = { type: 'redacted-thinking', data: { ...claude, fields: { id: 'rs_1' } } };
const text: ChatPart = { type: 'text', text: 'So.' };
const empty: ChatPart = { type: 'thinking', text: '', signature: claude };
/** What the last frame leaves in a history. */
const rest = expect.objectContaining({ type: 'text', text: '' });

describe('the thought of another maker', () => {
  it.each<[string, ChatPart[]]>([
    ['one', [thought, text]],
    ['two in a row', [thought, { ...thought, text: 'Again.' } as ChatPart, text]],
    ['without its text', [empty, text]],
    ['encrypted', [redacted, text]],
    ['all kinds', [thought, redacted, empty, text]],
  ])('comes back whole from a chat that keeps each frame: %s', (_name, parts) => {
    const back = partsBack(keptByChat(reply(...parts)));
    expect(back).toEqual([...parts, rest]);
  });

  it('comes back from a client that joins the pieces', () => {
    const kept = keptByChat(reply(thought, text)).flatMap(({ parts }) => parts as JsonObject[]);
    const joined = {
      text: kept.map((part) => (part.thought ? part.text : '')).join(''),
      thought: true,
      thoughtSignature: kept.find((part) => part.thoughtSignature)!.thoughtSignature!,
    };
    expect(partsBack([{ role: 'model', parts: [joined, { text: 'So.' }] }])).toEqual([thought, text]);
  });

  it('loses its signature where pieces are missing: it would not hold', () => {
    const [first, ...others] = keptByChat(reply(thought, text));
    const back = partsBack([first!, ...others.slice(1)]);
    expect(back.every((part) => part.type !== 'thinking' || part.signature === undefined)).toBe(true);
    expect(JSON.stringify(back)).not.toContain(claude.value);
  });

  it('is not joined with what another speaker said, or with what stands between', () => {
    const parts = keptByChat(reply(thought)).flatMap((content) => content.parts as JsonObject[]);
    const cut = Math.floor(parts.length / 2);
    const between = [{ role: 'model', parts: [...parts.slice(0, cut), { text: 'x' }, ...parts.slice(cut)] }];
    const apart = [
      { role: 'model', parts: parts.slice(0, cut) },
      { role: 'user', parts: [{ text: 'x' }] },
      { role: 'model', parts: parts.slice(cut) },
    ];
    for (const contents of [between, apart])
      expect(JSON.stringify(partsBack(contents))).not.toContain(claude.value);
  });

  it('comes back where a client moved its seal to the text', () => {
    const sealed = geminiGenerate.renderReply(reply(empty), contextFor('m')).body.candidates as JsonObject[];
    const [part] = (sealed[0]!.content as { parts: JsonObject[] }).parts;
    const moved = { text: 'So.', thoughtSignature: part!.thoughtSignature! };
    expect(partsBack([{ role: 'model', parts: [moved] }])).toEqual([text, empty]);
  });

  it('is read of a seal without our note: by what stands there', () => {
    const part = { text: 'hm', thought: true, thoughtSignature: seal(claude) };
    expect(partsBack([{ role: 'model', parts: [part] }])).toEqual([
      { type: 'thinking', text: 'hm', signature: claude },
    ]);
  });
});

describe('a request of this format with state of others', () => {
  const call: ChatPart = { type: 'tool-call', id: 'c1', name: 'f', arguments: '{}', signature: claude };
  const plain: ChatPart = { type: 'tool-call', id: 'c2', name: 'f', arguments: '{"a":1}' };

  function sent(said: ChatReply, model: string): { contents: JsonObject[]; warned: string[] } {
    const { body } = geminiGenerate.renderReply(said, contextFor('m'));
    const [candidate] = body.candidates as { content: JsonObject }[];
    const chat: ChatRequest = geminiGenerate.parseRequest(
      { contents: [candidate!.content], safety_settings: [] },
      { model, isStream: false },
    );
    const rendered = geminiGenerate.renderRequest(chat);
    expect(rendered.body.safety_settings).toEqual([]);
    return {
      contents: rendered.body.contents as JsonObject[],
      warned: rendered.warnings.map(({ kind, path }) => `${kind} ${path}`),
    };
  }

  it('is sent without it, with a warning for each', () => {
    expect(sent(reply(thought, redacted, text), 'gemini-3-pro')).toEqual({
      contents: [{ role: 'model', parts: [{ text: 'So.' }] }],
      warned: ['dropped turns[0].parts[0]', 'dropped turns[0].parts[1]'],
    });
  });

  it.each([
    ['gemini-3-flash-preview', SKIP],
    ['gemini-2.5-flash', undefined],
  ])('has calls as %s takes them', (model, word) => {
    const signature = word === undefined ? {} : { thoughtSignature: word };
    const wire = (id: string, args: JsonObject) => ({ functionCall: { id, name: 'f', args }, ...signature });
    expect(sent(reply(call), model)).toEqual({
      contents: [{ role: 'model', parts: [wire('c1', {})] }],
      warned: ['dropped turns[0].parts[0].signature'],
    });
    // A call that had no state loses none.
    expect(sent(reply(plain), model)).toEqual({
      contents: [{ role: 'model', parts: [wire('c2', { a: 1 })] }],
      warned: [],
    });
  });
});

it('writes its own state as it is, also where the reply comes by way of events', () => {
  const own: Signature = { format: 'gemini-generate', value: 'CiQB+/==' };
  const said = reply(
    { type: 'thinking', text: 'hm', signature: own },
    { type: 'thinking', text: '', signature: { ...own, fields: { on: 'text' } } },
    { type: 'tool-call', id: 'c', name: 'f', arguments: '{}', signature: own },
  );
  const folded = foldEvents(unfoldReply(said));
  expect(folded).toMatchObject({ type: 'reply' });
  const parts = keptByChat(said).flatMap((content) => content.parts as JsonObject[]);
  expect(parts.flatMap(({ thoughtSignature }) => thoughtSignature ?? [])).toEqual([
    own.value,
    own.value,
    own.value,
  ]);
  expect(parts.filter(({ thoughtSignature }) => thoughtSignature)).toMatchObject([
    { text: 'm', thought: true },
    { text: '' },
    { functionCall: { id: 'c' } },
  ]);
});

describe('its own signature of a call', () => {
  it.each([
    ['with an id of the model', { id: 'a1' }, { fields: { id: 'given' } }],
    ['without', {}, {}],
  ])('says whether the id is the model’s: %s', (_name, id, fields) => {
    const [back] = partsBack([
      { role: 'model', parts: [{ functionCall: { ...id, name: 'f', args: {} }, thoughtSignature: 'QQ==' }] },
    ]);
    expect(back).toMatchObject({ type: 'tool-call' });
    expect((back as ChatPart & { type: 'tool-call' }).signature).toEqual({
      format: 'gemini-generate',
      value: 'QQ==',
      ...fields,
    });
  });
});
