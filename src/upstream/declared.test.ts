// What a workspace may declare as a provider, and what not.
import { describe, expect, it } from 'vitest';
import type { EgressPolicy } from '../base/egress.ts';
import type { DeclaredProvider } from './configure.ts';
import { judgeDeclared } from './declared.ts';
import { providerKinds } from './providers.ts';

const nothing: EgressPolicy = { allow: new Set() };
const row = (more: Partial<DeclaredProvider> = {}): DeclaredProvider => ({
  name: 'house',
  ownerId: 'ws_1',
  kind: 'openai-compatible',
  baseUrl: 'https://models.example/v1',
  headers: {},
  models: [],
  timeouts: {},
  ...more,
});
const without = (name: 'baseUrl' | 'kind', more: Partial<DeclaredProvider> = {}): DeclaredProvider => {
  const { [name]: _, ...rest } = row(more);
  return rest;
};
const judge = (one: DeclaredProvider, policy = nothing) => judgeDeclared(one, providerKinds, policy);

describe('a declared provider', () => {
  it.each([
    [row()],
    [row({ kind: 'anthropic', baseUrl: 'https://api.anthropic.com' })],
    [without('baseUrl', { kind: 'openai' })],
    [row({ headers: { 'x-team': 'blue', 'http-referer': 'https://example.com' } })],
  ])('may stand, with a key or without one yet: %j', (one) => {
    expect(judge(one)).toMatchObject({ kind: 'done', provider: { ownerId: 'ws_1', credentials: [] } });
  });

  it.each(['openai', 'anthropic', 'ollama', 'sandbox', 'bedrock'])(
    'is not called %s, whose keys were given for another address',
    (name) => {
      expect(judge(row({ name }))).toMatchObject({ kind: 'reserved' });
    },
  );

  it.each([
    [row({ baseUrl: 'http://127.0.0.1:8000/v1' })],
    [row({ baseUrl: 'ftp://models.example' })],
    [row({ baseUrl: 'https://user:pass@models.example' })],
    [row({ baseUrl: 'https://models.example/?key=1' })],
    [without('baseUrl', { kind: 'ollama' })],
  ])('does not lead into the own network, nor is it another thing than an address: %j', (one) => {
    expect(judge(one)).toMatchObject({ kind: 'egress_refused' });
  });

  it('leads where the operator allows it', () => {
    const policy = { allow: new Set(['127.0.0.1:11434']) };
    expect(judge(without('baseUrl', { kind: 'ollama' }), policy)).toMatchObject({ kind: 'done' });
  });

  it.each([
    [row({ kind: 'nobody' }), /no kind/],
    [row({ kind: 'sandbox' }), /always there/],
    [without('baseUrl'), /needs a base_url/],
    [row({ formats: ['gemini-generate'] }), /does not speak/],
    [row({ settings: { apiVersion: '2024-10-21' } }), /no setting/],
    [row({ headers: { 'x-a': 'b\r\nx-evil: 1' } }), /control character/],
    [row({ headers: { 'x-a\r\n': 'b' } }), /no header name/],
    [row({ headers: { host: 'evil' } }), /set by the transport/],
    [row({ headers: { Authorization: 'x' } }), /may carry a secret/],
    [row({ headers: { 'x-api-key': 'x' } }), /may carry a secret/],
    [row({ headers: { cookie: 'x' } }), /may carry a secret/],
    [row({ headers: { 'api-token': 'x' } }), /may carry a secret/],
    [row({ headers: { 'x-team': 'sk-abcdef' } }), /looks like a secret/],
    [row({ headers: { 'x-team': 'a1b2c3d4e5f6a7b8c9d0e1f2a3' } }), /looks like a secret/],
  ])('is refused: %j', (one, message) => {
    expect(judge(one)).toMatchObject({ kind: 'invalid', message: expect.stringMatching(message) });
  });
});
