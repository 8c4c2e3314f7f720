/** What a relay does with a request whose client carries another vendor's state: the rest goes on as it came. */
import type { JsonObject } from './chat.ts';
import type { Format, Rendered, RequestPath } from './format.ts';

/**
 * The body of a request without other vendors' state, for an upstream of the same format: sealed thoughts are gone,
 * ids have their seals taken off, everything else is deep-equal. Each thing that was taken out is a warning. Costs
 * a parse and a render; ask `mayHoldSeal` before.
 * @throws {WireError} when the body is no request of the format
 */
export function withoutForeignState(
  format: Format,
  body: JsonObject,
  path?: RequestPath,
): Rendered<JsonObject> {
  return format.renderRequest(format.parseRequest(body, path));
}
