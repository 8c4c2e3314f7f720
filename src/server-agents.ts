/** What is declared of prompts, agents and pipelines, read at the start and whenever something of it has changed. */
import { type DefinitionProblem, type Definitions, problemText } from './agents/definition.ts';
import { createDefinitionReader } from './agents/definitions.ts';
import { type Places, placesOf, watchedPaths } from './agents/places.ts';
import type { Log } from './base/log.ts';
import { parsePromptId } from './base/prompt-id.ts';
import type { Config } from './config.ts';
import { compilePromptFinder, type PromptFinder } from './gateway/find-prompt.ts';
import type { ModelRules } from './route/layers.ts';

export interface DefinitionSource {
  /** Reads what has changed. Never rejects: what is wrong is logged, each time it is new, and left out. */
  load(config: Pick<Config, 'home' | 'prompts'>): Promise<Definitions>;
}

export function openDefinitions(log: Log): DefinitionSource {
  const reader = createDefinitionReader();
  let told: ReadonlySet<string> = new Set();
  return {
    async load(config) {
      const definitions = await reader.read(placesIn(config));
      told = tellNew(log, definitions.problems, told);
      return definitions;
    },
  };
}

/** Files and folders whose changes matter to `load`; they need not exist, and of folders all that is in them counts. */
export function definitionPaths(config: Pick<Config, 'home' | 'prompts'>): string[] {
  return watchedPaths(placesIn(config));
}

function placesIn({ home, prompts }: Pick<Config, 'home' | 'prompts'>): Places {
  return placesOf({ home, ...prompts });
}

/** A folder that is no collection of prompts may hold thousands of files with something wrong. */
const MAX_TOLD = 20;

/** Logs the problems that were not there before; those there are now. */
function tellNew(log: Log, problems: readonly DefinitionProblem[], told: ReadonlySet<string>): Set<string> {
  const texts = problems.map(problemText);
  const fresh = texts.filter((text) => !told.has(text));
  for (const text of fresh.slice(0, MAX_TOLD)) log.warn({}, text);
  if (fresh.length > MAX_TOLD) {
    log.warn(
      { more: fresh.length - MAX_TOLD },
      'more is wrong with prompt files; GET /api/v1/prompts lists all of it',
    );
  }
  return new Set(texts);
}

/** Compiled last for these definitions: they change less often than the registry. */
const finders = new WeakMap<Definitions, { readonly names: string; readonly finder: PromptFinder }>();

/** Knows the prompts of the files by their texts, and the commands that a rule names by what their client says of them. */
export function promptFinderOf(definitions: Definitions, rules: ModelRules): PromptFinder {
  const layers = [rules.project, rules.user, ...rules.settings.values()];
  const hasAnyCommand = layers.some(({ wide }) => wide.has('command'));
  const ruled = [...new Set(layers.flatMap(({ exact }) => [...exact.keys()]))].sort();
  const names = [hasAnyCommand, ...ruled].join('\n');
  const known = finders.get(definitions);
  if (known?.names === names) return known.finder;
  const named = ruled.flatMap((text) => parsePromptId(text) ?? []).map((id) => ({ id, text: '' }));
  const finder = compilePromptFinder([...definitions.prompts, ...named], { hasAnyCommand });
  finders.set(definitions, { names, finder });
  return finder;
}
