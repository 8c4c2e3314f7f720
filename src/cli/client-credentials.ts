/** The part of the admin API that `turnpike credentials` asks, as typed functions. */
import type {
  Credential,
  CredentialChangeBody,
  CredentialList,
  CredentialTestBody,
  MadeCredential,
  NewCredentialBody,
  TestedCredentials,
} from '../admin/credentials.ts';
import type { AdminApi } from '../client/admin-api.ts';
import type { Take } from './client-take.ts';

export interface CredentialClient {
  list(): Promise<CredentialList>;
  save(credential: NewCredentialBody): Promise<MadeCredential>;
  change(id: string, change: CredentialChangeBody): Promise<Credential>;
  /** Answers what it was. */
  remove(id: string): Promise<Credential>;
  test(query: CredentialTestBody): Promise<TestedCredentials>;
}

export function createCredentialClient(api: AdminApi, take: Take): CredentialClient {
  const at = (id: string) => ({ path: { id } });
  return {
    list: () => take(api.GET('/api/v1/credentials')),
    save: (body) => take(api.POST('/api/v1/credentials', { body })),
    change: (id, body) => take(api.PATCH('/api/v1/credentials/{id}', { params: at(id), body })),
    remove: (id) => take(api.DELETE('/api/v1/credentials/{id}', { params: at(id) })),
    test: (body) => take(api.POST('/api/v1/credentials/test', { body })),
  };
}
