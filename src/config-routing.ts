/** What configuration files say of routes and of falling back. */
import { basename } from 'node:path';
import { z } from 'zod';
import { perMillionHelp, readPerMillion } from './base/rates.ts';
import type { RouteFilterSettings, RouteSettings } from './base/route-settings.ts';
import { fallbackRefs, refText } from './config-models.ts';

const MAX_WEIGHT = 1_000;
/** What is answered anew each week is no cache. */
const MAX_CACHE_TTL_S = 7 * 24 * 3_600;
const MAX_CONTEXT_WINDOW = 100_000_000;

const capability = (what: string) =>
  z
    .boolean()
    .meta({ description: `Only models that are known to ${what}.` })
    .optional();

/** A number of YAML is read as it is printed; nothing is calculated with it. */
const ceiling = (what: string) =>
  z
    .union([z.string(), z.number()])
    .refine((value) => readPerMillion(String(value)) !== undefined, `must be ${perMillionHelp}`)
    .meta({ description: `Most that a million ${what} tokens may cost, in US dollars.` })
    .optional();

const requirements = z.strictObject({
  tools: capability('call tools'),
  vision: capability('read images'),
  thinking: capability('think before they answer'),
  documents: capability('read documents'),
  audio: capability('hear'),
  structured_output: capability('keep to a schema'),
  context_window: z
    .int()
    .min(1)
    .max(MAX_CONTEXT_WINDOW)
    .meta({ description: 'Only models that read at least so many tokens.' })
    .optional(),
  region: z
    .string()
    .min(1)
    .max(64)
    .meta({ description: 'Only providers that declare this `region`.' })
    .optional(),
  max_price: z.strictObject({ input: ceiling('input'), output: ceiling('output') }).optional(),
});

const member = z.union([
  refText,
  z.strictObject({
    ref: refText.meta({ description: 'A model ref.' }),
    weight: z
      .int()
      .min(0)
      .max(MAX_WEIGHT)
      .meta({
        description: 'Its share of the traffic under `weighted`; 0 = only when the others fail.',
        default: 1,
      })
      .optional(),
  }),
]);

export const routeSchema = z.strictObject({
  strategy: z
    .enum(['ordered', 'weighted', 'cheapest', 'fastest', 'sticky'])
    .meta({
      description:
        'Which is tried first: as written, by weight, by price, by the time to the first byte, or the one that the session has had.',
    })
    .default('ordered'),
  models: z.array(member).min(1).max(20).meta({
    description:
      'Model refs, or entries with a weight; the next is tried when one fails before its first byte.',
  }),
  require: requirements.optional(),
  cache_ttl_s: z
    .int()
    .min(1)
    .max(MAX_CACHE_TTL_S)
    .meta({ description: 'Answers to the very same request are kept and given again for so many seconds.' })
    .optional(),
  hedge: z
    .boolean()
    .meta({
      description: 'Ask the next one too when the first is late; what answers first is taken, both cost.',
      default: false,
    })
    .optional(),
});

export type RouteEntry = z.infer<typeof routeSchema>;

interface RoutesFile {
  readonly path: string;
  readonly content: { readonly routes?: Readonly<Record<string, RouteEntry>> | undefined };
}

/** Of a name that several files have, the last one's whole route. */
export function routesOf(
  files: readonly RoutesFile[],
  sources: Record<string, string>,
): Readonly<Record<string, RouteSettings>> {
  const routes: Record<string, RouteSettings> = Object.create(null);
  for (const { path, content } of files) {
    for (const [name, entry] of Object.entries(content.routes ?? {})) {
      routes[name] = routeOf(entry);
      sources[`routes.${name}`] = path;
    }
  }
  return routes;
}

/** As the rest of the house has it. */
export function routeOf({ strategy, models, require, cache_ttl_s, hedge }: RouteEntry): RouteSettings {
  return {
    strategy,
    targets: models.map((entry) =>
      typeof entry === 'string' ? { ref: entry, weight: 1 } : { ref: entry.ref, weight: entry.weight ?? 1 },
    ),
    filter: require && filterOf(require),
    ...(cache_ttl_s !== undefined && { cacheTtlMs: cache_ttl_s * 1_000 }),
    ...(hedge && { isHedged: true }),
  };
}

const capabilityNames = {
  tools: 'tools',
  vision: 'vision',
  thinking: 'thinking',
  documents: 'documents',
  audio: 'audio',
  structured_output: 'structured-output',
} as const;

/** undefined = nothing is required. */
function filterOf(require: z.infer<typeof requirements>): RouteFilterSettings | undefined {
  const names = Object.keys(capabilityNames) as (keyof typeof capabilityNames)[];
  const { context_window, region, max_price } = require;
  const filter: RouteFilterSettings = {
    capabilities: names.filter((name) => require[name]).map((name) => capabilityNames[name]),
    ...(context_window !== undefined && { contextWindow: context_window }),
    ...(region !== undefined && { region }),
    ...(max_price?.input !== undefined && { maxInputRate: nanoPerMillion(max_price.input) }),
    ...(max_price?.output !== undefined && { maxOutputRate: nanoPerMillion(max_price.output) }),
  };
  return filter.capabilities.length > 0 || Object.keys(filter).length > 1 ? filter : undefined;
}

/** A pico-dollar per token is a thousand nano-dollars per million. The schema has let only such amounts through. */
function nanoPerMillion(amount: string | number): number {
  return readPerMillion(String(amount))! * 1_000;
}

/** In a line, for people. */
export function describeRoute({ strategy, targets, filter, cacheTtlMs, isHedged }: RouteSettings): string {
  const refs = targets.map(({ ref, weight }) => (weight === 1 ? ref : `${ref} (${weight})`)).join(' > ');
  return [
    strategy === 'ordered' ? refs : `${strategy}: ${refs}`,
    ...(filter?.capabilities ?? []),
    ...(filter?.contextWindow === undefined ? [] : [`window ${filter.contextWindow}`]),
    ...(filter?.region === undefined ? [] : [`region ${filter.region}`]),
    ...(filter?.maxInputRate === undefined ? [] : [`input up to $${filter.maxInputRate / 1e9}/M`]),
    ...(filter?.maxOutputRate === undefined ? [] : [`output up to $${filter.maxOutputRate / 1e9}/M`]),
    ...(cacheTtlMs === undefined ? [] : [`cached ${cacheTtlMs / 1_000} s`]),
    ...(isHedged ? ['hedged'] : []),
  ].join(', ');
}

/** More than anybody writes by hand; programs use the admin API. */
const MAX_CHAINS = 1_000;

export const fallbackSchema = z.strictObject({
  enabled: z
    .boolean()
    .meta({
      description:
        'Whether other models than the chosen one may answer when it fails. Without the part `fallback` they may not, but for those that a route or a prompt itself names; `false` takes the latter away too.',
      default: true,
    })
    .optional(),
  default: refText.meta({ description: 'Model ref that is tried last, whatever was chosen.' }).optional(),
  built_in: z
    .boolean()
    .meta({ description: 'Use the chains that ship with Turnpike where none is declared.', default: true })
    .optional(),
  chains: z
    .record(refText, fallbackRefs)
    .refine((chains) => Object.keys(chains).length <= MAX_CHAINS, `must be at most ${MAX_CHAINS}`)
    .meta({
      description:
        'Model -> the model refs that stand in for it, in order, whoever serves it; an empty list = nobody does.',
    })
    .optional(),
  on_content_filter: z
    .boolean()
    .meta({
      description: "What a provider's content filter refused may be asked elsewhere.",
      default: false,
    })
    .optional(),
});

type FallbackPart = z.infer<typeof fallbackSchema>;

export interface FallbackSettings {
  /** Declared anywhere, and not switched off: other models than the chosen one may answer. */
  readonly isEnabled: boolean;
  /** `enabled: false` stands in a file: not even those may that a prompt's own rule names. */
  readonly isForbidden: boolean;
  readonly default: string | undefined;
  readonly usesBuiltIn: boolean;
  readonly chains: readonly {
    readonly model: string;
    readonly refs: readonly string[];
    readonly source: string;
  }[];
  readonly onContentFilter: boolean;
}

interface FallbackFile {
  readonly path: string;
  readonly content: { readonly fallback?: FallbackPart | undefined };
}

/** Setting by setting, the last file's; chains add up. */
export function fallbackOf(
  files: readonly FallbackFile[],
  sources: Record<string, string>,
): FallbackSettings {
  const said: Omit<FallbackPart, 'chains'> = {};
  const chains: FallbackSettings['chains'][number][] = [];
  let isDeclared = false;
  for (const { path, content } of files) {
    if (!content.fallback) continue;
    isDeclared = true;
    const { chains: declared, ...settings } = content.fallback;
    for (const [name, value] of Object.entries(settings)) {
      if (value === undefined) continue;
      Object.assign(said, { [name]: value });
      sources[`fallback.${name}`] = path;
    }
    for (const [model, refs] of Object.entries(declared ?? {})) {
      chains.push({ model, refs, source: `${basename(path)} fallback.chains.${model}` });
      sources[`fallback.chains.${model}`] = path;
    }
  }
  return {
    isEnabled: isDeclared && said.enabled !== false,
    isForbidden: said.enabled === false,
    default: said.default,
    usesBuiltIn: said.built_in ?? true,
    chains,
    onContentFilter: said.on_content_filter ?? false,
  };
}

/** In a line, for people. */
export function describeFallback(settings: FallbackSettings): string {
  if (!settings.isEnabled) return settings.isForbidden ? 'off' : 'not declared';
  const { default: last, usesBuiltIn, chains, onContentFilter } = settings;
  return [
    'on',
    ...(last === undefined ? [] : [`default ${last}`]),
    `${chains.length} ${chains.length === 1 ? 'chain' : 'chains'} declared`,
    usesBuiltIn ? 'built-in ones used' : 'no built-in ones',
    ...(onContentFilter ? ['after a content filter too'] : []),
  ].join(', ');
}
