/** The part of the admin API that `turnpike vault` asks, as typed functions. */
import type { ForgottenBody, MadeRecoveryKeyBody, RecoverBody, VaultBody } from '../admin/vault.ts';
import type { AdminApi } from '../client/admin-api.ts';
import type { Take } from './client-take.ts';

export interface VaultClient {
  show(): Promise<VaultBody>;
  rotate(): Promise<VaultBody>;
  makeRecoveryKey(): Promise<MadeRecoveryKeyBody>;
  recover(body: RecoverBody): Promise<VaultBody>;
  forget(): Promise<ForgottenBody>;
}

export function createVaultClient(api: AdminApi, take: Take): VaultClient {
  return {
    show: () => take(api.GET('/api/v1/vault')),
    rotate: () => take(api.POST('/api/v1/vault/rotate')),
    makeRecoveryKey: () => take(api.POST('/api/v1/vault/recovery-key')),
    recover: (body) => take(api.POST('/api/v1/vault/recover', { body })),
    forget: () => take(api.POST('/api/v1/vault/forget')),
  };
}
