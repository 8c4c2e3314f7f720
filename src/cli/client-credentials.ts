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

export interface CredentialClient {
  list(): Promise<CredentialList>;
  save(credential: NewCredentialBody): Promise<MadeCredential>;
  change(id: string, change: CredentialChangeBody): Promise<Credential>;
  /** Answers what it was. */
  remove(id: string): Promise<Credential>;
  test(query: CredentialTestBody): Promise<TestedCredentials>;
}

export function createCredentialClient(
  call: <T>(method: string, path: string, body?: unknown) => Promise<T>,
): CredentialClient {
  const at = (id: string) => `/credentials/${encodeURIComponent(id)}`;
  return {
    list: () => call('GET', '/credentials'),
    save: (credential) => call('POST', '/credentials', credential),
    change: (id, change) => call('PATCH', at(id), change),
    remove: (id) => call('DELETE', at(id)),
    test: (query) => call('POST', '/credentials/test', query),
  };
}
