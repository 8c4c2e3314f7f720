/** Text that no database keeps, in every place where a request can have it: refused before anything is asked of a store. */
import { expect, it } from 'vitest';
import { fakeHouse, TOKEN } from '../../test/support/fake-house.ts';
import { createAdmin } from './app.ts';
import { bodyRefusal } from './keepable.ts';

const NUL = '\\u0000';

async function ask(path: string, body?: string) {
  const answer = await createAdmin(fakeHouse().deps).fetch(
    new Request(`http://localhost/api/v1${path}`, {
      method: body === undefined ? 'GET' : 'POST',
      headers: { authorization: `Bearer ${TOKEN}`, 'content-type': 'application/json' },
      ...(body !== undefined && { body }),
    }),
  );
  const { error } = (await answer.json()) as { error: { code: string; message: string } };
  return [answer.status, error.code, error.message] as const;
}

it.each([
  ['a field', `{"name":"a${NUL}"}`, 'name'],
  ['half of a pair', '{"name":"a\\ud800"}', 'name'],
  ['the other half', '{"name":"\\uDC00a"}', 'name'],
  [
    'a place in a list of an object',
    `{"budgets":[{"period":"day"},{"period":"${NUL}"}]}`,
    'budgets.1.period',
  ],
  ['a name of a field', `{"a":{"b${NUL}":1}}`, 'a.b'],
  ['a name of nothing else', `{"${NUL}":1}`, 'a name'],
  ['the body itself', `"${NUL}"`, 'body'],
])('in %s is refused, and named', async (_what, body, place) => {
  const [status, code, message] = await ask('/keys', body);
  expect([status, code]).toEqual([400, 'body_invalid']);
  expect(message).toMatch(new RegExp(`^${place}: holds the control character U\\+0000`));
});

it.each([
  ['?search=a%00', [400, 'query_invalid', expect.stringMatching(/^search: /)]],
  ['?se%00arch=a', [400, 'query_invalid', expect.stringMatching(/^search: /)]],
  ['/key_%00', [404, 'record_unknown', expect.stringContaining('path')]],
])('in /keys%s is refused', async (path, answer) => {
  expect(await ask(`/keys${path}`)).toEqual(answer);
});

it.each([
  ['a pair', '{"a":"\\ud83d\\ude00"}'],
  ['an escape that is none', '{"a":"\\\\u0000"}'],
  ['no JSON', `{"a":"${NUL}"`],
])('%s is left to others', (_what, body) => expect(bodyRefusal(body)).toBeUndefined());

it('does not run out of stack', () => {
  const depth = 10_000;
  const refusal = bodyRefusal(`${'['.repeat(depth)}"${NUL}"${']'.repeat(depth)}`);
  expect(refusal?.message.length).toBeLessThan(400);
});
