/** Fallback chains: which one holds for a model, whoever serves it and however it is spelled. Pure. */
import type { Catalog } from '../catalog/model.ts';
import { bedrockNames, undated } from '../catalog/spelling.ts';
import { type RoutedProvider, splitRef } from './ref.ts';
import type { FallbackChain } from './route-rule.ts';

export interface ChainNames {
  readonly providers: ReadonlyMap<string, RoutedProvider>;
  readonly catalog: Catalog;
}

/**
 * By canonical `vendor/model`: what was stored before what a file says, and that before the built-in ones. An empty
 * list stays in, as it switches a chain off.
 */
export function compileChains(
  builtIn: readonly FallbackChain[],
  file: readonly FallbackChain[],
  stored: readonly FallbackChain[],
  names: ChainNames,
): ReadonlyMap<string, FallbackChain> {
  const chains = new Map<string, FallbackChain>();
  for (const chain of builtIn) {
    chains.set(chain.model, { ...chain, refs: chain.refs.map((ref) => asServedHere(ref, names.providers)) });
  }
  for (const chain of [...file, ...stored]) chains.set(canonicalModel(chain.model, names), chain);
  return chains;
}

/** The chain of one model as a provider serves it; undefined = nobody stands in for it. */
export function chainFor(
  chains: ReadonlyMap<string, FallbackChain>,
  catalogProvider: string,
  model: string,
  catalog: Catalog,
): FallbackChain | undefined {
  for (const name of namesOf(catalogProvider, model, catalog)) {
    const chain = chains.get(name);
    if (chain) return chain.refs.length > 0 ? chain : undefined;
  }
  return undefined;
}

/**
 * `vendor/model` as the catalog files it, for what an operator writes: `provider/model`, `vendor/model` or a bare id,
 * dated or not. What neither knows stays as it is written.
 */
export function canonicalModel(text: string, { providers, catalog }: ChainNames): string {
  const written = text.trim();
  const split = splitRef(written);
  const vendor = split && (providers.get(split.provider)?.catalogProvider ?? split.provider);
  if (split && vendor !== undefined && (providers.has(split.provider) || catalog.find(vendor, split.model))) {
    return `${vendor}/${catalog.find(vendor, split.model)?.id ?? split.model}`;
  }
  for (const provider of providers.values()) {
    if (provider.models.includes(written)) return `${provider.catalogProvider}/${written}`;
  }
  const [known] = catalog.findBare(written);
  return known ? `${known.provider}/${known.id}` : written;
}

/** The provider of this installation that serves the vendor's models, one of its name first; else as the catalog has it. */
function asServedHere(ref: string, providers: ReadonlyMap<string, RoutedProvider>): string {
  const split = splitRef(ref)!;
  const named = providers.get(split.provider);
  if (named?.catalogProvider === split.provider) return ref;
  const serving = [...providers.values()].find((one) => one.catalogProvider === split.provider);
  return serving ? `${serving.name}/${split.model}` : ref;
}

/** What makers are called at those who resell their models. */
const MAKERS: Readonly<Record<string, string>> = { mistralai: 'mistral', 'z-ai': 'zai' };

/** Shelves of resellers whose models have their makers' ids. */
const MAKERS_OF: Readonly<Record<string, readonly string[]>> = {
  azure: ['openai'],
  vertex: ['anthropic', 'google'],
};

/** Every name a chain of this model may be filed under, its own vendor's first, then its maker's. */
function namesOf(vendor: string, model: string, catalog: Catalog): Set<string> {
  const names = new Set<string>();
  const add = (provider: string, id: string): void => {
    names.add(`${provider}/${id}`);
    const known = catalog.find(provider, id);
    if (known) names.add(`${provider}/${known.id}`);
    names.add(`${provider}/${undated(id)}`);
  };
  add(vendor, model);
  for (const maker of MAKERS_OF[vendor] ?? []) add(maker, model);
  if (vendor === 'aws') addMade(bedrockNames(model).at(-1)!, '.', add);
  else addMade(model.replace(/:[a-z]+$/, ''), '/', add);
  return names;
}

/** `anthropic/claude-sonnet-4.5` and `anthropic.claude-sonnet-4-5-20250929` name their maker. */
function addMade(text: string, separator: string, add: (provider: string, id: string) => void): void {
  const at = text.indexOf(separator);
  if (at <= 0) return;
  const maker = text.slice(0, at);
  const id = text.slice(at + 1);
  add(MAKERS[maker] ?? maker, id);
  // Resellers write versions with a dot where Anthropic has a dash.
  if (id.includes('.')) add(MAKERS[maker] ?? maker, id.replaceAll('.', '-'));
}
