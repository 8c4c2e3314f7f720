/** Prices as a configuration file declares them: an operator's own, and where a price list is fetched from. */
import { dirname, resolve } from 'node:path';
import { z } from 'zod';
import {
  EVERY,
  isServiceTier,
  MAX_CALL_RATES,
  MAX_MODEL_LENGTH,
  MAX_OVERRIDES,
  MAX_PRICE_TIERS,
  MAX_PROVIDER_LENGTH,
  type PriceTerms,
  serviceTierHelp,
} from './base/price-terms.ts';
import {
  eachHelp,
  FREE_RATES,
  type PriceTier,
  perMillionHelp,
  type Rates,
  readEach,
  readPerMillion,
  type TokenRate,
  writePerMillion,
} from './base/rates.ts';

/** Vendors change prices a few times a year. */
const DEFAULT_REFRESH_HOURS = 24;

/** A number of YAML is read as it is printed; nothing is calculated with it. */
const amount = (help: string, read: (text: string) => number | undefined, description: string) =>
  z
    .union([z.string(), z.number()])
    .refine((value) => read(String(value)) !== undefined, `must be ${help}`)
    .meta({ description })
    .optional();
const perMillion = (what: string) => amount(perMillionHelp, readPerMillion, `${what}, per million.`);

const rates = {
  input_usd_per_mtok: amount(perMillionHelp, readPerMillion, `Input: ${perMillionHelp}.`),
  output_usd_per_mtok: perMillion('Output tokens'),
  cache_read_usd_per_mtok: perMillion('Input tokens read from a cache'),
  cache_write_5m_usd_per_mtok: perMillion('Input tokens written to a cache for five minutes'),
  cache_write_1h_usd_per_mtok: perMillion('Input tokens written to a cache for an hour'),
  reasoning_usd_per_mtok: perMillion('Reasoning tokens, where they do not cost what output does'),
  audio_input_usd_per_mtok: perMillion('Audio input tokens'),
  audio_output_usd_per_mtok: perMillion('Audio output tokens'),
  usd_per_request: amount(eachHelp, readEach, `Each request: ${eachHelp}.`),
  usd_per_call: z
    .record(z.string().min(1).max(100), z.union([z.string(), z.number()]))
    .refine(
      (calls) =>
        Object.keys(calls).length <= MAX_CALL_RATES &&
        Object.values(calls).every((value) => readEach(String(value)) !== undefined),
      `must be ${eachHelp}, for at most ${MAX_CALL_RATES} tools`,
    )
    .meta({ description: 'Each call of a built-in tool, by its name, such as `web_search`.' })
    .optional(),
};

const tier = z.strictObject({
  input_tokens: z
    .int()
    .min(1)
    .max(1_000_000_000)
    .meta({ description: 'Total input, cached tokens included, above which the whole request costs this.' }),
  ...rates,
});

const override = z
  .strictObject({
    provider: z.string().min(1).max(MAX_PROVIDER_LENGTH).meta({
      description: 'Name of the provider, as under `providers` and before the slash in a model ref.',
    }),
    model: z
      .string()
      .min(1)
      .max(MAX_MODEL_LENGTH)
      .meta({ description: "The provider's name of the model, with or without its date; `*` for all." }),
    service_tier: z
      .string()
      .refine(isServiceTier, `must be ${serviceTierHelp}`)
      .meta({ description: `${serviceTierHelp}.`, default: EVERY })
      .optional(),
    effective_from: z
      .union([z.iso.datetime({ offset: true }), z.iso.date()])
      .meta({ description: 'Since when: a UTC day or a moment. Default: when the file first says so.' })
      .optional(),
    free: z
      .literal(true)
      .meta({ description: 'It costs nothing: an explicit zero, which is not an unknown price.' })
      .optional(),
    ...rates,
    above: z
      .array(tier)
      .max(MAX_PRICE_TIERS - 1)
      .meta({ description: 'Prices of long requests.' })
      .optional(),
  })
  .superRefine((entry, context) => {
    const complain = (message: string, ...path: (string | number)[]) =>
      context.addIssue({ code: 'custom', path, message });
    if (entry.free && Object.keys(rates).some((name) => name in entry))
      complain('says what is free costs something', 'free');
    if (!entry.free) {
      for (const [index, row] of [entry, ...(entry.above ?? [])].entries()) {
        const at = index === 0 ? [] : ['above', index - 1];
        if (row.input_usd_per_mtok === undefined) complain('is missing', ...at, 'input_usd_per_mtok');
        if (row.output_usd_per_mtok === undefined) complain('is missing', ...at, 'output_usd_per_mtok');
      }
    }
    const thresholds = (entry.above ?? []).map(({ input_tokens }) => input_tokens);
    if (thresholds.some((at, index) => index > 0 && at <= thresholds[index - 1]!))
      complain('must be in rising order of input_tokens', 'above');
  });

export const pricesSchema = z.strictObject({
  overrides: z
    .array(override)
    .max(MAX_OVERRIDES)
    .superRefine((entries, context) => {
      const names = entries.map((entry) => JSON.stringify(identityOf(entry)));
      const at = names.findIndex((name, index) => names.indexOf(name) !== index);
      if (at === -1) return;
      const message = 'another entry is for the same provider, model, service tier and moment';
      context.addIssue({ code: 'custom', path: [at], message });
    })
    .meta({ description: "Prices of your own, before any list's: contracts, own servers, corrections." })
    .optional(),
  refresh: z
    .strictObject({
      url: z
        .string()
        .max(2000)
        .meta({ description: 'https address of a price list: LiteLLM, models.dev, or our own format.' })
        .optional(),
      file: z
        .string()
        .min(1)
        .max(2000)
        .meta({ description: 'The same as a file; relative to the configuration file.' })
        .optional(),
      every_hours: z
        .int()
        .min(1)
        .max(720)
        .meta({ description: 'How often it is read.', default: DEFAULT_REFRESH_HOURS })
        .optional(),
    })
    .refine(({ url, file }) => (url === undefined) !== (file === undefined), 'must name either url or file')
    .meta({ description: 'Where newer prices come from. Without it nothing is ever fetched.' })
    .optional(),
});

type PricesFile = z.infer<typeof pricesSchema>;
type Entry = NonNullable<PricesFile['overrides']>[number];

/** Where a newer price list is read from. */
export interface PriceRefresh {
  readonly from: { readonly kind: 'url' | 'file'; readonly place: string };
  readonly everyMs: number;
}

export interface PriceSettings {
  readonly overrides: readonly PriceTerms[];
  /** undefined = the prices that were shipped are used. */
  readonly refresh: PriceRefresh | undefined;
}

interface LoadedPrices {
  readonly path: string;
  readonly content: { readonly prices?: PricesFile | undefined };
}

const HOUR_MS = 3_600_000;

/** Prices of all files; of those for the same, and of two refreshes, the last file's. */
export function mergePrices(files: readonly LoadedPrices[], sources: Record<string, string>): PriceSettings {
  const overrides = new Map<string, PriceTerms>();
  let refresh: PriceRefresh | undefined;
  for (const { path, content } of files) {
    for (const entry of content.prices?.overrides ?? []) {
      overrides.set(JSON.stringify(identityOf(entry)), priceTermsOf(entry));
      sources[`prices.overrides.${entry.provider}/${entry.model}`] = path;
    }
    const found = content.prices?.refresh;
    if (!found) continue;
    const { url, file, every_hours = DEFAULT_REFRESH_HOURS } = found;
    const from =
      url === undefined
        ? ({ kind: 'file', place: resolve(dirname(path), file!) } as const)
        : ({ kind: 'url', place: url } as const);
    refresh = { from, everyMs: every_hours * HOUR_MS };
    sources['prices.refresh'] = path;
  }
  return { overrides: [...overrides.values()], refresh };
}

function identityOf({ provider, model, service_tier, effective_from }: z.infer<typeof override>): unknown {
  return [provider, model, service_tier ?? EVERY, effective_from && Date.parse(effective_from)];
}

/** Every entry has passed the schema. */
export function priceTermsOf(entry: Entry): PriceTerms {
  const { provider, model, service_tier, effective_from, free, above = [] } = entry;
  const tiers: PriceTier[] = free
    ? [{ aboveInputTokens: 0, rates: FREE_RATES }]
    : [
        { aboveInputTokens: 0, rates: ratesOf(entry) },
        ...above.map((row) => ({ aboveInputTokens: row.input_tokens, rates: ratesOf(row) })),
      ];
  return {
    provider,
    model,
    serviceTier: service_tier ?? EVERY,
    tiers,
    ...(effective_from !== undefined && { effectiveFromMs: Date.parse(effective_from) }),
  };
}

const named: Readonly<Record<TokenRate, keyof typeof rates>> = {
  input: 'input_usd_per_mtok',
  output: 'output_usd_per_mtok',
  cacheRead: 'cache_read_usd_per_mtok',
  cacheWrite5m: 'cache_write_5m_usd_per_mtok',
  cacheWrite1h: 'cache_write_1h_usd_per_mtok',
  reasoning: 'reasoning_usd_per_mtok',
  audioInput: 'audio_input_usd_per_mtok',
  audioOutput: 'audio_output_usd_per_mtok',
};

function ratesOf(row: Partial<Record<keyof typeof rates, unknown>>): Rates {
  const tokens = Object.entries(named).flatMap(([name, field]) =>
    row[field] === undefined ? [] : [[name, readPerMillion(String(row[field]))!]],
  );
  const calls = row.usd_per_call as Record<string, string | number> | undefined;
  return {
    ...(Object.fromEntries(tokens) as unknown as Pick<Rates, 'input' | 'output'>),
    ...(row.usd_per_request !== undefined && { perRequest: readEach(String(row.usd_per_request))! }),
    ...(calls && {
      calls: Object.fromEntries(
        Object.entries(calls).map(([tool, value]) => [tool, readEach(String(value))!]),
      ),
    }),
  };
}

/** In a line, for people. */
export function describePrice({ serviceTier, tiers, effectiveFromMs }: PriceTerms): string {
  const [{ rates: first } = { rates: FREE_RATES }] = tiers;
  return [
    `$${writePerMillion(first.input)} in, $${writePerMillion(first.output)} out per million`,
    ...(tiers.length === 1
      ? []
      : [`${tiers.length - 1} more above ${tiers[1]!.aboveInputTokens} input tokens`]),
    ...(serviceTier === EVERY ? [] : [serviceTier]),
    ...(effectiveFromMs === undefined ? [] : [`from ${new Date(effectiveFromMs).toISOString()}`]),
  ].join(', ');
}

/** In a line, for people. */
export function describeRefresh(refresh: PriceRefresh | undefined): string {
  return refresh ? `${shownPlace(refresh.from)}, every ${refresh.everyMs / HOUR_MS} h` : 'never';
}

/** As it may be shown and logged: the query of an address may hold a key. */
export function shownPlace({ kind, place }: PriceRefresh['from']): string {
  const query = kind === 'url' ? place.indexOf('?') : -1;
  return query === -1 ? place : `${place.slice(0, query)} (rest masked)`;
}
