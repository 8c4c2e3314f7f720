/** Seals carry any state of any vendor unchanged, through ids and through clients that re-encode base64. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Signature } from './chat.ts';
import {
  isDamagedSeal,
  mayHoldSeal,
  readSignature,
  seal,
  sealId,
  signatureChars,
  unseal,
  unsealId,
  writeSignature,
} from './seal.ts';

const signatures = fc.record(
  {
    format: fc.constantFrom('anthropic-messages', 'openai-responses', 'gemini-generate'),
    value: fc.string({ unit: 'grapheme' }),
    fields: fc.dictionary(
      fc.string().filter((key) => key !== '__proto__'),
      fc.string(),
    ),
  },
  { requiredKeys: ['format', 'value'] },
) as fc.Arbitrary<Signature>;

describe('seal', () => {
  it('gives back what went in, in letters every field and id may hold', () => {
    fc.assert(
      fc.property(signatures, (signature) => {
        const text = seal(signature);
        expect(text).toMatch(/^[A-Za-z0-9_-]+$/);
        expect(text.length % 4).toBe(0);
        expect(unseal(text)).toEqual(signature);
        expect(mayHoldSeal(Buffer.from(`{"a":"${text}"}`))).toBe(true);
      }),
    );
  });

  it('survives a client that decodes the field and encodes it in the other alphabet', () => {
    fc.assert(
      fc.property(signatures, (signature) => {
        const again = Buffer.from(seal(signature), 'base64').toString('base64');
        expect(unseal(again)).toEqual(signature);
      }),
    );
  });

  it('rides on the id of a call', () => {
    fc.assert(
      fc.property(signatures, fc.stringMatching(/^[A-Za-z0-9_-]{1,60}$/), (signature, id) => {
        expect(unsealId(sealId(id, signature))).toEqual({ id, signature });
        expect(unsealId(sealId(id, undefined))).toEqual({ id });
      }),
    );
  });

  it.each([
    '',
    'EqQBCkYIChgC',
    'TPSEAL1x',
    'TPSEAL1x!!!',
    `TPSEAL1x${Buffer.from('["other","v"]').toString('base64url')}`,
  ])('takes %j for no seal', (text) => {
    expect(unseal(text)).toBeUndefined();
    expect(readSignature(text, 'gemini-generate')).toEqual({ format: 'gemini-generate', value: text });
  });

  it('writes an own signature as it is and another sealed', () => {
    const signature: Signature = { format: 'gemini-generate', value: 'c2ln' };
    expect(writeSignature(signature, 'gemini-generate')).toBe('c2ln');
    const sealed = writeSignature(signature, 'anthropic-messages');
    expect(readSignature(sealed, 'anthropic-messages')).toEqual(signature);
  });

  it('knows a seal that was damaged, and how much a signature holds', () => {
    const sealed = seal({ format: 'gemini-generate', value: 'c2ln' });
    const cut = readSignature(sealed.slice(0, 12), 'anthropic-messages');
    expect(isDamagedSeal(cut)).toBe(true);
    expect(isDamagedSeal(readSignature(sealed, 'anthropic-messages'))).toBe(false);
    expect(signatureChars({ format: 'openai-chat', value: 'abc' })).toBe(3);
    expect(signatureChars({ format: 'openai-chat', value: 'abc', fields: { id: 'x' } })).toBe(13);
  });

  it('keeps the id of a call whose seal was cut off', () => {
    const sealed = sealId('call_1', { format: 'gemini-generate', value: 'a long signature' });
    expect(unsealId(sealed.slice(0, -9))).toEqual({ id: 'call_1' });
  });
});
