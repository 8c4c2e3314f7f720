/** Holds `docs/reference/endpoints.md` equal to the tables of paths. After a change: `npx vitest run test/endpoints-doc.test.ts -u`. */
import { expect, it } from 'vitest';
import {
  type CallEndpoint,
  type Endpoint,
  endpointOf,
  fixedEndpoints,
  geminiMethods,
  methodsOf,
  PREFIXES,
} from '../src/gateway/endpoints.ts';
import { type Metering, type RelayOnlyCall, relayOnlyCalls } from '../src/gateway/relay-only-calls.ts';
import { providerKinds } from '../src/upstream/providers.ts';

const HEAD = `# Endpoints

Every path of the data plane, on the one port; the same ones stand under ${PREFIXES.map((prefix) => `\`${prefix}\``).join(', ')}. A path
that is not here is answered with 404, a method that is not with 405. This page is held equal to the code by a test.

## Chats and embeddings

From any format to any provider: relayed where the provider speaks the client's format, translated where it does not.

| path | what it is |
|---|---|
`;

const EMBEDDINGS = `
Embeddings are held, booked and answered like a chat, fallbacks included; deployments that embed nothing are passed over.
Vectors of different models cannot be compared: a route for embeddings should hold one model at several providers.

- Texts, dimensions and vectors are carried between all shapes, in the order of the inputs. OpenAI's \`encoding_format\`
  (base64 unless its SDK is told otherwise) is kept; where an OpenAI-like server answers numbers to a client that asked
  for base64, they are encoded for it.
- Token ids go to OpenAI-like providers only; to the others such a request is refused, as are images of Gemini's, and
  what \`/api/embeddings\` has no place for: several texts, dimensions.
- \`taskType\` and \`title\` (Gemini), \`truncate\`, \`keep_alive\` and \`options\` (Ollama) and \`user\` (OpenAI) are known to their
  own shape alone: dropped with a warning, or refused with \`x-turnpike-strict\`.
- Where a provider reports no usage, the count is ours: booked as estimated, and in a translated answer a warning.

## Lists

| path | what it is |
|---|---|
`;

const RELAYED = `
## Relayed calls

To providers that have them, as they are: bodies and forms byte for byte but for the name of the model, answers as they
come, streams frame by frame. They are translated to nobody. A body is read whole before it is sent, under
\`limits.body_bytes\`: raise it for larger uploads.

| path | methods | booked | kinds that have it |
|---|---|---|---|
`;

const AFTER = `
| booked | means |
|---|---|
| as tokens | by the usage in the answer or in the last event of its stream, else by our count of the text |
| as reported | by the usage in the answer, where it is in units that have a price; else the entry says that the cost is unknown |
| at unknown cost | what it costs is not in the answer: a batch is billed when it runs, a cache while it is kept |
| no | it cannot cost; it is counted in the metrics |

Tokens of images have prices of their own, which the catalog does not have yet: answers that report some are booked with
their tokens and at unknown cost. So are seconds of sound and searches, as the calls \`second\` and \`search_unit\`. Where
every price is zero (servers of one's own), everything costs zero.

### Which provider

1. The model in the body or the form says it, as in a chat; aliases, routes and fallbacks work. A bare name that is in no
   list goes on with rule 3.
2. The header \`x-turnpike-model\` goes over it. It may hold a provider's name alone, and then the model stays as it is.
3. Without a model: the provider of the key's default model, else of the default model, if it has the call.
4. Else the only provider that has it. Where there are several, the request is refused, and the answer names them.

A key with a list of allowed models may make calls that name no model only where the list has \`provider/*\`: files and
batches hold any model. What lies at a provider (files, batches, stored responses) lies in the operator's account there,
in common for all keys that may use it.

The client that sends \`anthropic-version\`, or uses the prefix \`/anthropic\`, means Anthropic's \`/v1/files\`; others mean
OpenAI's. In Anthropic's batches \`results_url\` is made a path, so that clients fetch the results from here and not,
with our key, from Anthropic.
`;

const bookings: Readonly<Record<Metering, string>> = {
  tokens: 'as tokens',
  reported: 'as reported',
  unknown: 'at unknown cost',
  free: 'no',
};

function isListed(endpoint: Endpoint): boolean {
  return 'method' in endpoint;
}

function describeEndpoint(endpoint: Endpoint): string {
  if (endpoint.operation === 'models' || endpoint.operation === 'model')
    return 'refs a client may write, in the shape of its vendor';
  if (endpoint.operation === 'version' || endpoint.operation === 'show')
    return 'what Ollama’s clients ask before they talk';
  return describeCall(endpoint);
}

function describeCall(endpoint: CallEndpoint): string {
  switch (endpoint.operation) {
    case 'chat':
      return `a chat in \`${endpoint.format}\``;
    case 'count-tokens':
      return `a count of tokens in \`${endpoint.format}\`: relayed where the provider counts, else estimated`;
    case 'embeddings':
      return `embeddings in the shape \`${endpoint.shape}\``;
    case 'relay-only':
      return 'relayed';
    default:
      return endpoint satisfies never;
  }
}

function row(path: string, endpoint: Endpoint): string {
  return `| \`${methodsOf(endpoint)[0]} ${path}\` | ${describeEndpoint(endpoint)} |\n`;
}

function kindsOf(call: RelayOnlyCall): string[] {
  return [...providerKinds.values()]
    .filter(({ relays }) => relays?.api === call.api && relays.paths.includes(call.relayPath))
    .map(({ id }) => id);
}

function relayRow(call: RelayOnlyCall): string {
  const methods = Object.keys(call.methods);
  const isSame = new Set(Object.values(call.methods)).size === 1;
  const booked = Object.entries(call.methods).map(([method, metering]) =>
    isSame ? bookings[metering] : `${method}: ${bookings[metering]}`,
  );
  const kinds = kindsOf(call).map((id) => `\`${id}\``);
  return `| \`${call.path}\`${call.hasModel ? '' : ' ¹'} | ${methods.join(', ')} | ${[...new Set(booked)].join(', ')} | ${kinds.join(', ')} |\n`;
}

function renderPage(): string {
  const all = Object.entries(fixedEndpoints);
  const gemini = Object.entries(geminiMethods).map(([name, make]) =>
    row(`/v1beta/models/{model}:${name}`, make('m')),
  );
  const lists = all.filter(([, endpoint]) => isListed(endpoint));
  const one = ['/v1/models/{id}', '/v1beta/models/{id}'].map((path) => row(path, endpointOf(path)!));
  return [
    HEAD,
    ...all.filter(([, endpoint]) => !isListed(endpoint)).map(([path, endpoint]) => row(path, endpoint)),
    ...gemini,
    EMBEDDINGS,
    ...lists.map(([path, endpoint]) => row(path, endpoint)),
    ...one,
    RELAYED,
    ...relayOnlyCalls.map(relayRow),
    '\n¹ names no model.\n',
    AFTER,
  ].join('');
}

it('lists every path', async () => {
  await expect(renderPage()).toMatchFileSnapshot('../docs/reference/endpoints.md');
});

it.each(relayOnlyCalls)('finds $path again, and its id where it has one', (call) => {
  const isAnthropic = call.api === 'anthropic';
  const path = call.path.replace('{id}', 'abc-1.x:2');
  const found = endpointOf(path, isAnthropic);
  expect(found).toMatchObject({
    operation: 'relay-only',
    call,
    relayPath: call.relayPath.replace('{id}', 'abc-1.x:2'),
  });
  expect(endpointOf(`/${call.api}${path}`, isAnthropic)).toMatchObject({ call });
  expect(methodsOf(found!)).toEqual(Object.keys(call.methods));
});

it.each(['..', '.', 'a%2fb', 'a?b', 'a b', '', 'x'.repeat(201), 'ü'])('takes %j for no id', (id) => {
  expect(endpointOf(`/v1/files/${id}`)).toBeUndefined();
  expect(endpointOf(`/v1/files/${id}/content`)).toBeUndefined();
});

it('has a call for whatever a kind says it relays, and a kind for each call', () => {
  const known = relayOnlyCalls.map(({ api, relayPath }) => `${api} ${relayPath}`);
  for (const { relays } of providerKinds.values())
    for (const path of relays?.paths ?? []) expect(known).toContain(`${relays!.api} ${path}`);
  for (const call of relayOnlyCalls) expect(kindsOf(call)).not.toEqual([]);
});
