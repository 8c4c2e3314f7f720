/**
 * A hundred recorded usages, of every class, tier and provider shape, cost what was computed by hand: from the words
 * on the wire through the reader of the format and the judge of usage to the booked entry.
 */
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { type Rates, readEach, readPerMillion } from '../src/base/rates.ts';
import type { Price, PriceTier } from '../src/catalog/price.ts';
import { readCallUsage } from '../src/gateway/relay-only-usage.ts';
import { bookSettle, makeReservation } from '../src/ledger/book.ts';
import type { FormatId, JsonObject, Usage } from '../src/wire/chat.ts';
import { type EmbeddingShapeId, embeddingShapes } from '../src/wire/embeddings/index.ts';
import { formats } from '../src/wire/formats.ts';

const text = readFileSync(new URL('./support/hundred-usages.md', import.meta.url), 'utf8');

function tableUnder(title: string): string[][] {
  const section = text.split(`## ${title}\n`)[1]!.split('\n## ')[0]!;
  const lines = section.split('\n').filter((line) => line.startsWith('|'));
  return lines.slice(2).map((line) =>
    line
      .slice(1, -1)
      .split('|')
      .map((cell) => cell.trim().replaceAll('`', '')),
  );
}

const rateColumns = [
  'input',
  'cacheRead',
  'cacheWrite5m',
  'cacheWrite1h',
  'output',
  'reasoning',
  'audioInput',
  'audioOutput',
] as const;

function ratesOf(cells: readonly string[]): Rates {
  const [calls = '', perRequest = ''] = cells.slice(rateColumns.length);
  const tokens = rateColumns.flatMap((name, at) => (cells[at] ? [[name, readPerMillion(cells[at])]] : []));
  const fees = calls === '' ? [] : calls.split(', ').map((call) => call.split(' '));
  return {
    ...Object.fromEntries(tokens),
    ...(fees.length > 0 && { calls: Object.fromEntries(fees.map(([tool, usd]) => [tool, readEach(usd!)])) }),
    ...(perRequest !== '' && { perRequest: readEach(perRequest) }),
  } as Rates;
}

const prices = new Map<string, Price>();
for (const [name = '', serviceTier = '', above, ...cells] of tableUnder('Prices')) {
  const key = `${name} ${serviceTier}`;
  const tier: PriceTier = { aboveInputTokens: Number(above), rates: ratesOf(cells) };
  const source = name === 'own' ? 'operator' : 'catalog';
  const known = prices.get(key) ?? {
    provider: 'p',
    model: name,
    serviceTier,
    source,
    effectiveFromMs: 0,
    tiers: [],
  };
  prices.set(key, { ...known, tiers: [...known.tiers, tier] });
}

function readWire(shape: string, body: JsonObject): Usage | undefined {
  if (shape === 'call') return readCallUsage(body);
  if (Object.hasOwn(formats, shape)) return formats[shape as FormatId].readUsage(body);
  return embeddingShapes[shape as EmbeddingShapeId].readUsage(body);
}

/** `3*100 + 0.3*20`, in millionths of a dollar, as nano-dollars rounded up. */
function evaluate(sum: string): bigint {
  const digits = (decimal: string) => {
    const [whole = '', fraction = ''] = decimal.split('.');
    return BigInt(whole + fraction.padEnd(6, '0'));
  };
  const pico = sum.split(' + ').reduce((total, product) => {
    const [rate, count] = product.split('*');
    return total + digits(rate!) * BigInt(count!);
  }, 0n);
  return (pico + 999n) / 1000n;
}

const rows = tableUnder('Usages').map((cells) => {
  const [no = '', what = '', shape = '', price = '', wire = '', byHand = '', nano = '', noted = ''] = cells;
  return { no, what, shape, price, wire, byHand, nano: BigInt(nano.replaceAll(',', '')), noted };
});

const states: Readonly<Record<string, string>> = { reported: 'reported', unpriced: 'unknown' };
const flags = ['price_gap', 'missing', 'suspect_zero', 'absurd', 'unpriced'];

function book({ shape, price: name, wire, noted }: (typeof rows)[number]) {
  const price = prices.get(`${name} standard`);
  const isEmpty = noted === 'empty';
  const reservation = makeReservation(
    {
      exchangeId: 'exc_1',
      attempt: 1,
      workspaceId: 'ws_1',
      keyId: 'key_1',
      provider: 'p',
      model: name,
      clientFormat: shape,
      lane: 'relay',
      price,
      inputEstimate: isEmpty ? 0 : 40,
      createdAtMs: 0,
      deadlineAtMs: 1,
    },
    undefined,
  );
  const hasOutput = !isEmpty && !/embed|call/.test(shape);
  return bookSettle(
    { reservation, price, resolvePrice: (_provider, model, tier) => prices.get(`${model} ${tier}`) },
    {
      exchangeId: 'exc_1',
      attempt: 1,
      status: 'ok',
      isCharged: true,
      usage: {
        reported: readWire(shape, JSON.parse(wire) as JsonObject),
        outputEstimate: hasOutput ? 25 : 0,
        hasContent: hasOutput,
      },
      latencyMs: 1,
      settledAtMs: 1,
    },
  );
}

it('is a hundred and more, of every shape, each price used', () => {
  expect(rows.length).toBeGreaterThanOrEqual(100);
  expect(rows.map(({ no }) => Number(no))).toEqual(rows.map((_, at) => at + 1));
  const shapes = new Set(rows.map(({ shape }) => shape));
  for (const format of Object.keys(formats)) expect(shapes).toContain(format);
  for (const key of prices.keys()) {
    const [name] = key.split(' ');
    expect(rows.map(({ price }) => price)).toContain(name);
  }
});

describe.each(rows)('$no $shape: $what', (row) => {
  it(`costs ${row.nano} nano-dollars`, () => {
    // The arithmetic and its result were written apart.
    expect(evaluate(row.byHand)).toBe(row.nano);
    const { entry, settled } = book(row);
    expect(entry.cost_nano).toBe(row.nano);
    const { input_cost_nano, cache_cost_nano, output_cost_nano, other_cost_nano } = entry;
    expect(input_cost_nano + cache_cost_nano + output_cost_nano + other_cost_nano).toBe(row.nano);
    expect(entry.flags).toBe(flags.includes(row.noted) ? row.noted : null);
    expect(entry.price_state).toBe(states[row.noted] ?? 'priced');
    expect(settled.cost).toBe(row.noted === 'unpriced' ? undefined : row.nano);
  });
});
