/** Takes our own credential out of what an upstream says: some echo the key they refuse, and it is not the client's to see. */
import type { Secret } from '../base/secret.ts';
import type { ChatError } from '../wire/chat.ts';

/** Shorter ones are placeholders of local servers (`x`, `none`); taking them out would garble what is said. */
const MIN_LENGTH = 8;
const MASK = '[credential]';

/** Exact occurrences only. The same bytes where there is none, which is nearly always. */
export function withoutCredential(body: Buffer, credential: Secret | undefined): Buffer {
  const text = textOf(credential);
  if (text === undefined || !body.includes(text)) return body;
  return Buffer.from(
    body.toString('latin1').replaceAll(Buffer.from(text).toString('latin1'), MASK),
    'latin1',
  );
}

/** In any field of the error: upstreams put what they like into codes and fields of their own. */
export function withoutCredentialInError(error: ChatError, credential: Secret | undefined): ChatError {
  const text = textOf(credential);
  if (text === undefined) return error;
  const spelled = JSON.stringify(error);
  const inJson = JSON.stringify(text).slice(1, -1);
  return spelled.includes(inJson) ? (JSON.parse(spelled.replaceAll(inJson, MASK)) as ChatError) : error;
}

/** Headers as they came, nearly always; where one quotes the key, a copy without it. */
export function withoutCredentialInHeaders(
  headers: Readonly<Record<string, string>>,
  credential: Secret | undefined,
): Readonly<Record<string, string>> {
  const text = textOf(credential);
  if (text === undefined) return headers;
  let isClean = true;
  for (const name in headers) if (headers[name]!.includes(text)) isClean = false;
  if (isClean) return headers;
  return Object.fromEntries(
    Object.entries(headers).map(([name, value]) => [name, value.replaceAll(text, MASK)]),
  );
}

function textOf(credential: Secret | undefined): string | undefined {
  const text = credential?.reveal();
  return text !== undefined && text.length >= MIN_LENGTH ? text : undefined;
}
