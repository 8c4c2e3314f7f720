/** How often signing in may be tried: from one place, and as one person. */

import { addressGroup } from '../base/client-address.ts';
import type { Clock } from '../base/clock.ts';
import type { From, Limited } from './people.ts';
import { createTries } from './tries.ts';

/** An office behind one address mistypes less; whoever guesses has some 4,000 a day. */
const OF_PLACE = { most: 15, windowMs: 5 * 60_000 };
/** From all places together: 960 a day, of which none is likely to be a password of twelve characters. */
const OF_PERSON = { most: 10, windowMs: 15 * 60_000 };
/** Visits to issuers cost them and us a question each. */
const OF_VISITS = { most: 30, windowMs: 5 * 60_000 };
/** Places that a person has signed in from; the oldest are forgotten. */
const MAX_FAMILIAR = 10_000;

export interface Limits {
  /** Before anything is tried: every try counts at once. */
  begin(email: string, from: From): Limited | undefined;
  /** It was the person. */
  succeeded(email: string, from: From): void;
  beginVisit(from: From): Limited | undefined;
}

export function createLimits(clock: Clock): Limits {
  const places = createTries(OF_PLACE);
  const persons = createTries(OF_PERSON);
  const visits = createTries(OF_VISITS);
  const familiar = new Set<string>();
  /**
   * Whoever knows an address could keep its owner out by trying all day. A place that the person has signed in from
   * counts for itself, so that it gets in there while the others wait.
   */
  const nameOf = (email: string, place: string): string => {
    const both = `${email} ${place}`;
    return familiar.has(both) ? both : email;
  };
  return {
    begin(email, from) {
      const place = placeOf(from);
      const wait = places.begin(place, clock.now()) ?? persons.begin(nameOf(email, place), clock.now());
      return wait === undefined ? undefined : limited(wait);
    },
    succeeded(email, from) {
      const place = placeOf(from);
      places.forgive(place);
      persons.forget(nameOf(email, place));
      const both = `${email} ${place}`;
      familiar.delete(both);
      familiar.add(both);
      for (const oldest of familiar) if (familiar.size > MAX_FAMILIAR) familiar.delete(oldest);
    },
    beginVisit(from) {
      const wait = visits.begin(placeOf(from), clock.now());
      return wait === undefined ? undefined : limited(wait);
    },
  };
}

function placeOf({ address }: From): string {
  return address === undefined ? 'unknown' : addressGroup(address);
}

export function limited(waitMs: number): Limited {
  return { kind: 'limited', retryAfterS: Math.max(1, Math.ceil(waitMs / 1000)) };
}
