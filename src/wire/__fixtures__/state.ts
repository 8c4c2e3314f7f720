/** Opaque state of each vendor as tests make it, and what of it is gone after a translation. */
import type { ChatPart, FormatId, Signature } from '../chat.ts';
import { SEAL_MARK, unseal, unsealId } from '../seal.ts';

export interface SampleStates {
  readonly thought?: Signature;
  readonly redacted?: Signature;
  readonly call?: Signature;
}

/** What a vendor's models give, in the shape its format reads it in; absent where there is no such thing. */
export const sampleStates: Readonly<Record<FormatId, SampleStates>> = {
  'anthropic-messages': {
    thought: { format: 'anthropic-messages', value: 'EqQBCkYIBxgC' },
    redacted: { format: 'anthropic-messages', value: 'EmwKAhgBEgy3' },
  },
  'openai-chat': {
    thought: { format: 'openai-chat', value: '', fields: { field: 'reasoning_content' } },
    redacted: {
      format: 'openai-chat',
      value: '',
      fields: { details: [{ type: 'reasoning.encrypted', data: 'gAAAAABo', id: 'rs_1', index: 0 }] },
    },
    call: {
      format: 'openai-chat',
      value: '',
      fields: { extra_content: { google: { thought_signature: 'CiQBjz1r' } } },
    },
  },
  'openai-responses': {
    thought: { format: 'openai-responses', value: 'gAAAAABpX', fields: { id: 'rs_05aa' } },
    redacted: { format: 'openai-responses', value: 'gAAAAABpY', fields: { id: 'rs_05ab' } },
  },
  'gemini-generate': {
    thought: { format: 'gemini-generate', value: 'CtwBAdHtim9' },
    call: { format: 'gemini-generate', value: 'CvQBAdHtim8' },
  },
  'ollama-chat': { thought: { format: 'ollama-chat', value: '' } },
};

/** The state of a part. */
export function stateOf(part: ChatPart): Signature | undefined {
  if (part.type === 'redacted-thinking') return part.data;
  return part.type === 'thinking' || part.type === 'tool-call' ? part.signature : undefined;
}

/** Every text in a value, those that are sealed in one of them among it. */
function* textsIn(value: unknown): Generator<string> {
  if (typeof value === 'string') {
    yield value;
    const state = value.includes(SEAL_MARK) ? (unseal(value) ?? unsealId(value).signature) : undefined;
    if (state) yield* textsIn(state);
  } else if (typeof value === 'object' && value !== null) {
    for (const inner of Object.values(value)) yield* textsIn(inner);
  }
}

/** Whether all of a part's state stands somewhere in these, in whatever shape. */
export function holdsState(part: ChatPart, got: readonly ChatPart[]): boolean {
  // An empty thought without a proof is nothing.
  if (part.type === 'thinking' && part.text === '' && !part.signature?.value) return true;
  const there = new Set(got.flatMap((one) => [...textsIn(one)]));
  return [...textsIn(stateOf(part))].every((text) => text === '' || there.has(text));
}
