/** The fault matrix where there is no second deployment: each client, before its own format and before another. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  type Cell,
  cells,
  costOf,
  expectNativeError,
  type FaultHouse,
  openFaultHouse,
  voiceOf,
} from './support/fault-matrix.ts';
import { type Fault, faults } from './support/fault-table.ts';
import type { Shown } from './support/native-client.ts';
import type { EntryRow } from './support/open-house.ts';

let house: FaultHouse;
beforeAll(async () => {
  house = await openFaultHouse({ timeouts: '{ first_byte_ms: 1000, idle_ms: 1000, total_ms: 3000 }' });
});
afterAll(() => house.close());

function checkClient(shown: Shown, { client }: Fault, { client: format }: Cell): void {
  if (client.status === 'failure') expect(shown.status).toBeGreaterThanOrEqual(500);
  else expect(shown.status, shown.raw).toBe(client.status);
  expect(shown.text).toBe(client.text ?? '');
  expect(shown.headers.get('retry-after') ?? undefined).toBe(client.retryAfter);
  expect(shown.attempts).toBe(1);
  if (client.code !== undefined || client.isError) return expectNativeError(shown, format, client.code);
  expect([shown.error, shown.isComplete, shown.isBroken]).toEqual([undefined, true, false]);
}

function checkEntry(row: EntryRow, { entry }: Fault, cell: Cell): void {
  expect(row).toMatchObject({
    lane: cell.lane,
    client_format: cell.client,
    status: entry.status,
    attempt: 1,
  });
  if (typeof entry.errorClass === 'string') expect(row.error_class).toBe(entry.errorClass);
  else if (entry.errorClass) expect(row.error_class).toMatch(entry.errorClass);
  else if (entry.status === 'ok') expect(row.error_class).toBeNull();
  expect(row.flags).toBe(entry.flags ?? null);
  expect(row.is_estimated).toBe(entry.tokens === 'estimated' ? 1 : 0);
  if (entry.tokens === 'nothing') {
    expect(row).toMatchObject({
      price_state: 'free',
      cost_nano: 0,
      input_tokens: 0,
      output_tokens: 0,
    });
    return;
  }
  expect(row.price_state).toBe('priced');
  if (entry.tokens === 'estimated') {
    expect(row.input_tokens).toBeGreaterThan(3);
    expect(row.input_tokens).toBeLessThan(200);
    expect(row.output_tokens > 0, `${row.output_tokens} output tokens`).toBe(entry.hasOutput === true);
  } else expect([row.input_tokens, row.output_tokens]).toEqual(entry.tokens);
  expect(row.cost_nano).toBe(costOf(row.input_tokens, row.output_tokens));
}

describe.each(cells)('a client of $client on $upstream ($lane)', (cell) => {
  const fitting = faults.filter(({ only }) => only === undefined || only === cell.lane);
  it.concurrent.each(fitting)('$name', async (fault) => {
    const stage = house.stage(cell);
    const voice = voiceOf(stage, 'first');
    const answer = fault.answer(voice);
    const isSse = answer.headers?.['content-type'] === 'text/event-stream';
    const headers = isSse ? { ...answer.headers, 'content-type': voice.contentType } : (answer.headers ?? {});
    house.answer(stage, 'first', { ...answer, headers });
    const shown = await house.ask(stage, { isStream: fault.isStream }, stage.first);
    checkClient(shown, fault, cell);
    const rows = await house.house.entriesOf(shown.exchangeId, 1);
    expect(rows).toHaveLength(1);
    checkEntry(rows[0]!, fault, cell);
    expect(house.requestsOf(stage), 'sent once').toHaveLength(1);
  });
});
