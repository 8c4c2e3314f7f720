/** Services that call the admin API with tokens of their own issuer, as configuration files name them. */
import { createPublicKey } from 'node:crypto';
import { z } from 'zod';
import { ROLES } from './base/role.ts';
import type { ServiceSettings } from './base/service-settings.ts';

/** More are no list that a person looks after; each token is compared with those of its issuer. */
const MAX_SERVICES = 100;
const MAX_SUBJECTS = 1_000;

const service = z
  .strictObject({
    issuer: z.string().min(1).max(500).meta({ description: 'As it stands in its tokens (`iss`).' }),
    audience: z
      .string()
      .min(1)
      .max(500)
      .meta({ description: 'Whom the tokens must be made for (`aud`): a name for this installation.' }),
    jwks_url: z
      .string()
      .max(500)
      .refine(isKeysUrl, 'must be an https URL; http only on this machine')
      .meta({ description: 'Where the public keys of the issuer are.' })
      .optional(),
    public_key: z
      .string()
      .max(10_000)
      .refine(isPublicKey, 'must be a public key in PEM: -----BEGIN PUBLIC KEY-----')
      .meta({ description: 'The one public key of the issuer, in the place of `jwks_url`.' })
      .optional(),
    workspace: z
      .string()
      .min(1)
      .max(200)
      .meta({ description: 'Workspace, by name or id, that it acts in; no other.' }),
    role: z.enum(ROLES).meta({ description: 'What it may do there.', default: 'viewer' }).optional(),
    subjects: z
      .array(z.string().min(1).max(255))
      .min(1)
      .max(MAX_SUBJECTS)
      .meta({
        description:
          'Who of the issuer (`sub`), to the letter. Default: everybody whom it gives a token for this audience.',
      })
      .optional(),
  })
  .refine((one) => (one.jwks_url === undefined) !== (one.public_key === undefined), {
    path: ['jwks_url'],
    message: 'say either jwks_url or public_key',
  });

export const servicesSchema = z.array(service).max(MAX_SERVICES).meta({
  description:
    'Services that may call the admin API with JSON Web Tokens; see docs/guide/workspaces.md. Of several entries that fit a token the first counts.',
});

export function servicesOf(said: z.infer<typeof servicesSchema> = []): readonly ServiceSettings[] {
  return said.map(({ issuer, audience, jwks_url: url, public_key: pem = '', workspace, role, subjects }) => ({
    issuer,
    audience,
    keys: url === undefined ? { kind: 'pem', pem } : { kind: 'jwks', url },
    workspace,
    role: role ?? 'viewer',
    subjects,
  }));
}

const THIS_MACHINE = new Set(['localhost', '127.0.0.1', '[::1]']);

function isKeysUrl(text: string): boolean {
  if (!URL.canParse(text)) return false;
  const { protocol, hostname, username, password, hash } = new URL(text);
  if (username || password || hash) return false;
  return protocol === 'https:' || (protocol === 'http:' && THIS_MACHINE.has(hostname));
}

/** Node would make a public key out of a private one, too; that one has no business here. */
function isPublicKey(text: string): boolean {
  if (text.includes('PRIVATE')) return false;
  try {
    const { asymmetricKeyType = '' } = createPublicKey(text);
    return ['rsa', 'rsa-pss', 'ec', 'ed25519'].includes(asymmetricKeyType);
  } catch {
    return false;
  }
}
