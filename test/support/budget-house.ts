/** A Turnpike with budgets before a fake provider whose models have round prices: a dollar a million in, ten out. */
import { type FakeUpstream, startFakeUpstream } from '../fake-upstream.ts';
import { type OpenHouse, openHouse } from './open-house.ts';

export interface BudgetHouse {
  readonly upstream: FakeUpstream;
  readonly house: OpenHouse;
  /** Bodies the provider was sent, as JSON, oldest first. */
  sent(): Record<string, unknown>[];
  /** The one open window of a budget. */
  window(name: string): Window | undefined;
  close(): Promise<void>;
}

export interface Window {
  readonly subject: string;
  readonly settled_nano: number;
  readonly reserved_nano: number;
  readonly requests: number;
  readonly refusals: number;
  readonly overruns: number;
}

/** Nano-dollars a token. */
export const IN = 1_000;
export const OUT = 10_000;

const providers = (url: string): string => `providers:
  oai: { kind: openai, base_url: "${url}/v1", api_key: upstream-key-oai, formats: [openai-chat] }
  res: { kind: openai, base_url: "${url}/v1", api_key: upstream-key-res, formats: [openai-responses] }
  house: { kind: openai-compatible, base_url: "${url}/house/v1", api_key: upstream-key-house }
  ant: { kind: anthropic, base_url: "${url}", api_key: upstream-key-ant }
  gem: { kind: gemini, base_url: "${url}/v1beta", api_key: upstream-key-gem }
  loc: { kind: ollama, base_url: "${url}" }
`;

const names = ['oai', 'res', 'house', 'ant', 'gem', 'loc'] as const;
const priced = names
  .map((name) => `{ provider: ${name}, model: m, input_usd_per_mtok: "1", output_usd_per_mtok: "10" }`)
  .join(', ');

/** @param budgets entries of `budgets:`; `more` further top-level parts of the file */
export async function openBudgetHouse(budgets: string, more = ''): Promise<BudgetHouse> {
  const upstream = await startFakeUpstream();
  const house = await openHouse(`${providers(upstream.url)}prices: { overrides: [ ${priced} ] }
budgets: [ ${budgets} ]
${more}`);
  return {
    upstream,
    house,
    sent: () => upstream.requests.map(({ body }) => JSON.parse(body.toString('utf8'))),
    window: (name) =>
      house.rows<Window>(
        `select w.* from budget_windows w join budgets b on b.id = w.budget_id where b.name = '${name}'`,
      )[0],
    async close() {
      await house.close();
      await upstream.close();
    },
  };
}
