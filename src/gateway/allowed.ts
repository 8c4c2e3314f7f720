/** What a key may use: an allow-list names refs as clients write them (aliases too) or canonical ones; `provider/*` allows a whole provider. */

export function mayUse(allowed: readonly string[] | undefined, asked: string, ref: string): boolean {
  if (!allowed) return true;
  return allowed.some(
    (entry) =>
      entry === asked || entry === ref || (entry.endsWith('/*') && ref.startsWith(entry.slice(0, -1))),
  );
}

/** What names no model (files, batches) may hold any: it is for keys that may use all of a provider. */
export function mayUseProvider(allowed: readonly string[] | undefined, provider: string): boolean {
  return allowed?.includes(`${provider}/*`) ?? true;
}
