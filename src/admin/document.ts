/** The OpenAPI document: what the routes declare, and what holds for all of them said at each. */
import type { OpenAPIHono } from '@hono/zod-openapi';
import { SESSION_COOKIE } from '../people/cookie.ts';
import { actionOf } from './audit-action.ts';
import type { AdminEnv } from './caller.ts';
import { WORKSPACE_HEADER } from './let-in.ts';
import { KEY_HEADER, MAX_KEY_LENGTH, REPLAYED_HEADER } from './once.ts';
import { denied } from './problem.ts';
import { NEEDS_FIELD } from './route.ts';

interface Operation {
  operationId?: string;
  tags?: string[];
  summary?: string;
  security?: Record<string, string[]>[];
  parameters?: { name: string; in: string }[];
  responses?: Record<string, unknown>;
  [NEEDS_FIELD]?: string;
}

interface Document {
  paths?: Record<string, Record<string, Operation>>;
  components?: Record<string, unknown>;
}

const securitySchemes = {
  bearer: {
    type: 'http',
    scheme: 'bearer',
    description: 'The operator token (tpo-…), the token of a service, or of an agent where it says so',
  },
  session: {
    type: 'apiKey',
    in: 'cookie',
    name: SESSION_COOKIE,
    description: 'Of who has signed in; writes must come from our own pages',
  },
};

const workspaceHeader = {
  name: WORKSPACE_HEADER,
  in: 'header',
  required: false,
  description: 'The workspace to act in, for callers who have several',
  schema: { type: 'string' },
};
const onceHeader = {
  name: KEY_HEADER,
  in: 'header',
  required: false,
  description: `The same request with the same key within a day is answered as it was the first time, with the header ${REPLAYED_HEADER}, and not carried out again`,
  schema: { type: 'string', minLength: 1, maxLength: MAX_KEY_LENGTH },
};

/** Of an application whose routes are all declared. */
export function documentOf(app: OpenAPIHono<AdminEnv>, version: string): object {
  const info = { title: 'Turnpike admin API', version };
  const document = app.getOpenAPI31Document({ openapi: '3.1.0', info }) as unknown as Document;
  for (const [path, operations] of Object.entries(document.paths ?? {}))
    for (const [method, operation] of Object.entries(operations))
      complete(operation, method.toUpperCase(), path, 'get' in operations);
  document.components = { ...document.components, securitySchemes };
  return document;
}

function complete(operation: Operation, method: string, path: string, isCollection: boolean): void {
  const isOpen = operation[NEEDS_FIELD] === 'anyone';
  operation.operationId = operationId(method, path, isCollection);
  operation.tags = [operation.operationId.split('.')[0]!];
  operation.security = isOpen ? [] : [{ bearer: [] }, { session: [] }];
  const known = operation.parameters ?? [];
  const more = isOpen ? [] : [workspaceHeader, ...(method === 'GET' ? [] : [onceHeader])];
  if (known.length + more.length > 0) operation.parameters = [...known, ...more];
  if (!isOpen) operation.responses = { ...deniedResponses, ...operation.responses };
}

const problem = { 'application/json': { schema: { $ref: '#/components/schemas/Problem' } } };
const deniedResponses = {
  401: { description: denied[401].description, content: problem },
  403: { description: denied[403].description, content: problem },
};

/** As the audit calls it; of what is read, lists and single records are told apart. */
function operationId(method: string, path: string, isCollection: boolean): string {
  const { name } = actionOf(method, path, isCollection);
  if (method !== 'GET') return name;
  return path.endsWith('}') ? name : name.replace(/\.read$/, '.list');
}
