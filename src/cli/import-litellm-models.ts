/** The model list of LiteLLM: each entry is a provider of ours, one of its models, and what limits and costs it has. */
import type { Draft, Fields } from './import-draft.ts';
import { compatible, type ImportKind, kindOfBareModel, kindOfPrefix, kindOfUrl } from './import-kinds.ts';
import {
  cleanUrl,
  isSecretHeader,
  isSecretText,
  plainText,
  type SecretNames,
  variableName,
} from './import-secrets.ts';
import { fieldsOf, leaveOthers, listOf, numberOf, perMillion, textOf } from './import-values.ts';

export interface Deployment {
  /** `model_name`: what clients ask for. */
  readonly group: string;
  /** Ours: `provider/model`. */
  readonly ref: string;
  readonly provider: string;
  /** What LiteLLM calls the provider. */
  readonly vendor: string;
  readonly place: string;
  readonly order: number | undefined;
  readonly weight: number | undefined;
  readonly rpm: number | undefined;
  readonly tpm: number | undefined;
  readonly maxBudget: number | undefined;
  readonly budgetDuration: unknown;
}

/** Of `litellm_params`; what is not here is left, by name. */
const KNOWN = [
  ...['model', 'custom_llm_provider', 'api_key', 'api_base', 'base_url', 'api_version', 'extra_headers'],
  ...['headers', 'organization', 'timeout', 'rpm', 'tpm', 'max_parallel_requests', 'weight', 'order'],
  ...['max_budget', 'budget_duration', 'aws_region_name', 'aws_profile_name', 'vertex_project'],
  ...['vertex_ai_project', 'vertex_location', 'vertex_ai_location', 'region_name'],
  ...['input_cost_per_token', 'output_cost_per_token', 'cache_read_input_token_cost'],
  'cache_creation_input_token_cost',
];
/** Words for people, and prices. */
const KNOWN_INFO = [
  ...['id', 'mode', 'description', 'db_model', 'input_cost_per_token', 'output_cost_per_token'],
  ...['cache_read_input_token_cost', 'cache_creation_input_token_cost'],
];

export function readDeployments(draft: Draft, secrets: SecretNames, file: Fields): Deployment[] {
  const settings = fieldsOf(file.litellm_settings);
  const router = fieldsOf(file.router_settings);
  const timeout = numberOf(router.timeout) ?? numberOf(settings.request_timeout);
  const found: Deployment[] = [];
  const priced = new Set<string>();
  const limited = new Set<string>();
  for (const [index, value] of listOf(file.model_list).entries()) {
    const entry = fieldsOf(value);
    const params = fieldsOf(entry.litellm_params);
    const info = fieldsOf(entry.model_info);
    const group = textOf(entry.model_name);
    const place = `model_list.${index}${group === undefined ? '' : ` (${group})`}`;
    const deployment =
      group === undefined ? undefined : read(draft, secrets, { group, place, params, timeout });
    if (group === undefined) draft.leave(place, 'it has no model_name');
    leaveOthers(draft, place, entry, ['model_name', 'litellm_params', 'model_info']);
    if (!deployment) continue;
    leaveOthers(draft, `${place}.litellm_params`, params, KNOWN);
    leaveOthers(draft, `${place}.model_info`, info, KNOWN_INFO);
    if (deployment === 'every model') continue;
    found.push(deployment);
    once(priced, deployment.ref, () => readPrice(draft, deployment, { ...info, ...params }));
    once(limited, deployment.ref, () => readLimits(draft, deployment, params));
  }
  return found;
}

function once(done: Set<string>, ref: string, work: () => void): void {
  if (done.has(ref)) return;
  done.add(ref);
  work();
}

interface Entry {
  readonly group: string;
  readonly place: string;
  readonly params: Fields;
  /** In seconds, of the whole proxy. */
  readonly timeout: number | undefined;
}

/** `every model`: a provider without a name of its own. undefined = it was left, with the reason. */
function read(draft: Draft, secrets: SecretNames, entry: Entry): Deployment | 'every model' | undefined {
  const { group, place, params } = entry;
  const target = targetOf(params);
  if (!target) {
    draft.leave(place, `Turnpike does not speak to ${vendorOf(params)}`);
    return undefined;
  }
  const { kind, model, vendor } = target;
  const baseUrl = addressOf(draft, kind, params, place);
  if (kind === compatible && baseUrl === undefined) {
    draft.leave(place, 'it needs an api_base');
    return undefined;
  }
  const provider = draft.provider({
    kind,
    baseUrl,
    apiKey: secrets.keyOf(params.api_key, keyName(kind, vendor), `${place}.litellm_params.api_key`),
    settings: settingsOf(draft, secrets, kind, entry),
  });
  if (model.includes('*')) {
    if (group !== `${vendor}/*` || vendor !== provider)
      draft.note(`${place}: ask for its models as ${provider}/<model>.`);
    return 'every model';
  }
  if (kind.isOwnNames) draft.listModel(provider, model);
  return {
    ...{ group, ref: `${provider}/${model}`, provider, vendor, place },
    order: numberOf(params.order),
    weight: numberOf(params.weight),
    rpm: numberOf(params.rpm),
    tpm: numberOf(params.tpm),
    maxBudget: numberOf(params.max_budget),
    budgetDuration: params.budget_duration,
  };
}

function targetOf(params: Fields): { kind: ImportKind; model: string; vendor: string } | undefined {
  const text = textOf(params.model);
  if (text === undefined) return undefined;
  const slash = text.indexOf('/');
  const named = textOf(params.custom_llm_provider);
  const prefix = named ?? (slash === -1 ? '' : text.slice(0, slash));
  const model = named === undefined || text.startsWith(`${named}/`) ? text.slice(slash + 1) : text;
  const base = textOf(params.api_base) ?? textOf(params.base_url);
  const kind = kindOfPrefix(prefix);
  if (kind?.kind === 'bedrock')
    return { kind, model: model.replace(/^(converse|invoke|converse_like)\//, ''), vendor: prefix };
  if (kind?.kind === 'openai' && base !== undefined && !isOpenai(base))
    return { kind: compatible, model, vendor: prefix };
  if (kind) return { kind, model, vendor: prefix };
  if (slash !== -1) return undefined;
  if (base !== undefined && URL.canParse(base))
    return { kind: kindOfUrl(new URL(base)), model: text, vendor: '' };
  const bare = kindOfBareModel(text);
  return bare && { kind: bare, model: text, vendor: bare.kind };
}

function isOpenai(base: string): boolean {
  return URL.canParse(base) && new URL(base).hostname === 'api.openai.com';
}

function vendorOf(params: Fields): string {
  const text = textOf(params.model);
  if (text === undefined) return 'an entry without a model';
  return textOf(params.custom_llm_provider) ?? (text.includes('/') ? text.split('/', 1)[0]! : `"${text}"`);
}

function keyName(kind: ImportKind, vendor: string): string {
  return kind.variables[0] ?? variableName(vendor || kind.kind, 'API_KEY');
}

/** What the kind adds to an address by itself, other gateways have in it. */
const ENDS: Readonly<Record<string, readonly RegExp[]>> = {
  anthropic: [/\/messages$/, /\/v1$/],
  ollama: [/\/api(\/(chat|generate))?$/, /\/v1$/],
  azure: [/\/openai(\/v1)?$/],
};

function addressOf(draft: Draft, kind: ImportKind, params: Fields, place: string): string | undefined {
  const value = params.api_base ?? params.base_url;
  const ends = [/\/chat\/completions$/, ...(ENDS[kind.kind] ?? [])];
  const url = cleanUrl(draft, value, `${place}.litellm_params.api_base`, ends);
  if (url === undefined || DEFAULTS[kind.kind] === url.replace('//localhost:', '//127.0.0.1:'))
    return undefined;
  // Its own clients are given the root.
  return kind.kind === 'litellm' && URL.canParse(url) && new URL(url).pathname === '/' ? `${url}/v1` : url;
}

const DEFAULTS: Readonly<Record<string, string>> = {
  openai: 'https://api.openai.com/v1',
  anthropic: 'https://api.anthropic.com',
  ollama: 'http://127.0.0.1:11434',
  openrouter: 'https://openrouter.ai/api/v1',
};

const MAX_TIMEOUT_MS = 7_200_000;

function settingsOf(
  draft: Draft,
  secrets: SecretNames,
  { kind }: ImportKind,
  { params, place, timeout }: Entry,
): Fields {
  const at = (name: string) => `${place}.litellm_params.${name}`;
  const text = (name: string) => plainText(draft, params[name], at(name));
  const seconds = numberOf(params.timeout) ?? timeout;
  const headers = headersOf(draft, secrets, params, place);
  const apiVersion = kind === 'azure' ? text('api_version') : undefined;
  const region = kind === 'bedrock' ? (text('aws_region_name') ?? text('region_name')) : undefined;
  const profile = kind === 'bedrock' ? text('aws_profile_name') : undefined;
  const project = kind === 'vertex' ? (text('vertex_project') ?? text('vertex_ai_project')) : undefined;
  const location = kind === 'vertex' ? (text('vertex_location') ?? text('vertex_ai_location')) : undefined;
  const totalMs = seconds && Math.min(MAX_TIMEOUT_MS, Math.max(50, Math.round(seconds * 1000)));
  return {
    ...(apiVersion !== undefined && /^\$|^\d{4}-/.test(apiVersion) && { api_version: apiVersion }),
    ...(region !== undefined && { region }),
    ...(profile !== undefined && { profile }),
    ...(project !== undefined && { project }),
    ...(location !== undefined && { location }),
    ...(Object.keys(headers).length > 0 && { headers }),
    ...(totalMs && { timeouts: { total_ms: totalMs } }),
  };
}

function headersOf(
  draft: Draft,
  secrets: SecretNames,
  params: Fields,
  place: string,
): Record<string, string> {
  const headers: Record<string, string> = {};
  for (const field of ['extra_headers', 'headers']) {
    for (const [name, value] of Object.entries(fieldsOf(params[field]))) {
      const at = `${place}.litellm_params.${field}.${name}`;
      const text =
        isSecretHeader(name) || isSecretText(value)
          ? secrets.keyOf(value, variableName('header', name), at)
          : plainText(draft, value, at);
      if (text !== undefined) headers[name.toLowerCase()] = text;
    }
  }
  const organization = plainText(draft, params.organization, `${place}.litellm_params.organization`);
  return organization === undefined ? headers : { ...headers, 'openai-organization': organization };
}

function readLimits(draft: Draft, { ref, rpm, tpm, place }: Deployment, params: Fields): void {
  const concurrent = numberOf(params.max_parallel_requests);
  const whole = (value: number | undefined) => (value && value >= 1 ? Math.floor(value) : undefined);
  const entry = {
    ...(whole(rpm) && { requests_per_minute: whole(rpm) }),
    ...(whole(tpm) && { input_tokens_per_minute: whole(tpm) }),
    ...(whole(concurrent) && { concurrent: whole(concurrent) }),
  };
  if (Object.keys(entry).length === 0) return;
  draft.push('rate_limits', { scope: `deployment:${ref}`, ...entry });
  if (whole(tpm)) draft.note(`${place}: tpm counted input and output together; here it limits input.`);
}

/** `Fields` of both `litellm_params` and `model_info`: either may say what it costs. */
function readPrice(draft: Draft, { provider, ref, place }: Deployment, fields: Fields): void {
  const names = {
    input_usd_per_mtok: 'input_cost_per_token',
    output_usd_per_mtok: 'output_cost_per_token',
    cache_read_usd_per_mtok: 'cache_read_input_token_cost',
    cache_write_5m_usd_per_mtok: 'cache_creation_input_token_cost',
  };
  const given = Object.entries(names).filter(
    ([, field]) => fields[field] !== undefined && fields[field] !== null,
  );
  if (given.length === 0) return;
  const rates = Object.fromEntries(given.map(([name, field]) => [name, perMillion(fields[field])]));
  const isWhole = rates.input_usd_per_mtok !== undefined && rates.output_usd_per_mtok !== undefined;
  if (!isWhole || Object.values(rates).includes(undefined))
    draft.leave(`${place}: its price`, 'a price needs input and output, of at most 6 places per million');
  else draft.price({ provider, model: ref.slice(provider.length + 1), ...rates });
}
