/** Models by more than one name: a request for `gpt-4o` is billed as `gpt-4o-2024-08-06`. */

/** Dates as the vendors append them: 20250929, 2024-08-06, 0613. */
const DATE = /[-@](\d{8}|\d{4}-\d{2}-\d{2}|\d{4})$/;
/** Names that stand for the newest of a family. */
const NEWEST = /-(latest|0)$/;

/** What all names of one model have in common. */
export function familyOf(model: string): string {
  return model.toLowerCase().replace(DATE, '').replace(NEWEST, '');
}

/** Names of one period, by who uses them. */
export interface NameSets {
  readonly ours: ReadonlySet<string>;
  readonly billedTokens: ReadonlySet<string>;
  readonly billedCosts: ReadonlySet<string>;
}

/**
 * Name -> the names it is compared together with. Names that all sides use alike stand alone; where they differ
 * within a family, the family is compared as one, since nobody can tell which dated name an undated one was.
 */
export function groupNames(sets: NameSets): ReadonlyMap<string, readonly string[]> {
  const families = new Map<string, Set<string>>();
  for (const name of [...sets.ours, ...sets.billedTokens, ...sets.billedCosts]) {
    const family = familyOf(name);
    const names = families.get(family) ?? new Set();
    families.set(family, names.add(name));
  }
  const groups = new Map<string, readonly string[]>();
  for (const names of families.values()) {
    const isAlike = [sets.ours, sets.billedTokens, sets.billedCosts].every((side) =>
      usesAllOrNone(side, names),
    );
    for (const name of names) groups.set(name, isAlike ? [name] : [...names].sort());
  }
  return groups;
}

function usesAllOrNone(side: ReadonlySet<string>, names: ReadonlySet<string>): boolean {
  const used = [...names].filter((name) => side.has(name)).length;
  return used === 0 || used === names.size;
}
