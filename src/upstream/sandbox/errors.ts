/** Errors that every call of the sandbox can end in. */
import type { ChatError } from '../../wire/chat.ts';
import type { Directive } from './directive.ts';
import type { Fault } from './fault.ts';

export function unknownModel(name: string): ChatError {
  const message = `the sandbox has no model "${name.slice(0, 200)}"; GET /v1/models lists those it has`;
  return { kind: 'not-found', status: 404, message, param: 'model' };
}

/** The error of a fault that is one; undefined for the others. */
export function statusError(fault: Fault | undefined, directive: Directive): ChatError | undefined {
  if (fault?.kind !== 'status') return undefined;
  const { error, status, message } = fault;
  const retryAfterS = directive.retryAfterS ?? fault.retryAfterS;
  return { kind: error, status, message, ...(retryAfterS !== undefined && { retryAfterS }) };
}
