/** The check of signatures that docs/guide/alerts.md gives to receivers, run against what Turnpike sends. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { signatureHeaders } from '../src/alerts/sign.ts';
import { Secret } from '../src/base/secret.ts';
import { ROOT } from './support/source-tree.ts';

type Check = (headers: object, body: string, secret: string, nowSeconds: number) => boolean;

const guide = readFileSync(join(ROOT, 'docs/guide/alerts.md'), 'utf8');
const [, code = ''] = /```js\n([\s\S]*?)```/.exec(guide) ?? [];
const { isGenuine } = (await import(`data:text/javascript,${encodeURIComponent(code)}`)) as {
  isGenuine: Check;
};

const sentAtMs = Date.parse('2026-11-21T12:00:00Z');
const body = '{"title":"80 % of $25.00 is spent by \\"zoë\\""}';

it.each(['whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw', 'a secret of some length'])(
  'checks what is signed with %s',
  (text) => {
    const headers = signatureHeaders({ id: 'budget.blocked/bud_1/zoë/1', sentAtMs, body }, new Secret(text));
    const now = sentAtMs / 1000;
    expect(isGenuine(headers, body, text, now)).toBe(true);
    const rotated = { ...headers, 'webhook-signature': `v1,AAAA ${headers['webhook-signature']}` };
    expect(isGenuine(rotated, body, text, now + 200)).toBe(true);
    const forged: readonly [object, string, string, number][] = [
      [headers, `${body} `, text, now],
      [headers, body, 'another secret of some length', now],
      [headers, body, text, now + 301],
      [{ ...headers, 'webhook-id': 'x' }, body, text, now],
      [{ ...headers, 'webhook-timestamp': String(now + 1) }, body, text, now],
      [{ ...headers, 'webhook-timestamp': 'soon' }, body, text, now],
      [{ ...headers, 'webhook-signature': 'v1,' }, body, text, now],
    ];
    for (const given of forged) expect(isGenuine(...given)).toBe(false);
  },
);
