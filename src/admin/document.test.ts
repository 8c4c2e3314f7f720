/** The OpenAPI document: what must hold at every operation, and the page that is made from it. */
import { describe, expect, it } from 'vitest';
import { fakeHouse, TOKEN } from '../../test/support/fake-house.ts';
import { NEEDS } from '../base/role.ts';
import { createAdmin } from './app.ts';

interface Operation {
  readonly operationId?: string;
  readonly tags?: readonly string[];
  readonly security?: readonly Record<string, unknown>[];
  readonly parameters?: readonly { readonly name: string; readonly in: string }[];
  readonly responses: Readonly<Record<string, unknown>>;
  readonly 'x-turnpike-needs'?: string;
}
interface Document {
  readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>;
  readonly components: { readonly securitySchemes: object; readonly schemas: object };
}

const ask = (path: string, headers: Record<string, string> = { authorization: `Bearer ${TOKEN}` }) =>
  createAdmin(fakeHouse().deps).fetch(new Request(`http://127.0.0.1/api/v1${path}`, { headers }));
const document = (await (await ask('/openapi.json')).json()) as Document;
const operations = Object.entries(document.paths).flatMap(([path, methods]) =>
  Object.entries(methods).map(([method, operation]) => ({ name: `${method} ${path}`, method, operation })),
);

describe.each(operations)('$name', ({ method, operation }) => {
  const isOpen = operation['x-turnpike-needs'] === 'anyone';
  const names = (operation.parameters ?? []).map(({ name }) => name);
  it('says what it needs, what it is called, and how it may be asked', () => {
    expect(NEEDS).toContain(operation['x-turnpike-needs']);
    expect(operation.operationId).toMatch(/^[a-z][a-z0-9-]*(\.[a-z0-9-]+)+$/);
    expect(operation.tags).toEqual([operation.operationId!.split('.')[0]]);
    expect(operation.security).toEqual(isOpen ? [] : [{ bearer: [] }, { session: [] }]);
    if (!isOpen) expect(Object.keys(operation.responses)).toEqual(expect.arrayContaining(['401', '403']));
    expect(names.includes('idempotency-key')).toBe(!isOpen && method !== 'get');
  });
});

it('no two operations have one name, which is also what the audit calls them', () => {
  const ids = operations.map(({ operation }) => operation.operationId);
  expect(ids.filter((id, at) => ids.indexOf(id) !== at)).toEqual([]);
});

it('refers to nothing that is not there', () => {
  const refs = [...JSON.stringify(document).matchAll(/"#\/components\/schemas\/([^"]+)"/g)].map(
    ([, name]) => name,
  );
  expect(refs.length).toBeGreaterThan(20);
  expect(refs.filter((name) => !(name! in document.components.schemas))).toEqual([]);
  expect(Object.keys(document.components.securitySchemes)).toEqual(['bearer', 'session']);
});

describe('the page', () => {
  it('is for anyone, holds nothing, and takes nothing from elsewhere', async () => {
    const answer = await ask('/reference', {});
    const page = await answer.text();
    expect(answer.status).toBe(200);
    expect(answer.headers.get('content-type')).toContain('text/html');
    expect(page).not.toMatch(/https?:|\bsrc=|\bhref=|@import|\son[a-z]+=|style="|innerHTML|eval/);
    expect(page).not.toContain('/budgets');
  });
  it('runs its own script alone', async () => {
    const [one, two] = [await ask('/reference', {}), await ask('/reference', {})];
    const policy = one.headers.get('content-security-policy')!;
    const nonce = /script-src 'nonce-([^']+)'/.exec(policy)![1]!;
    expect(policy).not.toContain('unsafe');
    expect(policy).toContain("default-src 'none'");
    expect(policy).toContain("frame-ancestors 'none'");
    expect((await one.text()).match(/<script[^>]*>/g)).toEqual([`<script nonce="${nonce}">`]);
    expect(two.headers.get('content-security-policy')).not.toContain(nonce);
  });
  it('its script is one that can be read', async () => {
    const page = await (await ask('/reference', {})).text();
    const script = /<script[^>]*>([\s\S]*)<\/script>/.exec(page)![1]!;
    expect(() => new Function(script)).not.toThrow();
    expect(script).not.toContain('</');
  });
});
