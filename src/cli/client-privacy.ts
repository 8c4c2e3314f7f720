/** The part of the admin API that `turnpike privacy` asks, as typed functions. */
import type { ExchangeContent } from '../admin/contents.ts';
import type { ErasedMemberBody } from '../admin/member-data.ts';
import type { ErasedContent, Privacy, PrivacyBody } from '../admin/privacy.ts';
import type { AskPieces } from './client-audit.ts';

export interface PrivacyClient {
  show(): Promise<Privacy>;
  set(terms: PrivacyBody): Promise<Privacy>;
  eraseContent(): Promise<ErasedContent>;
  content(exchangeId: string): Promise<ExchangeContent>;
  /** JSON lines. Ends with {CliError} where they are cut off. */
  exportMember(memberId: string): AsyncIterable<string>;
  eraseMember(memberId: string, confirm: string): Promise<ErasedMemberBody>;
}

export function createPrivacyClient(
  call: <T>(method: string, path: string, body?: unknown) => Promise<T>,
  askPieces: AskPieces,
): PrivacyClient {
  const id = encodeURIComponent;
  return {
    show: () => call('GET', '/privacy'),
    set: (terms) => call('PUT', '/privacy', terms),
    eraseContent: () => call('DELETE', '/privacy/content'),
    content: (exchangeId) => call('GET', `/exchanges/${id(exchangeId)}/content`),
    async *exportMember(memberId) {
      yield* (await askPieces(`/members/${id(memberId)}/export`)).pieces;
    },
    eraseMember: (memberId, confirm) => call('POST', `/members/${id(memberId)}/erase`, { confirm }),
  };
}
