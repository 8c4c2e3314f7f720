/** What a request is called in the audit: derived from its method and its path, for every route in this one place. */
import type { Context } from 'hono';
import { matchedRoutes } from 'hono/route';

/**
 * They change nothing and are asked often, some with a prompt: no events. Refusals of them are told all the same.
 */
const QUESTIONS: ReadonlySet<string> = new Set(['routing.explain', 'invitations.show']);
/**
 * What agents tell of themselves, as often as every few seconds: it changes nothing that is declared, and is kept with
 * the agent. Refusals of it are told like those of questions.
 */
const REPORTS: ReadonlySet<string> = new Set([
  'agents.heartbeats.create',
  'agents.tasks.create',
  'agents.tasks.change',
  'agents.tasks.events.create',
]);

export interface RequestAction {
  /** Such as `budgets.create`. */
  readonly name: string;
  /** It changes nothing that is declared. */
  readonly isQuestion: boolean;
}

const verbs: Readonly<Record<string, string>> = {
  GET: 'read',
  PUT: 'set',
  PATCH: 'change',
  DELETE: 'remove',
};

/** The path of the declared route that a request is for, `/api/v1/budgets/:id`; undefined = there is none. */
export function patternOf(c: Context): string | undefined {
  return matchedRoutes(c).findLast(({ method, path }) => method !== 'ALL' && !path.includes('*'))?.path;
}

/**
 * @param path of the route, with its parameters as `:name` or `{name}`
 * @param isCollection what is at the path can be read: then POST adds to it; else its last word is what is done
 */
export function actionOf(method: string, path: string, isCollection: boolean): RequestAction {
  const words = path.split('/').filter((part) => part !== '' && !/^[:{]/.test(part));
  // `/api/v1` is before all of them.
  const nouns = words[0] === 'api' ? words.slice(2) : words;
  const isLastNamed = !/[:{][^/]*$/.test(path);
  const verb = verbs[method] ?? (isCollection || nouns.length === 1 || !isLastNamed ? 'create' : undefined);
  const name = [...nouns, ...(verb === undefined ? [] : [verb])].join('.').toLowerCase();
  const isQuestion = method === 'GET' || method === 'HEAD' || QUESTIONS.has(name) || REPORTS.has(name);
  return { name, isQuestion };
}
