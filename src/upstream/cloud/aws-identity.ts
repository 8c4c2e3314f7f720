/**
 * Who signs for AWS: the keys in the environment, else what AWS's own library finds (a profile of the shared files,
 * SSO, a web identity, the container or the machine). The library is loaded when first needed.
 */
import type { AuthorizerMeans } from '../provider.ts';
import { createLease, type Lease, type Lent } from './lease.ts';

export interface AwsCredentials {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken?: string;
}

const MAX_REASON_CHARS = 300;

/** It warns on the console about variables that are set twice; what it could find is said by the error. */
const quiet = { debug() {}, info() {}, warn() {}, error() {} };

/** @param profile section of the AWS configuration; given, it comes before keys in the environment. */
export function createAwsIdentity(
  profile: string | undefined,
  means: AuthorizerMeans,
): Lease<AwsCredentials> {
  const keys = profile === undefined ? keysIn(means) : undefined;
  if (keys) return { current: () => keys };
  const named = profile ?? (means.environment.AWS_PROFILE?.trim() || undefined);
  let find: (() => Promise<AwsCredentials & { readonly expiration?: Date }>) | undefined;
  const fetchCredentials = async (): Promise<Lent<AwsCredentials>> => {
    try {
      find ??= await openChain(named);
      const { accessKeyId, secretAccessKey, sessionToken, expiration } = await find();
      return {
        value: { accessKeyId, secretAccessKey, ...(sessionToken !== undefined && { sessionToken }) },
        expiresAtMs: expiration?.getTime(),
      };
    } catch (error) {
      const reason = (error instanceof Error ? error.message : String(error)).slice(0, MAX_REASON_CHARS);
      const whose = named === undefined ? '' : ` of the profile ${named}`;
      throw new Error(`no AWS credentials${whose}: ${reason}`);
    }
  };
  return createLease(fetchCredentials, means.clock);
}

function keysIn({ environment }: AuthorizerMeans): AwsCredentials | undefined {
  const accessKeyId = environment.AWS_ACCESS_KEY_ID?.trim();
  const secretAccessKey = environment.AWS_SECRET_ACCESS_KEY?.trim();
  const sessionToken = environment.AWS_SESSION_TOKEN?.trim();
  if (!accessKeyId || !secretAccessKey) return undefined;
  return { accessKeyId, secretAccessKey, ...(sessionToken && { sessionToken }) };
}

async function openChain(profile: string | undefined) {
  const { defaultProvider } = await import('@aws-sdk/credential-provider-node');
  return defaultProvider({ logger: quiet, ...(profile && { profile }) });
}
