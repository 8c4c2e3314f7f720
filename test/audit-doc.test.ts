/** docs/guide/audit.md and api.md are true: the columns, the hash that others can compute, and the events that there are. */
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { auditColumns } from '../src/admin/audit-export.ts';
import { hear } from './support/heard.ts';
import { openHouse, operatorToken } from './support/open-house.ts';
import { ROOT } from './support/source-tree.ts';

const guide = readFileSync(join(ROOT, 'docs/guide/audit.md'), 'utf8');
const api = readFileSync(join(ROOT, 'docs/guide/api.md'), 'utf8');
const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex');

it('names the columns of an export', () => {
  const listed = /<!-- columns -->([\s\S]*?)<!-- \/columns -->/.exec(guide)![1]!;
  expect([...listed.matchAll(/`(\w+)`/g)].map(([, name]) => name)).toEqual(auditColumns);
});

it('an export can be proven by whoever reads the guide', async () => {
  const house = await openHouse('providers: { sandbox: {} }\n');
  try {
    await house.admin('POST', '/budgets', { name: 'x', scope: 'workspace', period: 'month', limitUsd: '5' });
    await house.admin('POST', '/alerts/test');
    await house.admin('POST', '/audit/verify', {});
    const headers = { authorization: `Bearer ${operatorToken(house.home)}` };
    let lines: Record<string, string | null>[] = [];
    let head = '';
    for (
      let tries = 0;
      tries < 200 && !lines.some(({ hash }) => `${lines.length}:${hash}` === head);
      tries += 1
    ) {
      const answer = await fetch(`${house.url}/api/v1/audit/export`, { headers });
      head = answer.headers.get('x-turnpike-audit-head')!;
      lines = (await answer.text())
        .trim()
        .split('\n')
        .map((line) => JSON.parse(line));
      await new Promise((done) => setTimeout(done, 10));
    }
    const names = 'id at actor actor_name actor_role via address action target outcome detail'.split(' ');
    let before = sha256(JSON.stringify(['turnpike audit 1', lines[0]!.workspace]));
    for (const [index, line] of lines.entries()) {
      const told: Record<string, unknown> = {
        ...line,
        at: Date.parse(line.at!),
        detail: JSON.stringify(line.detail),
      };
      const list = [
        'turnpike audit 1',
        line.workspace,
        index + 1,
        before,
        ...names.map((name) => told[name]),
      ];
      before = sha256(JSON.stringify(list));
      expect([line.position, line.hash]).toEqual([index + 1, before]);
    }
    expect(`${lines.length}:${before}`).toBe(head);
  } finally {
    await house.close();
  }
});

it('lists every kind of event that is told live, and ends them all before the process ends', async () => {
  const listed = [...api.matchAll(/^\| `(\w+)` \|/gm)].map(([, type]) => type);
  expect(listed).toEqual('hello exchange budget health task registry audit skipped reset end'.split(' '));
  const house = await openHouse('providers: { sandbox: {} }\n');
  const headers = { authorization: `Bearer ${operatorToken(house.home)}` };
  const answer = await fetch(`${house.url}/api/v1/events/live`, { headers });
  expect(answer.headers.get('content-type')).toBe('text/event-stream');
  const ear = hear(answer.body!);
  await ear.until('hello');
  const closed = house.close();
  expect(await ear.until('end')).toEqual([{ reason: 'shutting_down' }]);
  await closed;
});
