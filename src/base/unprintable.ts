/** Records whose values may be secrets (an environment, headers): read like any other, but printed as a count. */
import { inspect } from 'node:util';

// Not enumerable, so that neither a spread nor a for-in sees more than the record itself.
const prototype = Object.create(null, {
  toJSON: { value: summary },
  [inspect.custom]: { value: summary },
});

function summary(this: object): string {
  return `[${Object.keys(this).length} hidden]`;
}

/** A copy that JSON and inspect do not look into. */
export function unprintable<T>(record: Readonly<Record<string, T>>): Record<string, T> {
  return Object.assign(Object.create(prototype), record);
}
