/** Which of a provider's credentials a request is sent with. */
import type { ProviderCredential } from './provider.ts';

/**
 * One of those that can be used, by weight, among the first of them in the order of use; undefined = none can be.
 * @param random from 0 up to but not including 1
 */
export function pickCredential(
  credentials: readonly ProviderCredential[],
  isUsable: (id: string) => boolean,
  random: () => number,
): ProviderCredential | undefined {
  const usable = credentials.filter(({ id }) => isUsable(id));
  const first = Math.min(...usable.map(({ rank }) => rank));
  const candidates = usable.filter(({ rank }) => rank === first);
  if (candidates.length <= 1) return candidates[0];
  const total = candidates.reduce((sum, { weight }) => sum + weight, 0);
  let drawn = random() * total;
  for (const credential of candidates) {
    drawn -= credential.weight;
    if (drawn < 0) return credential;
  }
  // What rounding has left belongs to the last.
  return candidates.at(-1);
}
