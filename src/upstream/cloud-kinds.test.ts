// Azure, Bedrock and Vertex as they are called: by which paths, by whose identity, with signatures that AWS would take.
import { afterEach, describe, expect, it } from 'vitest';
import { type FakeUpstream, startFakeUpstream } from '../../test/fake-upstream.ts';
import { authorizationOf, expectedSignature } from '../../test/support/aws-signature.ts';
import { ask } from '../../test/support/scripted-upstream.ts';
import { systemClock } from '../base/clock.ts';
import { Secret } from '../base/secret.ts';
import type { FormatId } from '../wire/chat.ts';
import { createSseReader } from '../wire/frames.ts';
import { configureProviders, type DeclaredProvider } from './configure.ts';
import { createDeadlines } from './deadlines.ts';
import { requestHeaders } from './headers.ts';
import { createHttp1Transport } from './http1.ts';
import type { Authorizer, Environment, Provider, UnsignedRequest } from './provider.ts';
import { providerKinds } from './providers.ts';

function only(name: string, more: Partial<DeclaredProvider>, env: Environment = {}): Provider {
  const row = { name, headers: {}, models: [], timeouts: {}, ...more };
  const found = configureProviders([row], providerKinds, env);
  expect(found.problems).toEqual([]);
  return found.providers.get(name)!;
}

const entra = { AZURE_TENANT_ID: 't', AZURE_CLIENT_ID: 'c', AZURE_CLIENT_SECRET: 's' };
const key = { apiKey: new Secret('k') };
const AIZA = { apiKey: new Secret('AIzaSyA') };

describe('azure', () => {
  it('has the classic paths where a version is set', () => {
    const settings = { apiVersion: '2024-10-21' };
    const { kind } = only('azure', { ...key, baseUrl: 'https://a.test', settings });
    const target = { model: 'my gpt/4', isStream: false };
    const path = (format: FormatId) => kind.path(format, 'chat', target);
    expect(path('openai-chat')).toBe(
      '/openai/deployments/my%20gpt%2F4/chat/completions?api-version=2024-10-21',
    );
    expect(path('openai-responses')).toBe('/openai/responses?api-version=2024-10-21');
    expect(kind.path('openai-chat', 'embeddings', target)).toBe(
      '/openai/deployments/my%20gpt%2F4/embeddings?api-version=2024-10-21',
    );
    expect(kind.path('openai-chat', 'list-models', target)).toBe('/openai/models?api-version=2024-10-21');
    expect(kind.path('openai-chat', 'chat', { model: '..', isStream: false })).toBeUndefined();
  });

  it.each<[string, string | undefined, Environment, boolean]>([
    ['the environment', undefined, { AZURE_OPENAI_API_VERSION: '2025-01-01-preview' }, true],
    ['the file before the environment', 'v1', { AZURE_OPENAI_API_VERSION: '2025-01-01-preview' }, false],
    ['none', undefined, {}, false],
  ])('takes its version from %s', (_name, apiVersion, env, isClassic) => {
    const settings = apiVersion === undefined ? {} : { apiVersion };
    const { kind } = only('azure', { ...key, baseUrl: 'https://a.test', settings }, env);
    const path = kind.path('openai-chat', 'chat', { model: 'd', isStream: false })!;
    expect(path.includes('api-version')).toBe(isClassic);
  });

  it('prefers a key to an identity, and needs none where there is an identity', () => {
    const at = { baseUrl: 'https://a.test' };
    expect(only('azure', { ...key, ...at }, entra).kind.createAuthorizer).toBeUndefined();
    expect(only('azure', at, entra).kind).toMatchObject({ needsCredential: false });
    expect(only('azure', at, entra).kind.createAuthorizer).toBeDefined();
  });
});

describe('vertex', () => {
  it("serves Google's own models alone by a key without a project", () => {
    const { kind } = only('vertex', AIZA);
    expect(kind.formats).toEqual(['gemini-generate']);
    expect(kind.formatsOf!('claude-x')).toEqual(['gemini-generate']);
  });
  it.each(['AIzaSyA', 'ya29.token'])('asks for nothing more with %s', async (text) => {
    const provider = only('vertex', { apiKey: new Secret(text), settings: { project: 'p' } });
    const authorizer = provider.kind.createAuthorizer!(provider, { clock: systemClock, environment: {} });
    expect(authorizer.headersFor({} as UnsignedRequest)).toEqual({});
  });
});

const upstreams: FakeUpstream[] = [];
afterEach(async () => {
  for (const upstream of upstreams.splice(0)) await upstream.close();
});

describe('bedrock over a socket', () => {
  const keys = { AWS_ACCESS_KEY_ID: 'AKHOUSE', AWS_SECRET_ACCESS_KEY: 'secret-of-the-house' };
  const model = 'us.anthropic.claude-sonnet-4-5-20250929-v1:0';

  async function start(apiKey?: Secret) {
    const upstream = await startFakeUpstream();
    upstreams.push(upstream);
    const settings = { region: 'eu-central-1' };
    const provider = only('bedrock', { baseUrl: upstream.url, settings, ...(apiKey && { apiKey }) });
    const authorizer = provider.kind.createAuthorizer!(provider, { clock: systemClock, environment: keys });
    return { upstream, provider, authorizer };
  }

  async function send(provider: Provider, authorizer: Authorizer, format: FormatId) {
    const client = { accept: 'text/event-stream', 'anthropic-beta': 'b', 'anthropic-version': '2023-06-01' };
    const unsigned = {
      method: 'POST' as const,
      origin: provider.baseUrl,
      path: provider.kind.path(format, 'chat', { model, isStream: true })!,
      headers: requestHeaders(client, provider, format),
      body: [Buffer.from('{"messages":[],'), Buffer.from('"anthropic_version":"bedrock-2023-05-31"}')],
    };
    const added = await authorizer.headersFor(unsigned);
    const transport = createHttp1Transport({ clock: systemClock, deadlines: createDeadlines(systemClock) });
    const request = { ...unsigned, headers: { ...unsigned.headers, ...added } };
    const told = await ask(transport, provider.baseUrl, request).over;
    await transport.close();
    return told;
  }

  it('signs what arrives', async () => {
    const { upstream, provider, authorizer } = await start();
    await send(provider, authorizer, 'anthropic-messages');
    const [request] = upstream.requests;
    expect(request!.path).toBe(
      '/model/us.anthropic.claude-sonnet-4-5-20250929-v1%3A0/invoke-with-response-stream',
    );
    const { signature, scope, accessKeyId } = authorizationOf(request!);
    expect(signature).toBe(expectedSignature(request!, keys.AWS_SECRET_ACCESS_KEY));
    expect(scope.slice(1)).toEqual(['eu-central-1', 'bedrock', 'aws4_request']);
    expect(accessKeyId).toBe('AKHOUSE');
    for (const name of ['accept', 'anthropic-beta', 'anthropic-version', 'x-api-key'])
      expect(request!.headers).not.toHaveProperty(name);
  });

  it('sends its own key instead where there is one', async () => {
    const { upstream, provider, authorizer } = await start(new Secret('bedrock-key'));
    await send(provider, authorizer, 'anthropic-messages');
    expect(upstream.requests[0]!.headers.authorization).toBe('Bearer bedrock-key');
    expect(upstream.requests[0]!.headers).not.toHaveProperty('x-amz-date');
    expect(authorizer.headersFor({} as UnsignedRequest)).toEqual({});
  });

  it("hands on AWS's stream as events of the format", async () => {
    const { upstream, provider, authorizer } = await start(new Secret('k'));
    upstream.answerWith({
      headers: { 'content-type': 'application/vnd.amazon.eventstream' },
      chunks: [RECORDED.subarray(0, 20), RECORDED.subarray(20)],
    });
    const told = await send(provider, authorizer, 'anthropic-messages');
    const unframer = provider.kind.createUnframer!('anthropic-messages')!;
    const sse = createSseReader();
    const frames = told.chunks.flatMap((chunk) => sse.push(unframer.push(chunk)));
    expect(frames).toEqual([{ event: 'ping', data: '{"type":"ping"}' }]);
    expect(provider.kind.createUnframer!('openai-chat')).toBeUndefined();
  });

  it('cannot read a stream that nobody asked for', async () => {
    const { provider } = await start();
    expect(() => provider.kind.createUnframer!('anthropic-messages')).toThrow('before any request');
  });
});

/** One `chunk` message with `{"bytes":"eyJ0eXBlIjoicGluZyJ9"}`, as AWS's encoder writes it. */
const RECORDED = Buffer.from(
  '0000007b0000004b0a2e96af0b3a6576656e742d747970650700056368756e6b0d3a636f6e74656e742d747970650700106170706c69636174696f6e2f6a736f6e0d3a6d6573736167652d747970650700056576656e747b226279746573223a2265794a306558426c496a6f6963476c755a794a39227da01f56c4',
  'hex',
);
