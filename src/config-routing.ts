/** What configuration files say of routes and of falling back. */
import { type LoadedFile, merged } from './config-files.ts';

/** A route as declared; `route/route-rule.ts` has its meaning. */
export interface RouteSettings {
  readonly strategy: 'ordered' | 'weighted' | 'cheapest' | 'fastest' | 'sticky';
  readonly targets: readonly { readonly ref: string; readonly weight: number }[];
  readonly filter: undefined;
}

export function routesOf(
  files: readonly LoadedFile[],
  sources: Record<string, string>,
): Readonly<Record<string, RouteSettings>> {
  const rules = Object.entries(merged(files, (file) => file.routes, 'routes', sources));
  return Object.fromEntries(
    rules.map(([name, { strategy, models }]) => [
      name,
      { strategy, targets: models.map((ref) => ({ ref, weight: 1 })), filter: undefined },
    ]),
  );
}
