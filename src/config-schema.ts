/**
 * Schema of `turnpike.yaml` and `$TURNPIKE_HOME/config.yaml`: what a file may say, strictly (an unknown name is an
 * error, not a shrug). Descriptions and defaults here are what docs/reference/configuration.md and the published
 * JSON Schema say; `config.ts` and `upstream/configure.ts` apply the defaults, and a test holds them together.
 */
import { z } from 'zod';
import { alertsSchema } from './config-alerts.ts';
import { budgetList } from './config-budgets.ts';
import { egressSchema } from './config-egress.ts';
import { healthSchema } from './config-health.ts';
import { keyList, keysSchema } from './config-keys.ts';
import { modelsSchema, refText } from './config-models.ts';
import { pricesSchema } from './config-prices.ts';
import { privacySchema } from './config-privacy.ts';
import { promptsSchema } from './config-prompts.ts';
import { rateLimitList } from './config-rate-limits.ts';
import { retention } from './config-retention.ts';
import { fallbackSchema, routeSchema } from './config-routing.ts';
import { publicUrl, signInSchema, trustedProxies } from './config-sign-in.ts';
import { vaultSchema } from './config-vault.ts';

export const LOG_LEVELS = ['debug', 'info', 'warn', 'error', 'silent'] as const;

/** Wire formats, as `src/wire/formats.ts` names them. */
export const FORMATS = [
  'anthropic-messages',
  'openai-chat',
  'openai-responses',
  'gemini-generate',
  'ollama-chat',
] as const;

const name = z
  .string()
  .regex(/^[A-Za-z0-9][A-Za-z0-9_.-]{0,63}$/, 'letters, digits, dot, dash and underscore, at most 64');

const timeouts = z
  .strictObject({
    connect_ms: z
      .int()
      .min(50)
      .max(60_000)
      .meta({ description: 'TCP and TLS together.', default: 5_000 })
      .optional(),
    first_byte_ms: z
      .int()
      .min(50)
      .max(3_600_000)
      .meta({ description: 'From the request to the first byte of the reply.', default: 300_000 })
      .optional(),
    idle_ms: z
      .int()
      .min(50)
      .max(3_600_000)
      .meta({
        description: 'Between two pieces of a reply; not counted while the client is slow.',
        default: 120_000,
      })
      .optional(),
    content_ms: z
      .int()
      .min(50)
      .max(7_200_000)
      .meta({
        description:
          'Between two pieces of content in a stream. Pings and halves of events are signs of life, which `idle_ms` waits for, and no content; a stream is ended up to a quarter later than this. Not counted while the client is slow.',
        default: 300_000,
      })
      .optional(),
    total_ms: z
      .int()
      .min(50)
      .max(7_200_000)
      .meta({ description: 'The whole attempt.', default: 900_000 })
      .optional(),
  })
  .meta({ description: 'Limits of one attempt, in milliseconds.' });

/** One that some kinds need beside an address; kinds that do not read it say so. */
const setting = (description: string) => z.string().min(1).max(200).meta({ description }).optional();

const provider = z
  .strictObject({
    kind: z
      .string()
      .max(64)
      .meta({ description: 'What it is: a vendor, a preset, or `openai-compatible`. Default: its name.' })
      .optional(),
    base_url: z
      .string()
      .max(2000)
      .meta({
        description:
          "Address as the vendor's own SDK takes it: up to and including `/v1` where the API is OpenAI's, without `/v1` for Anthropic, the root for Ollama. Default: the kind's.",
      })
      .optional(),
    api_key: z
      .string()
      .max(4000)
      .meta({
        description:
          "Its key, best named by a variable. The kind's own variable, where it is set, comes before this for the provider of the kind's name.",
      })
      .optional(),
    api_keys: keyList
      .meta({
        description:
          'Several keys that share the traffic: texts, or entries with a weight and a name. One that is limited or refused is passed over.',
      })
      .optional(),
    admin_key: z
      .string()
      .min(1)
      .max(4000)
      .meta({
        description:
          "Reads the provider's bills (Anthropic, OpenAI, OpenRouter), for nothing else; best named by a variable. `ANTHROPIC_ADMIN_KEY`, `OPENAI_ADMIN_KEY` and `OPENROUTER_PROVISIONING_KEY`, where set, come before this for the provider of the kind's name.",
      })
      .optional(),
    bill_url: z
      .string()
      .max(2000)
      .meta({
        description: "Address of the API that reports bills. Default: the vendor's own; never `base_url`.",
      })
      .optional(),
    bill_scope: setting(
      "The part of the organization's bill to compare: Anthropic workspace (`default` for the one without an id) or OpenAI project of this provider's key. Default: all of it.",
    ),
    headers: z
      .record(z.string(), z.string())
      .meta({ description: 'Extra request headers; they replace the ones of the client and of Turnpike.' })
      .optional(),
    models: z
      .array(z.string().min(1).max(200))
      .max(2000)
      .meta({ description: 'Model ids to list, for servers that the catalog does not know.' })
      .optional(),
    stream_usage: z
      .enum(['ask', 'leave'])
      .meta({
        description:
          'Whether to ask for usage in streams where the client did not. Default: `ask`, but `leave` for kinds that refuse the question.',
      })
      .optional(),
    formats: z
      .array(z.enum(FORMATS))
      .min(1)
      .max(FORMATS.length)
      .meta({
        description:
          'Wire formats to speak to it, preferred one first. Default: those of its kind; `[openai-responses]` where a server of an OpenAI kind serves that one too.',
      })
      .optional(),
    auto_cache: z
      .boolean()
      .meta({
        description:
          'Set prompt-cache breakpoints in requests that have none, where the provider caches only what is marked (Anthropic).',
        default: false,
      })
      .optional(),
    api_version: setting('Azure: version of the classic API, such as 2024-10-21. Default: the v1 API.'),
    region: setting(
      'Where it works, for routes that demand a region. Bedrock: the AWS region; default: `AWS_REGION` or `AWS_DEFAULT_REGION`.',
    ),
    profile: setting(
      'Bedrock: section of the AWS configuration whose credentials sign. Default: the keys in the environment, else what the AWS library finds.',
    ),
    project: setting(
      "Vertex: Google Cloud project. Default: the key's own, else `GOOGLE_CLOUD_PROJECT` or `ANTHROPIC_VERTEX_PROJECT_ID`.",
    ),
    location: setting(
      'Vertex: region, `us`, `eu` or `global`. Default: `GOOGLE_CLOUD_LOCATION` or `CLOUD_ML_REGION`, else `global`.',
    ),
    timeouts: timeouts.optional(),
  })
  .nullable();

const limits = z.strictObject({
  body_bytes: z
    .int()
    .min(1024)
    .max(1_073_741_824)
    .meta({ description: 'Largest request body, after decompression.', default: 64 * 1024 * 1024 })
    .optional(),
  exchanges: z
    .int()
    .min(1)
    .max(1_000_000)
    .meta({ description: 'Requests open at once; more are refused with 503.', default: 10_000 })
    .optional(),
  keep_alive_ms: z
    .int()
    .min(100)
    .max(600_000)
    .meta({
      description: 'Silence of a stream after which an SSE comment keeps its connection open.',
      default: 15_000,
    })
    .optional(),
  stored_responses_bytes: z
    .int()
    .min(0)
    .max(1_073_741_824)
    .meta({
      description:
        'Memory for translated responses that clients go on from by id (`previous_response_id`, `item_reference`); the least used go first, and 0 keeps none.',
      default: 64 * 1024 * 1024,
    })
    .optional(),
  cache_bytes: z
    .int()
    .min(0)
    .max(4_294_967_296)
    .meta({
      description:
        'Memory for answers that are given again to the same request, where a key or a route says so; the least used go first, and 0 keeps none.',
      default: 64 * 1024 * 1024,
    })
    .optional(),
});

export const fileSchema = z.strictObject({
  providers: z
    .record(name, provider)
    .meta({ description: 'Upstreams, by the name that stands before the slash in a model ref.' })
    .optional(),
  models: modelsSchema.optional(),
  aliases: z
    .record(name, refText)
    .meta({ description: 'Other names for model refs; `default` serves requests that name no model.' })
    .optional(),
  routes: z
    .record(name, routeSchema)
    .meta({ description: 'Chains of models under one name, written like a model.' })
    .optional(),
  fallback: fallbackSchema.optional(),
  limits: limits.optional(),
  durability: z
    .enum(['power', 'process'])
    .meta({
      description: 'What a recorded cent survives: a power cut, or the process only.',
      default: 'power',
    })
    .optional(),
  host: z.string().meta({ description: 'Address to listen at.', default: '127.0.0.1' }).optional(),
  port: z
    .int()
    .min(0)
    .max(65_535)
    .meta({ description: 'Port to listen at; 0 takes a free one.', default: 8642 })
    .optional(),
  log_level: z
    .enum(LOG_LEVELS)
    .meta({ description: 'Least important lines to log.', default: 'info' })
    .optional(),
  budgets: budgetList.meta({ description: 'Limits on spend; see docs/guide/budgets.md.' }).optional(),
  prompts: promptsSchema
    .meta({ description: 'Where prompt files are looked for; see docs/guide/prompts.md.' })
    .optional(),
  health: healthSchema
    .meta({
      description: 'How providers are looked after; see docs/guide/health.md. Not added up over files.',
    })
    .optional(),
  retention: retention
    .meta({ description: 'How long the books keep what. Not added up over files.' })
    .optional(),
  privacy: privacySchema
    .meta({
      description:
        'What may be kept of what requests say; see docs/guide/privacy.md. Not added up over files.',
    })
    .optional(),
  alerts: alertsSchema
    .meta({ description: 'Who is told of alerts, beside the log, which always is. Not added up over files.' })
    .optional(),
  rate_limits: rateLimitList
    .meta({ description: 'Limits on requests and tokens per minute, and on requests at once.' })
    .optional(),
  egress: egressSchema
    .meta({ description: 'Where providers declared through the API may lead. Not added up over files.' })
    .optional(),
  sign_in: signInSchema
    .meta({ description: 'How people sign in; see docs/guide/signing-in.md. Not added up over files.' })
    .optional(),
  public_url: publicUrl.optional(),
  trusted_proxies: trustedProxies.optional(),
  prices: pricesSchema.meta({ description: 'What models cost, where you know better.' }).optional(),
  keys: keysSchema.meta({ description: 'How the keys of providers are used.' }).optional(),
  vault: vaultSchema
    .meta({ description: 'Where its master key is; see docs/guide/vault.md. Not added up over files.' })
    .optional(),
  // Parts of the contract that this version reads but does not act on yet; `laterParts` names them to the operator.
  guards: z.unknown().meta({ description: 'Not applied by this version.' }).optional(),
});

export type ConfigFile = z.infer<typeof fileSchema>;

/** Parts a file may hold that nothing acts on in this version, each with what that means. */
export function laterParts(file: ConfigFile): string[] {
  const found: string[] = [];
  if (file.guards !== undefined) found.push('guards: requests are not scanned by this version');
  return found;
}
