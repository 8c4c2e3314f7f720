/** The part of the admin API that `turnpike audit` asks, as typed functions. */
import type { AuditList, AuditProof, AuditVerifyBody } from '../admin/audit.ts';
import type { AdminApi } from '../client/admin-api.ts';
import { asTyped, type Take, type TakePieces, type Typed } from './client-take.ts';

export interface AuditClient {
  list(query: Typed<'/api/v1/audit'>): Promise<AuditList>;
  verify(body: AuditVerifyBody): Promise<AuditProof>;
  /** `head` is where the chain ended when the export began: `<position>:<hash>`. */
  export(
    query: Typed<'/api/v1/audit/export'>,
  ): Promise<{ readonly head: string; readonly pieces: AsyncIterable<string> }>;
}

export function createAuditClient(api: AdminApi, take: Take, takePieces: TakePieces): AuditClient {
  return {
    list: (query) => take(api.GET('/api/v1/audit', { params: { query: asTyped<'/api/v1/audit'>(query) } })),
    verify: (body) => take(api.POST('/api/v1/audit/verify', { body })),
    async export(query) {
      const asked = {
        params: { query: asTyped<'/api/v1/audit/export'>(query) },
        parseAs: 'stream',
      } as const;
      const { headers, pieces } = await takePieces(api.GET('/api/v1/audit/export', asked));
      return { head: headers.get('x-turnpike-audit-head') ?? '', pieces };
    },
  };
}
