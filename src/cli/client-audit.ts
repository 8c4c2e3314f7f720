/** The part of the admin API that `turnpike audit` asks, as typed functions. */
import type { AuditList, AuditProof, AuditVerifyBody } from '../admin/audit.ts';

export type AuditQuery = Readonly<Record<string, string>>;

export interface AuditClient {
  list(query: AuditQuery): Promise<AuditList>;
  verify(body: AuditVerifyBody): Promise<AuditProof>;
  /** `head` is where the chain ended when the export began: `<position>:<hash>`. */
  export(query: AuditQuery): Promise<{ readonly head: string; readonly pieces: AsyncIterable<string> }>;
}

/** An answer that comes in pieces. Ends with {CliError} where it is cut off. */
export type AskPieces = (path: string) => Promise<{ headers: Headers; pieces: AsyncIterable<string> }>;

export function createAuditClient(
  call: <T>(method: string, path: string, body?: unknown) => Promise<T>,
  askPieces: AskPieces,
): AuditClient {
  return {
    list: (query) => call('GET', `/audit?${new URLSearchParams(query)}`),
    verify: (body) => call('POST', '/audit/verify', body),
    async export(query) {
      const { headers, pieces } = await askPieces(`/audit/export?${new URLSearchParams(query)}`);
      return { head: headers.get('x-turnpike-audit-head') ?? '', pieces };
    },
  };
}
