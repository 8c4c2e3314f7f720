// Where Azure, Bedrock and Vertex are, by their file and the environment, and what is missing where they are nowhere.
import { describe, expect, it } from 'vitest';
import { Secret } from '../base/secret.ts';
import { type ConfiguredProviders, configureProviders, type DeclaredProvider } from './configure.ts';
import type { Environment, Provider } from './provider.ts';
import { providerKinds } from './providers.ts';

function declared(name: string, more: Partial<DeclaredProvider> = {}): DeclaredProvider {
  return { name, headers: {}, models: [], timeouts: {}, ...more };
}

function configure(rows: readonly DeclaredProvider[], env: Environment = {}): ConfiguredProviders {
  return configureProviders(rows, providerKinds, env);
}

function only(row: DeclaredProvider, env: Environment = {}): Provider {
  const found = configure([row], env);
  expect(found.problems).toEqual([]);
  return found.providers.get(row.name)!;
}

const entra = { AZURE_TENANT_ID: 't', AZURE_CLIENT_ID: 'c', AZURE_CLIENT_SECRET: 's' };
const key = { apiKey: new Secret('k') };
const AIZA = { apiKey: new Secret('AIzaSyA') };
const ACCOUNT = { apiKey: new Secret('{"type":"service_account","project_id":"own"}') };

describe('where a provider is', () => {
  const aiplatform = 'aiplatform.googleapis.com';
  it.each<[string, DeclaredProvider, Environment, string]>([
    ['azure by its file', declared('azure', { ...key, baseUrl: 'https://a.test/' }), {}, 'https://a.test'],
    [
      'azure by the file before the environment',
      declared('azure', { ...key, baseUrl: 'https://a.test' }),
      { AZURE_OPENAI_ENDPOINT: 'https://b.test' },
      'https://a.test',
    ],
    [
      'azure by its endpoint',
      declared('azure', key),
      { AZURE_OPENAI_ENDPOINT: ' https://b.test/ ', AZURE_RESOURCE_NAME: 'c' },
      'https://b.test',
    ],
    [
      'azure by its resource',
      declared('azure', key),
      { AZURE_RESOURCE_NAME: 'c' },
      'https://c.openai.azure.com',
    ],
    [
      "azure by the address of OpenAI's SDK",
      declared('azure', { ...key, baseUrl: 'https://a.test/openai/v1/' }),
      {},
      'https://a.test',
    ],
    [
      'bedrock by its region',
      declared('bedrock', { settings: { region: 'eu-west-1' } }),
      { AWS_REGION: 'us-east-1' },
      'https://bedrock-runtime.eu-west-1.amazonaws.com',
    ],
    [
      'bedrock by the region of the environment',
      declared('b', { kind: 'bedrock' }),
      { AWS_REGION: ' us-gov-west-1 ', AWS_DEFAULT_REGION: 'x' },
      'https://bedrock-runtime.us-gov-west-1.amazonaws.com',
    ],
    [
      'bedrock by the default region',
      declared('bedrock'),
      { AWS_DEFAULT_REGION: 'cn-north-1' },
      'https://bedrock-runtime.cn-north-1.amazonaws.com.cn',
    ],
    [
      'bedrock by an address, with a key and no region',
      declared('bedrock', { ...key, baseUrl: 'https://vpce.test' }),
      {},
      'https://vpce.test',
    ],
    [
      'vertex by project and location',
      declared('vertex', { settings: { project: 'p', location: 'us-east5' } }),
      { GOOGLE_CLOUD_PROJECT: 'q', GOOGLE_CLOUD_LOCATION: 'x' },
      `https://us-east5-${aiplatform}/v1/projects/p/locations/us-east5`,
    ],
    [
      'vertex without a location',
      declared('vertex', { settings: { project: 'p' } }),
      {},
      `https://${aiplatform}/v1/projects/p/locations/global`,
    ],
    [
      'vertex in a multi-region',
      declared('v', { kind: 'vertex', settings: { project: 'p', location: 'eu' } }),
      {},
      'https://aiplatform.eu.rep.googleapis.com/v1/projects/p/locations/eu',
    ],
    [
      'vertex by the environment',
      declared('vertex'),
      { GOOGLE_CLOUD_PROJECT: 'q', GOOGLE_CLOUD_LOCATION: 'europe-west1', CLOUD_ML_REGION: 'x' },
      `https://europe-west1-${aiplatform}/v1/projects/q/locations/europe-west1`,
    ],
    [
      "vertex by Claude Code's variables",
      declared('vertex'),
      { ANTHROPIC_VERTEX_PROJECT_ID: 'q', CLOUD_ML_REGION: 'us-east5' },
      `https://us-east5-${aiplatform}/v1/projects/q/locations/us-east5`,
    ],
    [
      "vertex by its account's own project",
      declared('vertex', ACCOUNT),
      { GOOGLE_CLOUD_PROJECT: 'q' },
      `https://${aiplatform}/v1/projects/own/locations/global`,
    ],
    [
      'vertex behind another address',
      declared('vertex', { baseUrl: 'http://127.0.0.1:9/', settings: { project: 'p' } }),
      {},
      'http://127.0.0.1:9/v1/projects/p/locations/global',
    ],
    [
      'vertex behind an address with its version',
      declared('vertex', { baseUrl: 'https://x.test/v1beta1', settings: { project: 'p' } }),
      {},
      'https://x.test/v1beta1/projects/p/locations/global',
    ],
    [
      'vertex behind a whole address',
      declared('vertex', { baseUrl: 'https://x.test/v1/projects/p/locations/l' }),
      {},
      'https://x.test/v1/projects/p/locations/l',
    ],
    ['vertex by a key alone', declared('vertex', AIZA), {}, `https://${aiplatform}/v1`],
    [
      'vertex by a key and a project',
      declared('vertex', { ...AIZA, settings: { project: 'p' } }),
      {},
      `https://${aiplatform}/v1/projects/p/locations/global`,
    ],
    [
      'gemini behind another address',
      declared('gemini', { ...key, baseUrl: 'https://x.test/google/v1beta/' }),
      {},
      'https://x.test/google/v1beta',
    ],
  ])('%s', (_name, row, env, baseUrl) => {
    expect(only(row, env).baseUrl).toBe(baseUrl);
  });
});

describe('what cannot be placed', () => {
  it.each<[string, DeclaredProvider, Environment, string]>([
    [
      'azure nowhere',
      declared('azure', key),
      {},
      'no address; set base_url, AZURE_OPENAI_ENDPOINT or AZURE_RESOURCE_NAME',
    ],
    [
      "azure of another name by the vendor's variable",
      declared('east', { kind: 'azure', ...key }),
      { AZURE_OPENAI_ENDPOINT: 'https://b.test' },
      'no address; set base_url',
    ],
    [
      'azure without a key',
      declared('azure', { baseUrl: 'https://a.test' }),
      {},
      'no key; set api_key or AZURE_OPENAI_API_KEY',
    ],
    [
      'azure of no known version',
      declared('azure', { ...key, baseUrl: 'https://a.test', settings: { apiVersion: '1&x=y' } }),
      {},
      'api_version must be a date such as 2024-10-21, or v1',
    ],
    [
      'bedrock without a region',
      declared('bedrock', key),
      {},
      'no region; set region, AWS_REGION or AWS_DEFAULT_REGION',
    ],
    [
      'bedrock that signs for no region',
      declared('bedrock', { baseUrl: 'https://vpce.test' }),
      {},
      'no region; set region, AWS_REGION or AWS_DEFAULT_REGION',
    ],
    [
      'bedrock in no region of AWS',
      declared('bedrock', { settings: { region: 'evil.test/x' } }),
      {},
      'region must be one of AWS, such as us-east-1',
    ],
    ['vertex without a project', declared('vertex'), {}, 'no project; set project or GOOGLE_CLOUD_PROJECT'],
    [
      'vertex in no project',
      declared('vertex', { settings: { project: 'a/b' } }),
      {},
      'project must be the id of a Google Cloud project',
    ],
    [
      'vertex at no location',
      declared('vertex', { settings: { project: 'p', location: 'x.test/' } }),
      {},
      'location must be one of Google Cloud, such as us-east5, eu or global',
    ],
    [
      'a cleartext text',
      declared('azure', { ...key, baseUrl: 'a.openai.azure.com' }),
      {},
      'base_url must be an http or https URL',
    ],
    [
      'gemini without its version',
      declared('gemini', { ...key, baseUrl: 'https://generativelanguage.googleapis.com' }),
      {},
      'base_url must end in the version of the API, such as /v1beta',
    ],
    [
      'a setting of another kind',
      declared('openai', { ...key, settings: { project: 'mine' } }),
      {},
      'project is no setting of the kind openai',
    ],
    [
      'a setting of another cloud',
      declared('bedrock', { ...key, settings: { region: 'us-east-1', apiVersion: '2024-10-21' } }),
      {},
      'api_version is no setting of the kind bedrock',
    ],
  ])('%s', (_name, row, env, problem) => {
    const found = configure([row], env);
    expect([...found.providers.keys()]).toEqual(['sandbox']);
    expect(found.problems).toEqual([`providers.${row.name}: ${problem}`]);
  });
});

it('may say a region of any kind, for routes that demand one', () => {
  const { providers, problems } = configure([declared('openai', { ...key, settings: { region: 'eu' } })], {});
  expect([problems, providers.get('openai')?.region]).toEqual([[], 'eu']);
});

describe('what the environment announces', () => {
  it.each<[string, Environment, readonly string[]]>([
    [
      'no bedrock by a region and keys',
      { AWS_REGION: 'us-east-1', AWS_ACCESS_KEY_ID: 'a', AWS_SECRET_ACCESS_KEY: 'b' },
      [],
    ],
    ['bedrock by its key', { AWS_REGION: 'us-east-1', AWS_BEARER_TOKEN_BEDROCK: 'k' }, ['bedrock']],
    ['no vertex by a project', { GOOGLE_CLOUD_PROJECT: 'p', GOOGLE_CLOUD_LOCATION: 'global' }, []],
    [
      'vertex by project and credential file',
      { GOOGLE_CLOUD_PROJECT: 'p', GOOGLE_APPLICATION_CREDENTIALS: '/f' },
      ['vertex'],
    ],
    ['vertex by project and token', { GOOGLE_CLOUD_PROJECT: 'p', GOOGLE_ACCESS_TOKEN: 't' }, ['vertex']],
    ['vertex by the project of Claude Code', { ANTHROPIC_VERTEX_PROJECT_ID: 'p' }, ['vertex']],
    ['no azure by an identity alone', entra, []],
    ['azure by an identity and an address', { ...entra, AZURE_RESOURCE_NAME: 'r' }, ['azure']],
    [
      'all of them after the makers',
      {
        ANTHROPIC_VERTEX_PROJECT_ID: 'p',
        AWS_REGION: 'us-east-1',
        AWS_BEARER_TOKEN_BEDROCK: 'k',
        AZURE_API_KEY: 'k',
        AZURE_RESOURCE_NAME: 'r',
        GEMINI_API_KEY: 'k',
        OPENROUTER_API_KEY: 'k',
        OPENAI_API_KEY: 'k',
      },
      ['openai', 'gemini', 'openrouter', 'azure', 'bedrock', 'vertex'],
    ],
  ])('%s', (_name, env, names) => {
    const found = configure([], env);
    expect([...found.providers.keys()]).toEqual([...names, 'sandbox']);
    expect(found.problems).toEqual([]);
  });

  it.each<[Environment, string]>([
    [{ AZURE_OPENAI_API_KEY: 'k' }, 'providers.azure: no address; '],
    [{ AWS_BEARER_TOKEN_BEDROCK: 'k' }, 'providers.bedrock: no region; '],
  ])('%j is half of it, and says so', (env, problem) => {
    const found = configure([], env);
    expect(found.problems).toEqual([expect.stringContaining(problem)]);
  });

  it("asks the makers' own APIs first, wherever a file lists the clouds", () => {
    const rows = [declared('vertex', { settings: { project: 'p' } }), declared('groq', key)];
    const found = configure(rows, { GEMINI_API_KEY: 'k' });
    expect([...found.providers.keys()]).toEqual(['groq', 'gemini', 'vertex', 'sandbox']);
  });
});
