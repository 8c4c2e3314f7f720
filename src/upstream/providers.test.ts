// The list of kinds: addresses, paths, credentials, and what a kind must hold to be one.
import { describe, expect, it } from 'vitest';
import { Secret } from '../base/secret.ts';
import type { FormatId } from '../wire/chat.ts';
import type { Operation } from './provider.ts';
import { kindOf, providerKinds } from './providers.ts';

type Row = readonly [kind: string, format: FormatId, operation: Operation, url: string | undefined];

const rows: readonly Row[] = [
  ['anthropic', 'anthropic-messages', 'chat', 'https://api.anthropic.com/v1/messages'],
  ['anthropic', 'anthropic-messages', 'count-tokens', 'https://api.anthropic.com/v1/messages/count_tokens'],
  ['anthropic', 'anthropic-messages', 'list-models', 'https://api.anthropic.com/v1/models'],
  ['anthropic', 'openai-chat', 'chat', undefined],
  ['openai', 'openai-chat', 'chat', 'https://api.openai.com/v1/chat/completions'],
  ['openai', 'openai-chat', 'count-tokens', undefined],
  ['openai', 'openai-chat', 'list-models', 'https://api.openai.com/v1/models'],
  ['openai', 'openai-responses', 'chat', 'https://api.openai.com/v1/responses'],
  ['openai', 'anthropic-messages', 'chat', undefined],
  ['openrouter', 'openai-chat', 'chat', 'https://openrouter.ai/api/v1/chat/completions'],
  ['openrouter', 'anthropic-messages', 'chat', undefined],
  ['groq', 'openai-chat', 'chat', 'https://api.groq.com/openai/v1/chat/completions'],
  ['perplexity', 'openai-chat', 'chat', 'https://api.perplexity.ai/chat/completions'],
  ['zai', 'openai-chat', 'chat', 'https://api.z.ai/api/paas/v4/chat/completions'],
  ['ollama', 'openai-chat', 'chat', 'http://127.0.0.1:11434/v1/chat/completions'],
  ['ollama', 'openai-chat', 'list-models', 'http://127.0.0.1:11434/v1/models'],
  ['ollama', 'openai-chat', 'count-tokens', undefined],
];

describe('providerKinds', () => {
  it.each(rows)('%s in %s: %s', (id, format, operation, url) => {
    const kind = kindOf(id)!;
    const path = kind.path(format, operation);
    expect(path === undefined ? undefined : kind.defaultBaseUrl + path).toBe(url);
  });

  it.each([...providerKinds])('%s is whole', (id, kind) => {
    expect(kind.id).toBe(id);
    expect(id).toMatch(/^[a-z0-9]+(-[a-z0-9]+)*$/);
    expect(kind.formats.length).toBeGreaterThan(0);
    expect(kind.defaultBaseUrl).not.toMatch(/\/$/);
    for (const format of kind.formats) expect(kind.path(format, 'chat')).toMatch(/^\//);
    for (const name of kind.credentialEnv) expect(name).toMatch(/^[A-Z][A-Z0-9_]+$/);
    // Whoever needs a key can be given one by the environment, and only over TLS.
    if (kind.needsCredential) {
      expect(kind.credentialEnv.length).toBeGreaterThan(0);
      expect(kind.defaultBaseUrl).toMatch(/^https:\/\//);
    }
  });

  it.each([...providerKinds])('%s shows a credential in one header and nothing without one', (id, kind) => {
    const format = kind.formats[0]!;
    const values = Object.values(kind.authHeaders(new Secret('sk-secret'), format));
    expect(values.filter((value) => value.includes('sk-secret'))).toHaveLength(id === 'sandbox' ? 0 : 1);
    expect(Object.keys(kind.authHeaders(undefined, format))).not.toContain('authorization');
    expect(Object.keys(kind.authHeaders(undefined, format))).not.toContain('x-api-key');
  });

  it('gives no variable to two kinds', () => {
    const names = [...providerKinds.values()].flatMap((kind) => kind.credentialEnv);
    expect(new Set(names).size).toBe(names.length);
  });

  it('knows no kind that is not in the list', () => {
    expect(kindOf('toString')).toBeUndefined();
    expect(kindOf('Anthropic')).toBeUndefined();
  });

  it('does not ask for usage where the vendor refuses the question', () => {
    const left = [...providerKinds.values()].filter((kind) => kind.streamUsage === 'leave');
    expect(left.map((kind) => kind.id)).toEqual(['mistral', 'perplexity']);
  });
});
