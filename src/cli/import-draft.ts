/** A configuration in the making: what other gateways' files say is put into it, and what could not be is noted. */
import type { ImportKind } from './import-kinds.ts';

export type Fields = Readonly<Record<string, unknown>>;

export interface Imported {
  /** What turnpike.yaml is to say. */
  readonly config: Record<string, unknown>;
  readonly variables: readonly { readonly name: string; readonly reason: string }[];
  /** What works otherwise than it did. */
  readonly notes: readonly string[];
  /** What could not be carried, by its place in the file. Names only: values may be secrets. */
  readonly left: readonly string[];
}

export interface DraftProvider {
  readonly kind: ImportKind;
  readonly baseUrl?: string | undefined;
  /** As the file has it: a text of ours with `${NAME}`. */
  readonly apiKey?: string | undefined;
  /** Further settings, as turnpike.yaml names them. */
  readonly settings?: Fields;
  /** What it is best called; absent = made up. */
  readonly name?: string;
}

export interface Draft {
  /** The name of the provider that is so: of two that are the same there is one. */
  provider(provider: DraftProvider): string;
  /** Lists a model of a provider whose names nobody else knows. */
  listModel(provider: string, model: string): void;
  /** `${NAME}`, and that it is to be set. */
  variable(name: string, reason: string): string;
  add(part: 'aliases' | 'routes', name: string, value: unknown): void;
  has(name: string): boolean;
  push(part: 'budgets' | 'rate_limits', entry: Fields): void;
  price(entry: Fields): void;
  set(part: string, value: unknown): void;
  note(text: string): void;
  leave(place: string, why?: string): void;
  finish(): Imported;
}

interface Made {
  readonly name: string;
  readonly row: Record<string, unknown>;
  readonly models: string[];
}

export function createDraft(): Draft {
  const providers = new Map<string, Made>();
  const parts: Record<string, unknown> = {};
  const names: Record<'aliases' | 'routes', Record<string, unknown>> = { aliases: {}, routes: {} };
  const lists: Record<'budgets' | 'rate_limits', Fields[]> = { budgets: [], rate_limits: [] };
  const prices: Fields[] = [];
  const variables = new Map<string, string>();
  const notes = new Set<string>();
  const left = new Set<string>();
  const isTaken = (name: string) => [...providers.values()].some((made) => made.name === name);
  const variable = (name: string, reason: string): string => {
    if (!variables.has(name)) variables.set(name, reason);
    return `\${${name}}`;
  };
  return {
    provider(wanted) {
      const row = rowOf(wanted);
      const key = JSON.stringify([wanted.kind.kind, row, wanted.name]);
      const known = providers.get(key);
      if (known) return known.name;
      const name = nameFor(wanted, isTaken);
      // Only the provider of the kind's own name is given the kind's variable.
      const [usual] = wanted.kind.variables;
      const isKeyless = !row.api_key && usual !== undefined && !wanted.kind.isLocal;
      const borrowed = isKeyless ? variable(usual, `the key of the provider ${name}`) : undefined;
      const own = { ...(name !== wanted.kind.kind && { kind: wanted.kind.kind }), ...row };
      providers.set(key, {
        name,
        row: borrowed && name !== wanted.kind.kind ? { ...own, api_key: borrowed } : own,
        models: [],
      });
      return name;
    },
    listModel(provider, model) {
      const made = [...providers.values()].find(({ name }) => name === provider);
      if (made && !made.models.includes(model)) made.models.push(model);
    },
    variable,
    add(part, name, value) {
      names[part][name] = value;
    },
    has: (name) => Object.hasOwn(names.aliases, name) || Object.hasOwn(names.routes, name),
    push: (part, entry) => void lists[part].push(entry),
    price: (entry) => void prices.push(entry),
    set(part, value) {
      parts[part] = value;
    },
    note: (text) => void notes.add(text),
    leave: (place, why) => void left.add(why === undefined ? place : `${place}: ${why}`),
    finish: () => ({
      config: {
        ...filled('providers', Object.fromEntries([...providers.values()].map(written))),
        ...parts,
        ...filled('aliases', names.aliases),
        ...filled('routes', names.routes),
        ...filled('rate_limits', lists.rate_limits),
        ...filled('budgets', lists.budgets),
        ...(prices.length > 0 && { prices: { overrides: prices } }),
      },
      variables: [...variables].map(([name, reason]) => ({ name, reason })),
      notes: [...notes],
      left: [...left],
    }),
  };
}

function rowOf({ baseUrl, apiKey, settings }: DraftProvider): Record<string, unknown> {
  return {
    ...(baseUrl !== undefined && { base_url: baseUrl }),
    ...(apiKey !== undefined && { api_key: apiKey }),
    ...settings,
  };
}

function written({ name, row, models }: Made): [string, Record<string, unknown>] {
  return [name, { ...row, ...(models.length > 0 && { models }) }];
}

function filled(part: string, value: object): Record<string, unknown> {
  return Object.keys(value).length > 0 ? { [part]: value } : {};
}

/** The kind's own name is for what the kind's own variables hold: they come before the file. */
function nameFor(wanted: DraftProvider, isTaken: (name: string) => boolean): string {
  const { kind, apiKey, baseUrl, name } = wanted;
  const variable = /^\$\{(\w+)\}$/.exec(apiKey ?? '')?.[1];
  const isNamesake =
    kind.kind !== 'openai-compatible' &&
    (apiKey === undefined || (variable !== undefined && kind.variables.includes(variable))) &&
    !(kind.kind === 'ollama' && baseUrl !== undefined);
  const wishes = [
    ...(name === undefined ? [] : [plainName(name)]),
    ...(isNamesake ? [kind.kind] : []),
    ...nicknames(kind.kind, variable, baseUrl),
  ];
  const free = wishes.find((wish) => wish !== '' && !isTaken(wish) && (isNamesake || wish !== kind.kind));
  if (free !== undefined) return free;
  const stem = (wishes[0] ?? kind.kind).slice(0, 58);
  let number = 2;
  while (isTaken(`${stem}-${number}`)) number += 1;
  return `${stem}-${number}`;
}

/** By what tells it from others of its kind: the variable of its key, or its address. */
function nicknames(kind: string, variable: string | undefined, baseUrl: string | undefined): string[] {
  const said = (variable ?? '')
    .toLowerCase()
    .split('_')
    .filter((word) => !['api', 'key', 'token', 'openai', ...kind.split('-')].includes(word))
    .join('-');
  const url = baseUrl !== undefined && URL.canParse(baseUrl) ? new URL(baseUrl) : undefined;
  const isNumeric = url !== undefined && /^[\d.[\]:]+$/.test(url.hostname);
  const host = url ? (isNumeric ? `server-${url.hostname}` : url.hostname.split('.')[0]!) : '';
  const place = plainName([host, ...(url?.port ? [url.port] : [])].join('-'), '');
  const isServer = kind === 'openai-compatible';
  return [said, place].filter((word) => word !== '').map((word) => (isServer ? word : `${kind}-${word}`));
}

/** As names of providers, aliases and routes may be. */
export function plainName(text: string, otherwise = 'unnamed'): string {
  const name = text
    .replace(/[^A-Za-z0-9_.-]+/g, '-')
    .replace(/^[^A-Za-z0-9]+|-+$/g, '')
    .slice(0, 64);
  return name || otherwise;
}
