/** What `turnpike serve` says when it listens: friendly on a terminal, plain lines in a log. */
import type { Config } from '../config.ts';
import { createClient } from './client.ts';
import { clientFilePath, readClientFile } from './client-file.ts';
import type { Io } from './io.ts';
import { type Paint, paintFor, printLine } from './print.ts';
import type { RunningServer } from './running-server.ts';
import { readVersion } from './version.ts';

interface Facts {
  /** Names of providers that can be sent to. */
  readonly ready: readonly string[];
  readonly notReady: readonly string[];
  /** A model that answers without any credential. */
  readonly trialModel: string | undefined;
}

/** Never fails: a banner is not worth a server. */
export async function printBanner(io: Io, config: Config, server: RunningServer): Promise<void> {
  const facts = await readFacts(io, config, server);
  // A bootstrap key is the operator's own and known to them.
  const key = config.bootstrapKey ? undefined : server.firstStart?.key;
  const isFriendly = io.stdout.isTerminal && io.env.CI !== 'true';
  const ownerLink = server.firstStart?.ownerLink;
  const lines = isFriendly
    ? friendlyLines(paintFor(io.stdout, io.env), config, server, facts, { key, ownerLink })
    : plainLines(config, server, facts, { key, ownerLink });
  for (const line of lines) printLine(io.stdout, line);
}

async function readFacts(io: Io, config: Config, server: RunningServer): Promise<Facts> {
  try {
    const { operatorToken = '' } = readClientFile(config.home) ?? {};
    const client = createClient(io.fetch, server.url, operatorToken);
    const [{ providers }, { models }] = await Promise.all([
      client.providers(),
      client.models({ live: 'false' }),
    ]);
    return {
      ready: providers.filter(({ isReady }) => isReady).map(({ name }) => name),
      notReady: providers.filter(({ isReady }) => !isReady).map(({ name }) => name),
      // The one that answers a newcomer's hello in prose.
      trialModel: (
        models.find(({ ref }) => ref === 'sandbox/scribe') ??
        models.find(({ ref }) => ref.startsWith('sandbox/'))
      )?.ref,
    };
  } catch {
    return { ready: [], notReady: [], trialModel: undefined };
  }
}

/** What is told this once. */
interface Told {
  readonly key: string | undefined;
  readonly ownerLink: string | undefined;
}

function plainLines(config: Config, server: RunningServer, facts: Facts, { key, ownerLink }: Told): string[] {
  return [
    `turnpike ${readVersion()} listens at ${server.url}`,
    `data folder ${config.home}, durability ${config.durability}`,
    ...(facts.ready.length > 0 ? [`providers ready: ${facts.ready.join(', ')}`] : []),
    ...(facts.notReady.length > 0 ? [`providers without a credential: ${facts.notReady.join(', ')}`] : []),
    ...(key === undefined
      ? []
      : [
          `virtual key (shown this once, kept in ${clientFilePath(config.home)}): ${key}`,
          `try it, with that key as TURNPIKE_KEY: ${plainTrial(server.url, facts.trialModel)}`,
        ]),
    ...(ownerLink === undefined
      ? []
      : [
          `become its owner by this link (good once, for a day; \`turnpike console\` prints another): ${ownerLink}`,
        ]),
  ];
}

function friendlyLines(
  paint: Paint,
  config: Config,
  server: RunningServer,
  facts: Facts,
  { key, ownerLink }: Told,
): string[] {
  const row = (title: string, text: string) => `  ${paint.dim(title.padEnd(10))} ${text}`;
  const missing =
    facts.notReady.length > 0 ? paint.dim(`  (no credential: ${facts.notReady.join(', ')})`) : '';
  return [
    '',
    `  ${paint.bold('Turnpike')} ${paint.dim(readVersion())}`,
    '',
    row('url', paint.cyan(server.url)),
    row('data', config.home),
    row('providers', `${facts.ready.join(', ') || 'none is ready'}${missing}`),
    ...(key === undefined
      ? []
      : [
          row('key', `${paint.green(key)}`),
          row('', paint.dim(`shown this once, kept in ${clientFilePath(config.home)}`)),
        ]),
    ...(ownerLink === undefined
      ? []
      : [
          row('owner', paint.cyan(ownerLink)),
          row('', paint.dim('open it to become the owner; good once, for a day')),
        ]),
    '',
    ...(key === undefined ? [] : ['  Try it:', '', ...trialRequest(server.url, key, facts.trialModel), '']),
    `  Claude Code through Turnpike: ${paint.cyan('turnpike run claude')}`,
    `  What it costs:                ${paint.cyan('turnpike usage')}`,
    '',
  ];
}

/** Flush left, so that it can be pasted whole. */
/** One line, without the key: a log keeps what it is given. */
function plainTrial(url: string, model: string | undefined): string {
  const bearer = '-H "authorization: Bearer $TURNPIKE_KEY"';
  if (model === undefined) return `curl ${url}/v1/models ${bearer}`;
  const body = JSON.stringify({ model, stream: true, messages: [{ role: 'user', content: 'Hello' }] });
  return `curl -N ${url}/v1/chat/completions ${bearer} -H 'content-type: application/json' -d '${body}'`;
}

function trialRequest(url: string, key: string, model: string | undefined): string[] {
  if (model === undefined) return [`curl ${url}/v1/models -H 'authorization: Bearer ${key}'`];
  const body = JSON.stringify({ model, stream: true, messages: [{ role: 'user', content: 'Hello' }] });
  return [
    `curl -N ${url}/v1/chat/completions \\`,
    `  -H 'authorization: Bearer ${key}' \\`,
    `  -H 'content-type: application/json' \\`,
    `  -d '${body}'`,
  ];
}
