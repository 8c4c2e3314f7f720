// Signature Version 4 written out by the book, to check signatures made by somebody else's code.
import { createHash, createHmac } from 'node:crypto';

export interface SignedRequest {
  readonly method: string;
  /** As it goes over the wire, with the query. */
  readonly path: string;
  /** As received, names in lower case, the host among them. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Uint8Array;
}

const sha256 = (data: string | Uint8Array): string => createHash('sha256').update(data).digest('hex');
const hmac = (key: string | Buffer, text: string): Buffer => createHmac('sha256', key).update(text).digest();

/** What AWS compares with the signature it was sent; everything but the secret is read from the request itself. */
export function expectedSignature(request: SignedRequest, secretAccessKey: string): string {
  const { signedHeaders, scope } = authorizationOf(request);
  const canonical = canonicalRequest(request, signedHeaders);
  const toSign = ['AWS4-HMAC-SHA256', request.headers['x-amz-date'], scope.join('/'), sha256(canonical)];
  const key = scope.reduce<string | Buffer>((made, part) => hmac(made, part), `AWS4${secretAccessKey}`);
  return hmac(key, toSign.join('\n')).toString('hex');
}

export interface Authorization {
  readonly accessKeyId: string;
  /** Date, region, service, `aws4_request`. */
  readonly scope: readonly string[];
  readonly signedHeaders: readonly string[];
  readonly signature: string;
}

export function authorizationOf({ headers }: Pick<SignedRequest, 'headers'>): Authorization {
  const parts = /^AWS4-HMAC-SHA256 Credential=([^/]+)\/(\S+), SignedHeaders=(\S+), Signature=([0-9a-f]{64})$/;
  const [, accessKeyId, scope, signedHeaders, signature] = parts.exec(headers.authorization ?? '')!;
  return {
    accessKeyId: accessKeyId!,
    scope: scope!.split('/'),
    signedHeaders: signedHeaders!.split(';'),
    signature: signature!,
  };
}

function canonicalRequest(
  { method, path, headers, body }: SignedRequest,
  signedHeaders: readonly string[],
): string {
  const [bare = '', query = ''] = path.split('?');
  return [
    method,
    // Services but S3 encode the path they receive once more.
    bare.split('/').map(encode).join('/'),
    query
      .split('&')
      .filter((pair) => pair !== '')
      .map((pair) => (pair.includes('=') ? pair : `${pair}=`))
      .sort()
      .join('&'),
    ...signedHeaders.map((name) => `${name}:${headers[name]!.trim().replace(/ +/g, ' ')}`),
    '',
    signedHeaders.join(';'),
    sha256(body),
  ].join('\n');
}

function encode(text: string): string {
  return encodeURIComponent(text).replace(
    /[!'()*]/g,
    (c) => `%${c.charCodeAt(0).toString(16).toUpperCase()}`,
  );
}
