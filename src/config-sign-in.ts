/** How people may sign in, and where the installation stands in the network: as configuration files say it. */
import { z } from 'zod';
import { parseProxy } from './base/client-address.ts';
import { ROLES } from './base/role.ts';
import { Secret } from './base/secret.ts';
import type { IssuerSettings, SignInSettings } from './base/sign-in-settings.ts';
import { servicesOf, servicesSchema } from './config-services.ts';

/** More are no list that a person looks after. */
const MAX_DOMAINS = 100;
const MAX_PROXIES = 100;

const issuerName = z
  .string()
  .regex(/^[a-z0-9][a-z0-9-]{0,31}$/, 'small letters, digits and dashes, at most 32: it is part of a path');

const issuer = z
  .strictObject({
    issuer: z
      .string()
      .max(500)
      .refine(isIssuerUrl, 'must be an https URL without a query; http only on this machine')
      .meta({
        description: "The issuer's URL, as it stands in front of `/.well-known/openid-configuration`.",
      }),
    client_id: z.string().min(1).max(500).meta({ description: 'As the issuer calls this installation.' }),
    client_secret: z
      .string()
      .min(1)
      .max(4000)
      .meta({ description: 'Best named by a variable. Default: none, as for a public client.' })
      .optional(),
    allowed_domains: z
      .array(z.string().regex(/^[a-z0-9.-]+\.[a-z]{2,}$/i, 'must be what an e-mail address has behind its @'))
      .max(MAX_DOMAINS)
      .meta({
        description:
          'Only people with addresses of these domains are let in. Default: whoever has signed in or was invited before.',
      })
      .optional(),
    trust_email: z
      .boolean()
      .meta({
        description:
          'Take an address that the issuer does not call verified; only for an issuer that gives nobody an address of others.',
        default: false,
      })
      .optional(),
    workspace: z
      .string()
      .min(1)
      .max(200)
      .meta({
        description:
          'Workspace, by name or id, whose members people of `allowed_domains` become when they first come.',
      })
      .optional(),
    role: z.enum(ROLES).meta({ description: 'Their role there.', default: 'viewer' }).optional(),
  })
  .refine(({ workspace, allowed_domains: domains = [] }) => workspace === undefined || domains.length > 0, {
    path: ['allowed_domains'],
    message: 'must be said where `workspace` is: else everybody whom the issuer knows became a member',
  });

export const signInSchema = z.strictObject({
  password: z
    .boolean()
    .meta({ description: 'Whether people may sign in by password.', default: true })
    .optional(),
  oidc: z
    .record(issuerName, issuer)
    .meta({ description: 'OpenID Connect issuers to sign in at, by the name that is shown.' })
    .optional(),
  services: servicesSchema.optional(),
});

export const publicUrl = z
  .string()
  .max(500)
  .refine(isOrigin, 'must be an http or https URL without a path: https://turnpike.example.com')
  .meta({
    description:
      'Where browsers open this installation, when that is not the address it listens at: behind a proxy, say.',
  });

export const trustedProxies = z
  .array(z.string().refine((text) => parseProxy(text) !== undefined, 'must be an address or a range (CIDR)'))
  .max(MAX_PROXIES)
  .meta({
    description:
      'Proxies in front of this installation, whose `X-Forwarded-For` is believed: addresses or ranges. Default: none.',
  });

interface File {
  readonly path: string;
  readonly content: {
    readonly sign_in?: z.infer<typeof signInSchema> | undefined;
  };
}

/** Of several files the last one that has a `sign_in` counts, as a whole. */
export function signInOf(files: readonly File[], sources: Record<string, string>): SignInSettings {
  const file = files.findLast(({ content }) => content.sign_in !== undefined);
  const said = file?.content.sign_in;
  for (const name of ['takesPasswords', 'issuers', 'services'])
    sources[`signIn.${name}`] = file?.path ?? 'default';
  return {
    takesPasswords: said?.password ?? true,
    issuers: Object.entries(said?.oidc ?? {}).map(([name, entry]) => issuerOf(name, entry)),
    services: servicesOf(said?.services),
  };
}

function issuerOf(name: string, entry: z.infer<typeof issuer>): IssuerSettings {
  const { workspace, role = 'viewer', client_secret: secret } = entry;
  return {
    name,
    issuer: entry.issuer.replace(/\/+$/, ''),
    clientId: entry.client_id,
    clientSecret: secret === undefined ? undefined : new Secret(secret),
    allowedDomains: (entry.allowed_domains ?? []).map((domain) => domain.toLowerCase()),
    trustsEmail: entry.trust_email ?? false,
    joins: workspace === undefined ? undefined : { workspace, role },
  };
}

const THIS_MACHINE = new Set(['localhost', '127.0.0.1', '[::1]']);

function isIssuerUrl(text: string): boolean {
  if (!URL.canParse(text)) return false;
  const { protocol, hostname, username, password, search, hash } = new URL(text);
  if (username || password || search || hash) return false;
  return protocol === 'https:' || (protocol === 'http:' && THIS_MACHINE.has(hostname));
}

function isOrigin(text: string): boolean {
  if (!URL.canParse(text)) return false;
  const { protocol, origin } = new URL(text);
  return /^https?:$/.test(protocol) && (text === origin || text === `${origin}/`);
}
