/**
 * Money: integer nano-dollars in a bigint (a float mixed in throws), prices in integer pico-dollars per unit
 * (= micro-dollars per million tokens, so $0.0375 per million is 37,500 exactly).
 */
declare const nanoBrand: unique symbol;
/** Nano-dollars, 1e-9 USD. */
export type NanoUsd = bigint & { readonly [nanoBrand]: true };
/** Pico-dollars, 1e-12 USD, per token or per call. A safe integer. */
export type PicoUsd = number;

export const ZERO_USD = 0n as NanoUsd;

export function nanoUsd(value: bigint): NanoUsd {
  return value as NanoUsd;
}

/** Pico to nano, rounded up: the one rounding a cost goes through. */
export function ceilToNano(pico: bigint): NanoUsd {
  const nano = pico / 1000n;
  return (nano * 1000n < pico ? nano + 1n : nano) as NanoUsd;
}

/** Exact decimal dollars without trailing zeros beyond the cent: `0.00123`, `12.50`, `-0.01`. */
export function formatUsd(amount: NanoUsd | bigint): string {
  const sign = amount < 0n ? '-' : '';
  const digits = (amount < 0n ? -amount : amount).toString().padStart(10, '0');
  const fraction = digits.slice(-9).replace(/0{1,7}$/, '');
  return `${sign}${digits.slice(0, -9)}.${fraction}`;
}

/** Decimal dollar text to nano-dollars, exactly; digits beyond the ninth are rounded up. undefined = not a plain decimal. */
export function parseUsd(text: string): NanoUsd | undefined {
  const match = /^(-?)(\d{1,9})(?:\.(\d{1,30}))?$/.exec(text.trim());
  if (!match) return undefined;
  const fraction = match[3] ?? '';
  let nano = BigInt(match[2]!) * 1_000_000_000n + BigInt(fraction.slice(0, 9).padEnd(9, '0'));
  if (/[1-9]/.test(fraction.slice(9))) nano += 1n;
  return (match[1] ? -nano : nano) as NanoUsd;
}
