/** The admin API as a typed client: paths, parameters, bodies and answers are those of its own document. */
import createOpenApiClient, { type Client } from 'openapi-fetch';
import type { components, paths } from './paths.d.mts';

export type AdminApi = Client<paths>;
/** By the names of the document: `Schemas['Key']`. */
export type Schemas = components['schemas'];

export interface AdminApiInput {
  /** Of the server, without `/api/v1`. */
  readonly url: string;
  /** Operator token, or the token of a service; absent = the cookie of who has signed in, in a browser. */
  readonly token?: string;
  /** Id or name of the workspace to act in; absent = the caller's own, or the one used last. */
  readonly workspace?: string;
  /** Absent = the one of the platform. */
  readonly fetch?: (request: Request) => Promise<Response>;
}

export function createAdminApi({ url, token, workspace, fetch }: AdminApiInput): AdminApi {
  return createOpenApiClient<paths>({
    baseUrl: url,
    ...(fetch && { fetch }),
    headers: {
      ...(token !== undefined && { authorization: `Bearer ${token}` }),
      ...(workspace !== undefined && { 'x-turnpike-workspace': workspace }),
    },
  });
}
