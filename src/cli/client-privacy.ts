/** The part of the admin API that `turnpike privacy` asks, as typed functions. */
import type { ExchangeContent } from '../admin/contents.ts';
import type { ErasedMemberBody } from '../admin/member-data.ts';
import type { ErasedContent, Privacy, PrivacyBody } from '../admin/privacy.ts';
import type { AdminApi } from '../client/admin-api.ts';
import type { Take, TakePieces } from './client-take.ts';

export interface PrivacyClient {
  show(): Promise<Privacy>;
  set(terms: PrivacyBody): Promise<Privacy>;
  eraseContent(): Promise<ErasedContent>;
  content(exchangeId: string): Promise<ExchangeContent>;
  /** JSON lines. Ends with {CliError} where they are cut off. */
  exportMember(memberId: string): AsyncIterable<string>;
  eraseMember(memberId: string, confirm: string): Promise<ErasedMemberBody>;
}

export function createPrivacyClient(api: AdminApi, take: Take, takePieces: TakePieces): PrivacyClient {
  const at = (id: string) => ({ path: { id } });
  return {
    show: () => take(api.GET('/api/v1/privacy')),
    set: (body) => take(api.PUT('/api/v1/privacy', { body })),
    eraseContent: () => take(api.DELETE('/api/v1/privacy/content')),
    content: (exchangeId) => take(api.GET('/api/v1/exchanges/{id}/content', { params: at(exchangeId) })),
    async *exportMember(memberId) {
      const asked = { params: at(memberId), parseAs: 'stream' } as const;
      yield* (await takePieces(api.GET('/api/v1/members/{id}/export', asked))).pieces;
    },
    eraseMember: (memberId, confirm) =>
      take(api.POST('/api/v1/members/{id}/erase', { params: at(memberId), body: { confirm } })),
  };
}
