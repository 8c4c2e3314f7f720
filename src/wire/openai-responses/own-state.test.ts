/** State of other makers in requests of this format: read as theirs, and never sent to a server of this format. */
import { describe, expect, it } from 'vitest';
import type { ChatRequest, JsonObject, Signature } from '../chat.ts';
import { seal, sealId } from '../seal.ts';
import { openaiResponses } from './index.ts';

const { renderRequest } = openaiResponses;

function parse(input: unknown[], more: JsonObject = {}): ChatRequest {
  return openaiResponses.parseRequest({ model: 'm', input, ...more } as JsonObject);
}

describe('state of others', () => {
  const gemini = { format: 'gemini-generate', value: 'CvQB' } as const;
  const claude = { format: 'anthropic-messages', value: 'EqQB' } as const;
  const user = { role: 'user', content: 'x' };
  const id = sealId('call_1', gemini);
  const call = {
    type: 'function_call',
    id: 'fc_1',
    call_id: id,
    name: 'f',
    arguments: '{}',
    status: 'completed',
  };
  const thought = (value: string) => ({
    type: 'reasoning',
    id: 'rs_1',
    summary: [{ type: 'summary_text', text: 'Hm.' }],
    encrypted_content: value,
  });
  const redacted = { ...claude, fields: { redacted: true } };

  it('is read as its maker’s', () => {
    const { turns } = parse([
      user,
      thought(seal(claude)),
      thought(seal(redacted)),
      call,
      { type: 'function_call_output', call_id: id, output: 'y' },
    ]);
    expect(turns[1]!.parts).toMatchObject([
      { type: 'thinking', text: 'Hm.', signature: claude },
      { type: 'redacted-thinking', data: claude },
      { type: 'tool-call', id: 'call_1', signature: gemini },
    ]);
    expect(turns[2]!.parts[0]).toMatchObject({ callId: 'call_1' });
  });

  it('goes, and nothing else', () => {
    const own = thought('gAAAA1');
    const output = { type: 'function_call_output', id: 'fco_1', call_id: id, output: 'y' };
    const chat = parse(
      [user, thought(seal(claude)), thought(seal(redacted)), thought(`${seal(claude)}%`), own, call, output],
      { metadata: { odd: null } },
    );
    const { body, warnings } = renderRequest(chat);
    expect(body).toEqual({
      model: 'm',
      metadata: { odd: null },
      input: [user, own, { ...call, call_id: 'call_1' }, { ...output, call_id: 'call_1' }],
    });
    expect(warnings.map(({ kind, path }) => `${kind} ${path}`)).toEqual([
      'dropped turns[1].parts[0]',
      'dropped turns[1].parts[1]',
      'dropped turns[1].parts[2]',
      'dropped turns[1].parts[4].signature',
    ]);
  });

  it('of our own, that went sealed, is restored', () => {
    const own: Signature = {
      format: 'openai-responses',
      value: 'gAAAA1',
      fields: { id: 'rs_9', summary: [] },
    };
    const { body, warnings } = renderRequest(
      parse([user, { ...thought(seal(own)), summary: [] }, { role: 'assistant', content: 'a' }]),
    );
    expect((body.input as JsonObject[])[1]).toEqual({
      type: 'reasoning',
      id: 'rs_9',
      summary: [],
      encrypted_content: 'gAAAA1',
    });
    expect(warnings).toEqual([]);
  });
});
