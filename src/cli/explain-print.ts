/** Parts of a decision record as a person reads them: of exchanges that were, and of those that would be. */
import type { ChoiceRecord, DecisionRecord } from '../admin/decision.ts';
import type { PriceBody } from '../admin/price-fields.ts';
import type { Io } from './io.ts';
import { money, paintFor, printLine, printTable } from './print.ts';

const NAME_WIDTH = 12;

export function printNamed(io: Io, facts: readonly (readonly [string, string])[]): void {
  const paint = paintFor(io.stdout, io.env);
  for (const [name, value] of facts) printLine(io.stdout, `${paint.dim(name.padEnd(NAME_WIDTH))}${value}`);
}

/** Every layer that could have named the model, and which one did. */
export function printLayers(io: Io, { layer: winner, layers }: ChoiceRecord): void {
  const won = layers.findIndex(({ layer }) => layer === winner);
  printTable(
    io,
    [{ title: 'layer' }, { title: 'says' }, { title: 'where' }, { title: '' }],
    layers.map(({ layer, ref, source }, index) => [
      layer,
      ref ?? '-',
      source ?? '',
      index === won ? '<- chosen' : ref !== null && index > won ? 'overruled' : '',
    ]),
  );
}

export function describeOrder(order: NonNullable<DecisionRecord['order']>): string {
  return order.map(({ ref, standIn }) => (standIn === null ? ref : `${ref} (${standIn})`)).join(' > ');
}

export function describeSkipped({ ref, reason, note }: DecisionRecord['skipped'][number]): string {
  return note === null ? `${ref} (${reason})` : `${ref} (${reason}: ${note})`;
}

/** Of the lowest tier. */
export function describePrice({ source, tiers, serviceTier }: PriceBody): string {
  const rates = tiers[0]?.usdPerMillion ?? {};
  const tier = serviceTier === 'standard' ? '' : `, ${serviceTier}`;
  return `${money(rates.input ?? null)} in, ${money(rates.output ?? null)} out per million tokens (${source}${tier})`;
}
