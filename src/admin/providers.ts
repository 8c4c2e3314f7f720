/** Configured providers, and whether each has the credential it needs. Never the credential. */
import { z } from '@hono/zod-openapi';
import type { AdminApp, AdminDeps } from './deps.ts';
import { denied } from './problem.ts';
import { adminRoute } from './route.ts';

export const Provider = z
  .strictObject({
    name: z.string(),
    kind: z.string(),
    baseUrl: z.string(),
    formats: z.array(z.string()),
    needsCredential: z.boolean(),
    hasCredential: z.boolean(),
    credentialSource: z.string().nullable().openapi({ example: 'env OPENAI_API_KEY' }),
    source: z.enum(['file', 'environment', 'registry', 'built-in']).openapi({
      description: 'Where it is declared; registry = through this API, by the workspace',
    }),
    isReady: z.boolean().openapi({ description: 'Has what it needs to be sent to; not a probe' }),
  })
  .openapi('Provider');
export type Provider = z.infer<typeof Provider>;

export const ProviderList = z.strictObject({ providers: z.array(Provider) }).openapi('ProviderList');
export type ProviderList = z.infer<typeof ProviderList>;

const route = adminRoute('viewer', {
  method: 'get',
  path: '/providers',
  summary: 'Configured providers',
  responses: {
    200: { description: 'The providers', content: { 'application/json': { schema: ProviderList } } },
    ...denied,
  },
});

export function registerProviders(app: AdminApp, deps: AdminDeps): void {
  app.openapi(route, (c) => {
    const providers = deps.describeProviders().map((facts) => ({
      name: facts.name,
      kind: facts.kind,
      baseUrl: withoutUserinfo(facts.baseUrl),
      formats: [...facts.formats],
      needsCredential: facts.needsCredential,
      hasCredential: facts.hasCredential,
      credentialSource: facts.credentialSource ?? null,
      source: facts.source,
      isReady: facts.hasCredential || !facts.needsCredential,
    }));
    return c.json({ providers }, 200);
  });
}

/** A base URL may carry a password before the host, or a key in its query: neither is shown. */
function withoutUserinfo(baseUrl: string): string {
  if (!URL.canParse(baseUrl)) return '(not a URL)';
  const url = new URL(baseUrl);
  if (!url.username && !url.password && !url.search) return baseUrl;
  return `${url.origin}${url.pathname}`;
}
