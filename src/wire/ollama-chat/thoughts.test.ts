// State of other makers on its way through this wire and back.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { ChatPart, ChatReply, JsonObject, JsonValue, Signature } from '../chat.ts';
import { foldEvents, unfoldReply } from '../fold.ts';
import { SEAL_MARK, seal } from '../seal.ts';
import { context, decode, encode } from './__fixtures__/read-fixtures.ts';
import { ollamaChat } from './index.ts';

const sign = (value: string): Signature => ({ format: 'anthropic-messages', value });
const thought = (text: string, signature: Signature): ChatPart => ({ type: 'thinking', text, signature });
const redacted = (value: string): ChatPart => ({ type: 'redacted-thinking', data: sign(value) });
const text = (one: string): ChatPart => ({ type: 'text', text: one });
const call = (id: string, signature?: Signature): ChatPart => ({
  type: 'tool-call',
  id,
  name: 'f',
  arguments: '{"a":1}',
  ...(signature && { signature }),
});
const OWN: Signature = { format: 'ollama-chat', value: '' };

function replyOf(parts: readonly ChatPart[]): ChatReply {
  return {
    id: 'msg_1',
    model: 'm',
    parts,
    stop: { kind: 'end', raw: null },
    extra: { format: 'anthropic-messages', fields: {} },
  };
}

/** The parts of an assistant turn after a client sent this message back. */
function echo(message: JsonValue): readonly ChatPart[] {
  const body = JSON.parse(JSON.stringify({ model: 'm', messages: [message] })) as JsonObject;
  return ollamaChat.parseRequest(body).turns[0]!.parts;
}

const shownMessage = (parts: readonly ChatPart[]) =>
  ollamaChat.renderReply(replyOf(parts), context).body.message as JsonObject;

/** As clients put lines together: texts and lists grow, of other fields the last value stays. */
function mergeLines(lines: readonly JsonObject[]): JsonObject {
  const merged: JsonObject = { role: 'assistant', content: '' };
  for (const { message } of lines) {
    for (const [key, value] of Object.entries(message as JsonObject)) {
      const before = merged[key];
      if (key === 'content' || key === 'thinking') merged[key] = `${before ?? ''}${value}`;
      else if (key === 'tool_calls')
        merged[key] = [...((before as JsonValue[]) ?? []), ...(value as JsonValue[])];
      else merged[key] = value;
    }
  }
  return merged;
}

const cases: readonly (readonly [name: string, parts: readonly ChatPart[]])[] = [
  ['one thought', [thought('Hm.', sign('a')), text('So.')]],
  ['a thought without text', [thought('', sign('a')), text('So.')]],
  ['several', [thought('Hm.', sign('a')), thought('Well…', sign('b')), text('So.')]],
  ['hidden ones', [redacted('x'), thought('Hm.', sign('a')), redacted('y'), text('So.')]],
  ['thoughts between calls', [thought('1', sign('a')), call('c1'), thought('2', sign('b')), call('c2')]],
  ['thoughts after the text', [text('So.'), thought('Hm.', sign('a')), call('c1')]],
  ['with more than letters', [thought('😀 ü', sign('a')), thought('\u2028', sign('b')), text('x')]],
  ['state of a call', [call('c1', { format: 'gemini-generate', value: 's' }), call('c2')]],
  ['state with fields', [thought('x', { format: 'openai-responses', value: 'e', fields: { id: 'rs_1' } })]],
];

describe('comes back whole', () => {
  it.each(cases)('%s', (_name, parts) => {
    expect(echo(shownMessage(parts))).toEqual(parts);
  });

  it.each(cases)('%s, streamed to a client that keeps every field', (_name, parts) => {
    const { lines, warnings } = encode(unfoldReply(replyOf(parts)));
    expect(warnings).toEqual([]);
    expect(echo(mergeLines(lines))).toEqual(parts);
  });

  it.each(cases)('%s, over another gateway of ours', (_name, parts) => {
    const { text: bytes } = encode(unfoldReply(replyOf(parts)));
    const folded = foldEvents(decode([Buffer.from(bytes)]));
    expect(folded.type === 'reply' && folded.reply.parts).toEqual(parts);
    const again = ollamaChat.parseReply(ollamaChat.renderReply(replyOf(parts), context).body);
    expect(again.parts).toEqual(parts);
  });

  it('whatever the parts are', () => {
    const proof = fc.string({ minLength: 1, maxLength: 6 }).map(sign);
    const part = fc.oneof(
      fc
        .tuple(fc.string({ unit: 'binary', maxLength: 6 }), proof)
        .map(([one, signature]) => thought(one, signature)),
      proof.map((data): ChatPart => ({ type: 'redacted-thinking', data })),
    );
    const parts = fc
      .tuple(
        fc.array(part, { maxLength: 3 }),
        fc.array(part, { maxLength: 2 }),
        fc.array(part, { maxLength: 2 }),
      )
      .map(([before, middle, after]) => [...before, text('so'), ...middle, call('c1'), call('c2'), ...after]);
    fc.assert(
      fc.property(parts, (one) => {
        expect(echo(shownMessage(one))).toEqual(one);
        expect(echo(mergeLines(encode(unfoldReply(replyOf(one))).lines))).toEqual(one);
      }),
      { numRuns: 200 },
    );
  });
});

it('puts texts together, and keeps the thoughts where they were among the rest', () => {
  const parts = [text('a'), thought('1', sign('x')), text('b'), call('c1'), thought('2', sign('y'))];
  const together = [text('ab'), thought('1', sign('x')), call('c1'), thought('2', sign('y'))];
  expect(echo(shownMessage(parts))).toEqual(together);
  expect(echo(mergeLines(encode(unfoldReply(replyOf(parts))).lines))).toEqual(together);
});

describe('whose a thought is', () => {
  it('is this one’s, where nothing else is said', () => {
    expect(echo({ role: 'assistant', content: 'x', thinking: 'hm' })).toEqual([
      thought('hm', OWN),
      text('x'),
    ]);
  });

  it('is its maker’s, though it has no proof', () => {
    const message = shownMessage([{ type: 'thinking', text: 'hm' }, text('x')]);
    expect(echo(message)).toEqual([thought('hm', sign('')), text('x')]);
  });

  it('is still its maker’s after the client changed it, but proves nothing', () => {
    const message = { ...shownMessage([thought('hm', sign('a')), redacted('x')]), thinking: 'hm!' };
    expect(echo(message)).toEqual([thought('hm!', sign('')), redacted('x')]);
  });

  it.each<[string, JsonValue]>([
    ['no list', 'x'],
    ['no places', [{ chars: 2, signature: 'x' }]],
    ['odd places', [{ at: -1, chars: 2 }, { at: 0.5, chars: 2 }, { at: '0', chars: 2 }, null]],
    [
      'odd lengths',
      [
        { at: 0, chars: -2 },
        { at: 0, chars: 1e99 },
      ],
    ],
    ['too much', [{ at: 0, chars: 99 }]],
  ])('is not asked of what the field may hold: %s', (_name, field) => {
    const message = { role: 'assistant', content: 'x', thinking: 'hm', thinking_signatures: field };
    expect(echo(message)).toEqual([thought('hm', OWN), text('x')]);
  });

  it('takes the later of two entries at one place', () => {
    const entry = (value: string) => ({ at: 0, chars: 2, signature: seal(sign(value)) });
    const message = {
      role: 'assistant',
      content: '',
      thinking: 'hm',
      thinking_signatures: [entry('a'), entry('b')],
    };
    expect(echo(message)).toEqual([thought('hm', sign('b'))]);
  });
});

describe('a request of this format to a server of this format', () => {
  function send(messages: readonly JsonValue[]) {
    const body = JSON.parse(JSON.stringify({ model: 'm', messages })) as JsonObject;
    const { body: sent, warnings } = ollamaChat.renderRequest(ollamaChat.parseRequest(body));
    expect(JSON.stringify(sent)).not.toContain(SEAL_MARK);
    return { messages: sent.messages, warnings: warnings.map(({ kind, path }) => `${kind} ${path}`) };
  }

  it('holds nothing of others', () => {
    const shown = shownMessage([
      thought('secret', sign('a')),
      redacted('b'),
      text('So.'),
      call('c1', { format: 'gemini-generate', value: 's' }),
    ]);
    const id = ((shown.tool_calls as JsonObject[])[0] as JsonObject).id!;
    const own = { role: 'assistant', content: 'mine', thinking: 'my own' };
    const { messages, warnings } = send([
      { role: 'user', content: 'x' },
      shown,
      { role: 'tool', content: 'y', tool_name: 'f', tool_call_id: id },
      own,
    ]);
    expect(messages).toEqual([
      { role: 'user', content: 'x' },
      {
        role: 'assistant',
        content: 'So.',
        tool_calls: [{ id: 'c1', function: { index: 0, name: 'f', arguments: { a: 1 } } }],
      },
      { role: 'tool', content: 'y', tool_name: 'f', tool_call_id: 'c1' },
      own,
    ]);
    expect(warnings).toEqual([
      'dropped turns[1].parts[0]',
      'dropped turns[1].parts[1]',
      'dropped turns[1].parts[3].signature',
    ]);
  });

  it('loses a message that held nothing else', () => {
    const { messages, warnings } = send([
      shownMessage([thought('secret', sign('a'))]),
      { role: 'user', content: 'x' },
    ]);
    expect(messages).toEqual([{ role: 'user', content: 'x' }]);
    expect(warnings).toEqual(['dropped turns[0].parts[0]']);
  });

  it('keeps what it spelled in its own way', () => {
    const shown = { ...shownMessage([thought('secret', sign('a')), text('x')]), images: [], mood: 'good' };
    expect(send([shown]).messages).toEqual([{ role: 'assistant', content: 'x', images: [], mood: 'good' }]);
  });

  it('keeps a field of the same name that is not ours', () => {
    const message = {
      role: 'assistant',
      content: 'x',
      thinking: 'hm',
      thinking_signatures: [{ at: 0, chars: 2, signature: 'own' }],
    };
    expect(send([message])).toEqual({ messages: [message], warnings: [] });
  });
});
