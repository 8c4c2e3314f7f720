/**
 * Makes src/catalog/snapshot.json from the npm package @pydantic/genai-prices (MIT), and the limits of models that it
 * does not know from @earendil-works/pi-ai (MIT): which versions is on the lines below. Run by hand:
 * `node scripts/refresh-catalog.mjs`. It puts them into a temporary folder, so that nothing of them is a
 * dependency at run time.
 *
 * Dollars per million tokens become integer pico-dollars per token (x 1,000,000) from their shortest decimal
 * text, never by multiplying floats.
 */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';

const PACKAGE = '@pydantic/genai-prices@0.1.8';
const AS_OF = '2026-09-23';
const LIMITS_PACKAGE = '@earendil-works/pi-ai@1.5.2';
/** Our shelf -> its file of the vendor's models. */
const LIMIT_FILES = {
  anthropic: 'anthropic',
  openai: 'openai',
  google: 'google',
  mistral: 'mistral',
  groq: 'groq',
  deepseek: 'deepseek',
  'x-ai': 'xai',
  together: 'together',
  fireworks: 'fireworks',
  cerebras: 'cerebras',
  moonshotai: 'moonshotai',
  zai: 'zai',
  openrouter: 'openrouter',
  vertex: 'google-vertex',
  aws: 'amazon-bedrock',
};
/** Claude on Vertex is filed under Google by the source; Gemini's own API does not serve it. */
const CLAUDE = /^claude/;
/** Source's provider, our shelf where it is another, and the models it takes; in the order in which bare ids are looked up. */
const SHELVES = [
  'anthropic',
  'openai',
  { source: 'google', takes: (id) => !CLAUDE.test(id) },
  'mistral',
  'groq',
  'deepseek',
  'x-ai',
  'together',
  'fireworks',
  'cerebras',
  'perplexity',
  'moonshotai',
  'zai',
  'cohere',
  'openrouter',
  { source: 'google', shelf: 'vertex', takes: (id) => CLAUDE.test(id), hasLooseRules: true },
  // Prices of its regions; the global ones are filed as `global.…`, as AWS names them.
  { source: 'aws', named: (id) => id.replace(/^regional\./, '') },
];
/** Decimal places moved: dollars per million tokens -> pico-dollars per token. */
const PER_MILLION = 6;
/** Dollars per thousand calls -> pico-dollars per call. */
const PER_THOUSAND = 9;

const rateNames = {
  input_mtok: 'input',
  output_mtok: 'output',
  cache_read_mtok: 'cacheRead',
  cache_write_mtok: 'cacheWrite5m',
  cache_write_1h_mtok: 'cacheWrite1h',
  output_reasoning_mtok: 'reasoning',
  input_audio_mtok: 'audioInput',
  output_audio_mtok: 'audioOutput',
};

/** A number's shortest decimal text, shifted and rounded up to a whole number. */
function shifted(value, places) {
  const [mantissa, exponent = '0'] = String(value).toLowerCase().split('e');
  const [whole, fraction = ''] = mantissa.split('.');
  const digits = whole + fraction;
  const point = whole.length + Number(exponent) + places;
  const kept = digits.slice(0, Math.max(point, 0)).padEnd(Math.max(point, 1), '0');
  const rest = point < 0 ? digits : digits.slice(point);
  return Number(BigInt(kept || '0') + (/[1-9]/.test(rest) ? 1n : 0n));
}

function tiersOf(prices) {
  const starts = new Set([0]);
  for (const value of Object.values(prices)) for (const tier of value?.tiers ?? []) starts.add(tier.start);
  return [...starts]
    .sort((a, b) => a - b)
    .map((above) => ({ aboveInputTokens: above, rates: ratesAt(prices, above) }));
}

function ratesAt(prices, above) {
  const at = (value) =>
    typeof value === 'object'
      ? (value.tiers.filter((tier) => tier.start <= above).at(-1)?.price ?? value.base)
      : value;
  const rates = { input: 0, output: 0 };
  for (const [field, name] of Object.entries(rateNames)) {
    if (prices[field] !== undefined && prices[field] !== null)
      rates[name] = shifted(at(prices[field]), PER_MILLION);
  }
  if (prices.web_searches_kcount)
    rates.calls = { web_search: shifted(at(prices.web_searches_kcount), PER_THOUSAND) };
  if (prices.requests_kcount) rates.perRequest = shifted(at(prices.requests_kcount), PER_THOUSAND);
  return rates;
}

/**
 * Prices by date. Of prices that hold at some hours of the day the dearest stands, in the date's row the source
 * lists them after: entries have no hour of day, and a cost may be stated too high but not too low.
 */
function datedPrices(model) {
  const list = Array.isArray(model.prices) ? model.prices : [{ prices: model.prices }];
  const rows = [];
  for (const { constraint, prices } of list) {
    if (prices.input_mtok === undefined && prices.output_mtok === undefined) continue;
    const type = constraint?.type ?? 'start_date';
    if (type === 'time_of_date') {
      const last = rows.at(-1);
      last.tiers = dearerTiers(model.id, last.tiers, tiersOf(prices));
    } else if (type === 'start_date') {
      const from = constraint?.start_date ? Date.parse(`${constraint.start_date}T00:00:00Z`) : 0;
      rows.push({ from, tiers: tiersOf(prices) });
    } else throw new Error(`${model.id}: a constraint of the unknown type ${type}`);
  }
  return rows.sort((a, b) => a.from - b.from);
}

function dearerTiers(id, some, others) {
  return some.map((tier, index) => {
    const other = others[index];
    if (some.length !== others.length || tier.aboveInputTokens !== other.aboveInputTokens)
      throw new Error(`${id}: tiers that differ by the hour`);
    const rates = { ...tier.rates };
    for (const [name, rate] of Object.entries(other.rates)) {
      if (typeof rate !== 'number') throw new Error(`${id}: ${name} differs by the hour`);
      rates[name] = Math.max(rates[name] ?? 0, rate);
    }
    return { ...tier, rates };
  });
}

/** Other exact spellings. Prefix and substring rules of the source are left alone: a guess is no price. */
function aliasesOf(match, found = []) {
  if (match?.equals) found.push(match.equals);
  for (const inner of [...(match?.or ?? []), ...(match?.and ?? [])]) aliasesOf(inner, found);
  return found;
}

/** The texts of those rules themselves, where the source has no exact ones: each is matched by its own rule. */
function ruleTexts(match, found = []) {
  const text = match?.equals ?? match?.contains ?? match?.starts_with ?? match?.ends_with;
  if (text) found.push(text.replace(/@$/, ''));
  for (const inner of match?.or ?? []) ruleTexts(inner, found);
  return found;
}

function rowOf(model, { shelf, source, named = (id) => id, hasLooseRules }) {
  const prices = datedPrices(model);
  if (prices.length === 0) return [];
  const id = named(model.id);
  const spellings = hasLooseRules ? ruleTexts(model.match) : aliasesOf(model.match);
  const aliases = [...new Set(spellings)].filter((alias) => alias !== id);
  return [
    {
      provider: shelf ?? source,
      id,
      name: model.name ?? id,
      ...(model.context_window && { contextWindow: model.context_window }),
      ...(aliases.length > 0 && { aliases }),
      prices,
    },
  ];
}

/** By the id as it is written there; of Bedrock's without region and revision, as prices are filed. */
function limitsOf(folder, shelf) {
  const path = `package/dist/providers/data/${LIMIT_FILES[shelf]}.json`;
  const found = new Map();
  for (const models of Object.values(JSON.parse(readFileSync(join(folder, path), 'utf8')))) {
    for (const { id, type, contextWindow, maxTokens } of Object.values(models)) {
      if (type !== 'chat') continue;
      const name = shelf === 'aws' ? id.replace(/:\d+$/, '').replace(/-v\d+$/, '') : id;
      found.set(name, { contextWindow, maxTokens });
    }
  }
  return found;
}

/** Only by an exact spelling, and only what the first source leaves open. */
function withLimits(row, limits) {
  const known = limits.get(row.provider);
  const name = [row.id, ...(row.aliases ?? [])].find((spelling) => known?.has(spelling));
  if (name === undefined) return row;
  const { contextWindow, maxTokens } = known.get(name);
  const { aliases, prices, ...facts } = row;
  const window = facts.contextWindow ?? contextWindow;
  return {
    ...facts,
    ...(window > 0 && { contextWindow: window }),
    // Some lists write the window where nobody has said how much is written.
    ...(maxTokens > 0 && maxTokens < window && { maxOutputTokens: maxTokens }),
    ...(aliases && { aliases }),
    prices,
  };
}

const folder = mkdtempSync(join(tmpdir(), 'catalog-'));
try {
  execFileSync('npm', ['install', '--prefix', folder, '--no-save', '--ignore-scripts', PACKAGE], {
    stdio: 'ignore',
  });
  // Its data alone: what it depends on is not ours to install.
  const packed = execFileSync('npm', ['pack', '--silent', '--pack-destination', folder, LIMITS_PACKAGE]);
  execFileSync('tar', ['-xzf', join(folder, String(packed).trim()), '-C', folder]);
  const limits = new Map(Object.keys(LIMIT_FILES).map((shelf) => [shelf, limitsOf(folder, shelf)]));
  const entry = join(folder, 'node_modules/@pydantic/genai-prices/dist/index.js');
  const { findProvider } = await import(pathToFileURL(entry).href);
  const models = SHELVES.map((shelf) => (typeof shelf === 'string' ? { source: shelf } : shelf)).flatMap(
    (shelf) =>
      findProvider({ providerId: shelf.source })
        .models.filter(({ id }) => shelf.takes?.(id) ?? true)
        .flatMap((model) => rowOf(model, shelf))
        .map((row) => withLimits(row, limits)),
  );
  const rows = models.map((model) => `  ${JSON.stringify(model)}`).join(',\n');
  const text = `{\n"source": ${JSON.stringify(PACKAGE)},\n"asOf": ${JSON.stringify(AS_OF)},\n"models": [\n${rows}\n]}\n`;
  writeFileSync(new URL('../src/catalog/snapshot.json', import.meta.url), text);
  console.log(`${models.length} models of ${SHELVES.length} shelves, ${text.length} bytes`);
} finally {
  rmSync(folder, { recursive: true, force: true });
}
