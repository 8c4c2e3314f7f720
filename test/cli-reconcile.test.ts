/** `turnpike ledger reconcile`, `proposals`, `accept`, `dismiss` and `export`: what is shown, and what they end with. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { runCli } from '../src/cli/run-cli.ts';
import { behind, fakeServer, resetBehind, turnpike } from './support/cli-harness.ts';
import { createFakeIo } from './support/fake-io.ts';

resetBehind();

describe('ledger reconcile', () => {
  it('shows drift with its causes, and ends with 1 when a row is over the line', async () => {
    const { code, out } = await turnpike('ledger reconcile --since 2026-11-19');
    expect(code).toBe(1);
    expect(out).toMatchInlineSnapshot(`
      "model                              day         booked  billed   drift     causes
      openai/gpt-4o (gpt-4o-2024-08-06)  2026-11-19   $2.50   $5.10  +$2.60  !  unrecorded +$2.50, price +$0.10
      Drift +$2.60 in 1 of 4 rows of openai, 2026-11-19 to 2026-11-22; 1 over the line (!).
      1 × day too new to be judged: openai 2026-11-21 00:00
      12,000 of the billed tokens were used without an API key, on the provider's own pages
      Costs in EUR are not compared: the ledger is in US dollars.

      reason                                                            proposal  amount
      bill of openai for 2026-11-19: unrecorded +2.50, price +0.10 USD  adj_1     +$2.60
      Nothing was booked: \`turnpike ledger accept <proposal>\` does.
      "
    `);
    expect(behind.house.asked[0]).toMatchObject({ sinceMs: Date.parse('2026-11-19'), width: 'day' });
  });
  it('ends with 0 without drift', async () => {
    const { code, out } = await turnpike('ledger reconcile --provider quiet --by hour --until 2026-11-20');
    expect(code).toBe(0);
    expect(out).toMatchInlineSnapshot(`
      "The books equal the bills: 4 rows of openai, 2026-11-19 to 2026-11-22.
      1 × day too new to be judged: openai 2026-11-21 00:00
      Costs in EUR are not compared: the ledger is in US dollars.
      "
    `);
    expect(behind.house.asked[0]).toMatchObject({
      provider: 'quiet',
      width: 'hour',
      untilMs: Date.parse('2026-11-20'),
    });
  });
  it('ends with 1 when a bill could not be had', async () => {
    const { code, out } = await turnpike('ledger reconcile --provider down');
    expect(code).toBe(1);
    expect(out).toContain('✗ down was not compared: the bill of down: answered 401');
  });
  it('ends with 1 and says how to mend it without an admin key', async () => {
    const { code, err } = await turnpike('ledger reconcile --provider nobody');
    expect(code).toBe(1);
    expect(err).toContain('the bill of nobody cannot be fetched');
    expect(err).toContain('admin_key');
  });
  it('prints JSON with exact money and the same code', async () => {
    const { code, out } = await turnpike('ledger reconcile --json');
    expect(code).toBe(1);
    expect(JSON.parse(out)).toMatchObject({
      rows: [
        {
          model: 'gpt-4o',
          driftUsd: '2.60',
          causes: [
            { cause: 'unrecorded', usd: '2.50' },
            { cause: 'price', usd: '0.10' },
          ],
        },
      ],
      rowsOver: 1,
      unjudged: [{ reason: 'young' }],
      proposals: [{ id: 'adj_1', state: 'open', exchangeId: null }],
    });
  });
  it.each([
    ['ledger reconcile --by week', 2],
    ['ledger reconcile --since yesterday', 2],
    ['ledger reconcile --since 2026-11-21 --until 2026-11-20', 1],
    ['ledger export --format xml', 2],
    ['ledger accept', 2],
  ])('%s ends with %d', async (words, expected) => {
    expect((await turnpike(words)).code).toBe(expected);
  });
});

describe('proposals', () => {
  it('lists those that are open', async () => {
    const { code, out } = await turnpike('ledger proposals');
    expect(code).toBe(0);
    expect(out).toMatchInlineSnapshot(`
      "reason                                                            proposal  amount
      bill of openai for 2026-11-19: unrecorded +2.50, price +0.10 USD  adj_1     +$2.60
      "
    `);
  });
  it.each([
    ['ledger accept adj_1', 0, '✓ Booked +$2.60 for openai/gpt-4o on 2026-11-19, as exc_1.\n'],
    ['ledger dismiss adj_1', 0, '✓ Dismissed +$2.60 for openai/gpt-4o on 2026-11-19; nothing was booked.\n'],
  ])('%s', async (words, code, out) => {
    expect(await turnpike(words)).toMatchObject({ code, out });
    expect(behind.house.asked).toEqual([['adj_1', words.split(' ')[1], 'operator']]);
  });
  it.each([
    ['ledger accept adj_none', 'there is no proposal adj_none'],
    ['ledger accept adj_old', 'the proposal adj_old was dismissed by operator before'],
  ])('%s fails', async (words, err) => {
    const told = await turnpike(words);
    expect(told.code).toBe(1);
    expect(told.err).toContain(err);
  });
});

it('never shows an admin key', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'turnpike-admin-key-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  const file = join(folder, 'turnpike.yaml');
  writeFileSync(file, 'providers: { anthropic: { admin_key: sk-ant-admin-hunter2, bill_scope: default } }');
  for (const flags of ['', ' --json']) {
    const { code, out } = await turnpike(`config print --config ${file}${flags}`);
    expect(code).toBe(0);
    expect(out).toContain('providers.anthropic.admin_key');
    expect(out).not.toContain('hunter2');
  }
});

describe('ledger export', () => {
  it.each([
    ['', 'csv'],
    [' --format jsonl', 'jsonl'],
    [' --json', 'jsonl'],
  ])('passes%s through as it comes', async (flags, format) => {
    const { code, out } = await turnpike(`ledger export --since 2026-11-01${flags}`);
    expect({ code, out }).toEqual({ code: 0, out: 'seq,model\r\n1,gpt-4o\r\n' });
    expect(behind.house.asked).toEqual([
      expect.objectContaining({ format, sinceMs: Date.parse('2026-11-01') }),
    ]);
  });
  it('writes no faster than it is taken', async () => {
    const { io, out } = createFakeIo({ fetch: fakeServer });
    const seen: string[] = [];
    const stdout = { ...io.stdout, drained: async () => void seen.push(out()) };
    expect(await runCli(['ledger', 'export'], { ...io, stdout })).toBe(0);
    expect(seen.slice(0, 2)).toEqual(['seq,model\r\n', 'seq,model\r\n1,gpt-4o\r\n']);
  });
  it('ends with 1 when the ledger fails in the middle', async () => {
    behind.house.deps = {
      ...behind.house.deps,
      spending: {
        ...behind.house.deps.spending,
        export: async function* () {
          yield 'seq\r\n';
          throw new Error('the database is gone');
        },
      },
    };
    const { code, out, err } = await turnpike('ledger export');
    expect({ code, out }).toEqual({ code: 1, out: 'seq\r\n' });
    expect(err).toContain('cut off');
  });
});
