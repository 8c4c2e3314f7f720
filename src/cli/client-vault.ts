/** The part of the admin API that `turnpike vault` asks, as typed functions. */
import type { ForgottenBody, MadeRecoveryKeyBody, RecoverBody, VaultBody } from '../admin/vault.ts';

export interface VaultClient {
  show(): Promise<VaultBody>;
  rotate(): Promise<VaultBody>;
  makeRecoveryKey(): Promise<MadeRecoveryKeyBody>;
  recover(body: RecoverBody): Promise<VaultBody>;
  forget(): Promise<ForgottenBody>;
}

export function createVaultClient(
  call: <T>(method: string, path: string, body?: unknown) => Promise<T>,
): VaultClient {
  return {
    show: () => call('GET', '/vault'),
    rotate: () => call('POST', '/vault/rotate'),
    makeRecoveryKey: () => call('POST', '/vault/recovery-key'),
    recover: (body) => call('POST', '/vault/recover', body),
    forget: () => call('POST', '/vault/forget'),
  };
}
