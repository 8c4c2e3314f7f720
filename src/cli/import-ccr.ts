/** What a configuration of claude-code-router says, in our words. Pure. */
import { createDraft, type Draft, type Fields, type Imported, plainName } from './import-draft.ts';
import { compatible, type ImportKind, kindNamed, kindOfUrl } from './import-kinds.ts';
import { cleanUrl, createSecretNames, type SecretNames, variableName } from './import-secrets.ts';
import { fieldsOf, leaveOthers, listOf, numberOf, textOf, wordsOf } from './import-values.ts';

/** Its scenarios, and what we call the model of each. */
const SCENARIOS = {
  default: 'default',
  background: 'background',
  think: 'think',
  longContext: 'long-context',
  webSearch: 'web-search',
  image: 'image',
} as const;

/** What its transformers do is done here by the kind of the provider. */
const NEEDLESS = new Set([
  ...['anthropic', 'openai', 'deepseek', 'gemini', 'openrouter', 'groq', 'vertex-gemini', 'tooluse'],
  ...['maxcompletiontokens', 'enhancetool', 'cleancache', 'streamoptions', 'reasoning'],
]);

export function importCcr(content: unknown): Imported {
  const draft = createDraft();
  const file = fieldsOf(content);
  const secrets = createSecretNames(draft);
  const timeoutMs = numberOf(file.API_TIMEOUT_MS);
  const names = new Map<string, string>();
  for (const [index, value] of listOf(file.Providers ?? file.providers).entries())
    readProvider(draft, secrets, { row: fieldsOf(value), place: `Providers.${index}`, timeoutMs }, names);
  readRouter(draft, fieldsOf(file.Router), fieldsOf(file.fallback), names);
  readServer(draft, file);
  leaveOthers(draft, '', file, [
    ...['Providers', 'providers', 'Router', 'fallback', 'API_TIMEOUT_MS', 'APIKEY', 'HOST', 'PORT'],
    ...['LOG', 'LOG_LEVEL'],
  ]);
  return draft.finish();
}

interface Row {
  readonly row: Fields;
  readonly place: string;
  readonly timeoutMs: number | undefined;
}

/** `names` gets its name for the provider, with ours. */
function readProvider(
  draft: Draft,
  secrets: SecretNames,
  { row, place: index, timeoutMs }: Row,
  names: Map<string, string>,
): void {
  const name = textOf(row.name);
  const place = name === undefined ? index : `${index} (${name})`;
  const said = cleanUrl(draft, row.api_base_url ?? row.baseUrl, `${place}.api_base_url`, []);
  if (name === undefined || said === undefined) {
    draft.leave(place, 'it needs a name and an api_base_url');
    return;
  }
  const kind = kindOf(name, said, row);
  const wanted = kind.variables[0] ?? variableName(name, 'API_KEY');
  const apiKey = secrets.keyOf(row.api_key ?? row.apikey, wanted, `${place}.api_key`);
  const baseUrl = addressOf(kind, said);
  const total = timeoutMs && Math.min(7_200_000, Math.max(50, Math.round(timeoutMs)));
  const ours = draft.provider({
    kind,
    apiKey,
    name,
    ...(baseUrl !== undefined && { baseUrl }),
    ...(total && { settings: { timeouts: { total_ms: total } } }),
  });
  if (ours !== name) draft.note(`The provider ${name} is called ${ours} here.`);
  names.set(name, ours);
  for (const model of wordsOf(row.models)) draft.listModel(ours, model);
  readTransformers(draft, row.transformer, `${place}.transformer`);
  leaveOthers(draft, place, row, [
    ...['name', 'api_base_url', 'baseUrl', 'api_key', 'apikey', 'models', 'transformer'],
  ]);
}

/** By its address; one that speaks Anthropic's format says so by its transformer or its path. */
function kindOf(name: string, said: string, row: Fields): ImportKind {
  const url = URL.canParse(said) ? new URL(said) : undefined;
  const known = url ? kindOfUrl(url) : kindNamed(name.toLowerCase());
  const used = listOf(fieldsOf(row.transformer).use).flatMap((one) => wordsOf([one].flat()).slice(0, 1));
  const isAnthropic = used.map((one) => one.toLowerCase()).includes('anthropic') || /\/messages$/.test(said);
  if (known && known.kind !== 'openai-compatible') return known;
  return isAnthropic ? kindNamed('anthropic')! : (known ?? compatible);
}

const ENDS: Readonly<Record<string, readonly RegExp[]>> = {
  anthropic: [/\/messages$/, /\/v1$/],
  ollama: [/\/v1$/, /\/api$/],
  gemini: [/\/models$/],
};

/** undefined = the kind's own. */
function addressOf(kind: ImportKind, said: string): string | undefined {
  let url = said.replace(/\/chat\/completions$/, '');
  for (const end of ENDS[kind.kind] ?? []) url = url.replace(end, '');
  if (!URL.canParse(url)) return url;
  const { hostname, port } = new URL(url);
  const isLocal = ['localhost', '127.0.0.1', '[::1]'].includes(hostname);
  if (kind.kind === 'ollama') return isLocal && port === '11434' ? undefined : url;
  return kind.isLocal || kind.isOwnNames || !kindIsAt(kind, new URL(url)) ? url : undefined;
}

/** The address is the vendor's own, and the kind knows it. */
function kindIsAt(kind: ImportKind, url: URL): boolean {
  const found = kindOfUrl(url);
  return found.kind === kind.kind && found.kind !== 'openai-compatible';
}

function readTransformers(draft: Draft, value: unknown, place: string): void {
  for (const [key, part] of Object.entries(fieldsOf(value))) {
    const used = key === 'use' ? listOf(part) : listOf(fieldsOf(part).use);
    for (const one of used) {
      const [name] = wordsOf([one].flat());
      if (name === undefined) continue;
      const hasOptions = Array.isArray(one) && one.length > 1;
      const at = key === 'use' ? place : `${place}.${key}`;
      if (hasOptions) draft.leave(`${at}.${name}`, 'its options are not carried');
      else if (!NEEDLESS.has(name.toLowerCase()))
        draft.leave(`${at}.${name}`, 'there is no such transformer');
    }
  }
}

function readRouter(
  draft: Draft,
  router: Fields,
  fallback: Fields,
  names: ReadonlyMap<string, string>,
): void {
  const refOf = (value: unknown, place: string): string | undefined => {
    const text = textOf(value);
    if (text === undefined) return undefined;
    const [provider = '', ...rest] = text.split(',');
    const ours = names.get(provider.trim());
    const model = rest.join(',').trim();
    if (ours === undefined || model === '') {
      draft.leave(place, `"${text}" is no model of the Providers`);
      return undefined;
    }
    draft.listModel(ours, model);
    return `${ours}/${model}`;
  };
  for (const [scenario, alias] of Object.entries(SCENARIOS)) {
    const ref = refOf(router[scenario], `Router.${scenario}`);
    if (ref === undefined) continue;
    const behind = listOf(fallback[scenario]).flatMap((one) => refOf(one, `fallback.${scenario}`) ?? []);
    const longer = scenario === 'default' ? refOf(router.longContext, 'Router.longContext') : undefined;
    // What is too long for one is asked of the next: the model for long contexts stands behind the default one.
    const models = [...new Set([ref, ...behind, ...(longer === undefined ? [] : [longer])])];
    if (models.length === 1) draft.add('aliases', alias, ref);
    else draft.add('routes', alias, { models });
    // The alias of this name is found by itself, the route is not.
    if (models.length > 1 && alias === 'default') draft.set('models', { default: alias });
  }
  if (textOf(router.default) !== undefined)
    draft.note(
      'Claude Code names a model in each request: `turnpike run claude --model default` has all of them go to "default".',
    );
  const others = ['background', 'think', 'webSearch', 'image'].filter((name) => textOf(router[name]));
  if (others.length > 0)
    draft.note(
      `Requests are not told apart by what they are for: ${others.map((name) => `"${plainName(SCENARIOS[name as keyof typeof SCENARIOS])}"`).join(', ')} can be asked for by name, by a prompt (\`turnpike models set\`) or by ANTHROPIC_SMALL_FAST_MODEL.`,
    );
  if (router.longContextThreshold !== undefined)
    draft.leave(
      'Router.longContextThreshold',
      'the next model is asked when the window of the first is too small',
    );
  leaveOthers(draft, 'Router', router, [...Object.keys(SCENARIOS), 'longContextThreshold']);
  leaveOthers(draft, 'fallback', fallback, Object.keys(SCENARIOS));
}

function readServer(draft: Draft, file: Fields): void {
  const host = textOf(file.HOST);
  const port = numberOf(file.PORT);
  if (host !== undefined && !['127.0.0.1', 'localhost', '0.0.0.0'].includes(host)) draft.leave('HOST');
  if (host === '0.0.0.0')
    draft.leave('HOST', 'to listen beyond this machine set TURNPIKE_BOOTSTRAP_KEY, and host in the file');
  if (port !== undefined && Number.isInteger(port) && port <= 65_535) draft.set('port', port);
  if (textOf(file.APIKEY) !== undefined)
    draft.leave(
      'APIKEY',
      'clients need a key of Turnpike: `turnpike keys create`, or TURNPIKE_BOOTSTRAP_KEY',
    );
  const level = textOf(file.LOG_LEVEL)?.toLowerCase();
  const levels: Readonly<Record<string, string>> = { trace: 'debug', fatal: 'error' };
  const ours = level && (levels[level] ?? level);
  if (file.LOG === false) draft.set('log_level', 'warn');
  else if (ours && ['debug', 'info', 'warn', 'error', 'silent'].includes(ours)) draft.set('log_level', ours);
}
