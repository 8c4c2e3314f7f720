/**
 * AWS Signature Version 4, by AWS's own library, which is loaded when first needed. What is signed: method, path,
 * query, the body's hash, and of the headers only those AWS demands, so that nothing on the way breaks a signature.
 */
import { createHash } from 'node:crypto';
import type { UnsignedRequest } from '../provider.ts';
import type { AwsCredentials } from './aws-identity.ts';

export interface SignatureScope {
  readonly region: string;
  /** As AWS names it in a signature, e.g. `bedrock`. */
  readonly service: string;
}

export interface AwsSigner {
  /** Headers to add; `nowMs` in epoch milliseconds. */
  sign(
    request: UnsignedRequest,
    credentials: AwsCredentials,
    nowMs: number,
  ): Promise<Readonly<Record<string, string>>>;
}

/** Those that are there are signed: AWS refuses its own headers unsigned. */
const SIGNED = /^(content-type|x-amzn?-.*)$/;

export function createAwsSigner(scope: SignatureScope): AwsSigner {
  let library: ReturnType<typeof loadLibrary> | undefined;
  return {
    async sign(request, credentials, nowMs) {
      library ??= loadLibrary();
      const { SignatureV4, Sha256 } = await library;
      const signer = new SignatureV4({ ...scope, credentials, sha256: Sha256 });
      const before = unsigned(request);
      const { headers } = await signer.sign(before, { signingDate: new Date(nowMs) });
      return addedHeaders(headers, request);
    },
  };
}

async function loadLibrary() {
  const [{ SignatureV4 }, { Sha256 }] = await Promise.all([
    import('@smithy/signature-v4'),
    import('@aws-crypto/sha256-js'),
  ]);
  return { SignatureV4, Sha256 };
}

function unsigned({ method, origin, path, headers, body }: UnsignedRequest) {
  const { protocol, host } = new URL(origin);
  const mark = path.indexOf('?');
  const signedHeaders = Object.entries(headers).filter(([name]) => SIGNED.test(name));
  return {
    method,
    protocol,
    hostname: host,
    path: mark === -1 ? path : path.slice(0, mark),
    query: mark === -1 ? {} : queryOf(path.slice(mark + 1)),
    headers: {
      ...Object.fromEntries(signedHeaders),
      host,
      // Given, the library takes it over: its own hashing is many times slower, and wants the body in one piece.
      'x-amz-content-sha256': hashOf(body),
    },
  };
}

function queryOf(text: string): Record<string, string | string[]> {
  const parameters = new URLSearchParams(text);
  const names = [...new Set(parameters.keys())];
  return Object.fromEntries(names.map((name) => [name, parameters.getAll(name)]));
}

function hashOf(body: readonly Uint8Array[]): string {
  const hash = createHash('sha256');
  for (const piece of body) hash.update(piece);
  return hash.digest('hex');
}

/** The transport names the host itself, and the rest of the request's own headers are there already. */
function addedHeaders(
  signed: Readonly<Record<string, string>>,
  { headers }: UnsignedRequest,
): Record<string, string> {
  return Object.fromEntries(
    Object.entries(signed).filter(([name]) => name !== 'host' && headers[name] === undefined),
  );
}
