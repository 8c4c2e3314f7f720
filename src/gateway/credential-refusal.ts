/** A request that could not be authorized, in words that do not hold what it was to be authorized with. */
import { type Refusal, refuse } from '../base/refusal.ts';
import { withoutCredentialInError } from './redact.ts';
import { refusalError } from './reply-error.ts';
import type { Deployment } from './snapshot.ts';

export function unusableCredential({ ref, provider }: Deployment, fault: unknown): Refusal {
  const reason = fault instanceof Error ? fault.message : String(fault);
  const told = refuse('credential_unusable', `no credential for ${ref}: ${reason}`);
  const masked = withoutCredentialInError(
    { ...refusalError(told), message: told.message },
    provider.credential,
  );
  return { ...told, message: masked.message };
}
