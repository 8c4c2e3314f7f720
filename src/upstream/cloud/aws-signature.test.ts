// Signatures against AWS's published test vectors, and against the rules written out a second time.
import { beforeAll, describe, expect, it } from 'vitest';
import { authorizationOf, expectedSignature } from '../../../test/support/aws-signature.ts';
import type { UnsignedRequest } from '../provider.ts';
import { type AwsSigner, createAwsSigner } from './aws-signature.ts';

/** The credentials and the time of AWS's own test suite for Signature Version 4. */
const SECRET = 'wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY';
const keys = { accessKeyId: 'AKIDEXAMPLE', secretAccessKey: SECRET };
const AT = Date.parse('2015-08-30T12:36:00Z');

describe('the check itself', () => {
  const scope = '20150830/us-east-1/service/aws4_request';
  const plain = { host: 'example.amazonaws.com', 'x-amz-date': '20150830T123600Z' };
  const form = { 'content-type': 'application/x-www-form-urlencoded', ...plain };
  it.each<
    [
      name: string,
      method: string,
      path: string,
      headers: Record<string, string>,
      body: string,
      signature: string,
    ]
  >([
    [
      'get-vanilla',
      'GET',
      '/',
      plain,
      '',
      '5fa00fa31553b73ebf1942676e86291e8372ff2a2260956d9b8aae1d763fbf31',
    ],
    [
      'post-vanilla',
      'POST',
      '/',
      plain,
      '',
      '5da7c1a2acd57cee7505fc6676e4e544621c30862966e37dddb68e92efbe5d6b',
    ],
    [
      'get-vanilla-query-order-key-case',
      'GET',
      '/?Param2=value2&Param1=value1',
      plain,
      '',
      'b97d918cfa904a5beff61c982a1b6f458b799221646efd99d3219ec94cdf2500',
    ],
    [
      'post-x-www-form-urlencoded',
      'POST',
      '/',
      form,
      'Param1=value1',
      'ff11897932ad3f4e8b18135d722051e5ac45fc38421b1da7b9d196a0fe09473a',
    ],
  ])("agrees with AWS's vector %s", (_name, method, path, headers, body, signature) => {
    const signedHeaders = Object.keys(headers).sort().join(';');
    const authorization = `AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/${scope}, SignedHeaders=${signedHeaders}, Signature=${signature}`;
    const request = { method, path, headers: { ...headers, authorization }, body: Buffer.from(body) };
    expect(expectedSignature(request, SECRET)).toBe(signature);
  });
});

describe('createAwsSigner', () => {
  let signer: AwsSigner;
  beforeAll(() => {
    signer = createAwsSigner({ region: 'us-east-1', service: 'bedrock' });
  });

  const unsigned: UnsignedRequest = {
    method: 'POST',
    origin: 'https://bedrock-runtime.us-east-1.amazonaws.com',
    path: '/model/anthropic.claude-x/invoke',
    headers: { 'content-type': 'application/json', 'user-agent': 'u', accept: '*/*', 'anthropic-beta': 'b' },
    body: [Buffer.from('{"messages":'), Buffer.from('[]}')],
  };

  /** As AWS receives it. */
  function received(request: UnsignedRequest, added: Readonly<Record<string, string>>) {
    const host = new URL(request.origin).host;
    return {
      method: request.method,
      path: request.path,
      headers: { ...request.headers, ...added, host },
      body: Buffer.concat(request.body),
    };
  }

  it.each<[string, Partial<UnsignedRequest>]>([
    ['a plain path', {}],
    ['a colon, encoded once in the path and once more to be signed', { path: '/model/a.b-v1%3A0/invoke' }],
    [
      'an ARN in one segment',
      { path: '/model/arn%3Aaws%3Abedrock%3Aus-east-1%3A1%3Ainference-profile%2Fus.a.b/invoke' },
    ],
    ['a query', { path: '/openai/v1/chat/completions?b=2&a=1&a=0&c=x%20y' }],
    ['a port', { origin: 'http://127.0.0.1:8080' }],
    ['no body', { body: [] }],
    ["headers of AWS's own", { headers: { 'x-amzn-bedrock-trace': 'ENABLED', 'x-amz-meta': 'a  b' } }],
    ['a text beyond ASCII', { body: [Buffer.from('{"a":"ü€\u{1f600}"}')] }],
  ])('signs %s as the rules have it', async (_name, more) => {
    const request = { ...unsigned, ...more };
    const added = await signer.sign(request, keys, AT);
    const seen = received(request, added);
    const { signature, scope, accessKeyId } = authorizationOf(seen);
    expect(signature).toBe(expectedSignature(seen, SECRET));
    expect(scope).toEqual(['20150830', 'us-east-1', 'bedrock', 'aws4_request']);
    expect(accessKeyId).toBe('AKIDEXAMPLE');
  });

  it('adds its own headers and no other', async () => {
    const added = await signer.sign(unsigned, keys, AT);
    expect(Object.keys(added).sort()).toEqual(['authorization', 'x-amz-content-sha256', 'x-amz-date']);
    expect(added['x-amz-date']).toBe('20150830T123600Z');
    expect(JSON.stringify(added)).not.toContain(SECRET);
  });

  it('leaves unsigned what may change on its way', async () => {
    const added = await signer.sign(unsigned, keys, AT);
    const { signedHeaders } = authorizationOf({ headers: added });
    expect(signedHeaders).toEqual(['content-type', 'host', 'x-amz-content-sha256', 'x-amz-date']);
  });

  it('sends and signs the token of temporary keys', async () => {
    const added = await signer.sign(unsigned, { ...keys, sessionToken: 'session' }, AT);
    expect(added['x-amz-security-token']).toBe('session');
    const seen = received(unsigned, added);
    const { signedHeaders, signature } = authorizationOf(seen);
    expect(signedHeaders).toContain('x-amz-security-token');
    expect(signature).toBe(expectedSignature(seen, SECRET));
  });

  it.each<[string, Partial<UnsignedRequest>]>([
    ['another body', { body: [Buffer.from('{"messages":[1]}')] }],
    ['another path', { path: '/model/anthropic.claude-y/invoke' }],
    ['another host', { origin: 'https://bedrock-runtime.eu-west-1.amazonaws.com' }],
    ['another method', { method: 'GET' }],
  ])('is another signature for %s', async (_name, more) => {
    const [one, other] = await Promise.all([
      signer.sign(unsigned, keys, AT),
      signer.sign({ ...unsigned, ...more }, keys, AT),
    ]);
    expect(one.authorization).not.toBe(other.authorization);
  });
});
