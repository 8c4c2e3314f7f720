/**
 * The provider kind `bedrock`: models on Amazon Bedrock's runtime. Claude is spoken to in its own format (`invoke`),
 * everything else in OpenAI's chat format; which models are served there is for Bedrock to say. Paths, body fields and
 * the stream's framing are checked against what Anthropic's own Bedrock SDK sends and reads, never against the live
 * service.
 */
import type { FormatId } from '../../wire/chat.ts';
import { createAwsIdentity } from '../cloud/aws-identity.ts';
import { createAwsSigner } from '../cloud/aws-signature.ts';
import {
  createEventStreamUnframer,
  type EventStreamReader,
  loadEventStreamReader,
} from '../cloud/event-stream.ts';
import { pathSegment } from '../path-segment.ts';
import type {
  Authorizer,
  AuthorizerMeans,
  BodyRule,
  Operation,
  PathTarget,
  PlaceInput,
  Placement,
  Provider,
  ProviderKind,
} from '../provider.ts';
import { claudeVersion } from './claude-version.ts';
import { bearer } from './openai-compatible.ts';

interface Place {
  readonly region: string | undefined;
  readonly profile: string | undefined;
}

/** Loads what replies will need; undefined = it is there. */
type Prepare = () => Promise<void> | undefined;

const ANTHROPIC_VERSION = 'bedrock-2023-05-31';

/** The path says the model and whether to stream, and betas ride in the body. */
const CLAUDE_RULE: BodyRule = {
  removed: ['model', 'stream'],
  added: { anthropic_version: ANTHROPIC_VERSION },
  fromHeaders: { 'anthropic-beta': 'anthropic_beta' },
  version: claudeVersion,
};

const REGION = /^[a-z]{2,}(-[a-z]+)+-\d{1,2}$/;

export const bedrock: ProviderKind = bedrockKind({ region: undefined, profile: undefined });

function bedrockKind(at: Place): ProviderKind {
  // The codec comes with the first request, long before the first reply.
  let reader: EventStreamReader | undefined;
  const prepare: Prepare = () =>
    reader
      ? undefined
      : loadEventStreamReader().then((loaded) => {
          reader = loaded;
        });
  return {
    id: 'bedrock',
    formats: ['anthropic-messages', 'openai-chat'],
    defaultBaseUrl: 'https://bedrock-runtime.{region}.amazonaws.com',
    credentialEnv: ['AWS_BEARER_TOKEN_BEDROCK'],
    needsCredential: false,
    catalogProvider: 'aws',
    formatsOf: (model) => [isClaude(model) ? 'anthropic-messages' : 'openai-chat'],
    path: bedrockPath,
    authHeaders: bearer,
    // Not documented.
    cancelStopsBilling: false,
    isReseller: true,
    // The answer's type follows from the path; the version and the betas stand in the body.
    withheldHeaders: ['accept', 'anthropic-version', 'anthropic-beta'],
    settings: ['region', 'profile'],
    place,
    // A region or keys of AWS say nothing about Bedrock; its own key does.
    isAnnounced: (environment) => Boolean(environment.AWS_BEARER_TOKEN_BEDROCK?.trim()),
    hasOwnErrors: () => true,
    bodyRule: (format) => (format === 'anthropic-messages' ? CLAUDE_RULE : undefined),
    createAuthorizer: (provider, means) => createAuthorizer(at, provider, means, prepare),
    createUnframer(format) {
      if (format !== 'anthropic-messages') return undefined;
      if (!reader) throw new Error('a reply came before any request was authorized');
      return createEventStreamUnframer(reader);
    },
  };
}

/** An inference profile's ARN may be of any maker's model and not say so; most by far are Claude's. */
function isClaude(model: string): boolean {
  if (/anthropic|claude/i.test(model)) return true;
  return /^arn:[^/]+:application-inference-profile\/[^/]+$/.test(model);
}

function bedrockPath(format: FormatId, operation: Operation, target: PathTarget): string | undefined {
  if (operation !== 'chat') return undefined;
  if (format === 'openai-chat') return '/openai/v1/chat/completions';
  const model = format === 'anthropic-messages' ? pathSegment(target.model) : undefined;
  return model && `/model/${model}/${target.isStream ? 'invoke-with-response-stream' : 'invoke'}`;
}

/** A key is a fixed header; without one the request is signed, by an identity that serves every provider of the kind. */
function createAuthorizer(
  { region, profile }: Place,
  { credential }: Provider,
  means: AuthorizerMeans,
  prepare: Prepare,
): Authorizer {
  if (credential) return { headersFor: () => prepare()?.then(() => ({})) ?? {} };
  if (region === undefined) throw new Error('no region to sign for');
  const identity = createAwsIdentity(profile, means);
  const signer = createAwsSigner({ region, service: 'bedrock' });
  return {
    async headersFor(request) {
      await prepare();
      return signer.sign(request, await identity.current(), means.clock.now());
    },
  };
}

function place({ baseUrl, settings, environment, credential }: PlaceInput): Placement {
  const read = (name: string) => environment[name]?.trim() || undefined;
  const region = settings.region ?? read('AWS_REGION') ?? read('AWS_DEFAULT_REGION');
  if (region !== undefined && !REGION.test(region)) {
    return { ok: false, problem: 'region must be one of AWS, such as us-east-1' };
  }
  // With a key and an address there is nothing left that needs one.
  if (region === undefined && !(baseUrl && credential)) {
    return { ok: false, problem: 'no region; set region, AWS_REGION or AWS_DEFAULT_REGION' };
  }
  return {
    ok: true,
    baseUrl: baseUrl ?? `https://bedrock-runtime.${region}.${domainOf(region!)}`,
    kind: bedrockKind({ region, profile: settings.profile }),
  };
}

function domainOf(region: string): string {
  return region.startsWith('cn-') ? 'amazonaws.com.cn' : 'amazonaws.com';
}
