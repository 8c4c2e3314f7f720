/** Fetches the bill of any known vendor. */
import { fetchAnthropicBill } from './anthropic.ts';
import type { Bill, BillQuery, BillSource, BillVendor } from './bill.ts';
import type { BillMeans, PageMeans } from './get-page.ts';
import { fetchOpenaiBill } from './openai.ts';
import { fetchOpenrouterBill } from './openrouter.ts';

type FetchBill = (means: PageMeans, source: BillSource, query: BillQuery) => Promise<Bill>;

const fetchers: Readonly<Record<BillVendor, FetchBill>> = {
  anthropic: fetchAnthropicBill,
  openai: fetchOpenaiBill,
  openrouter: fetchOpenrouterBill,
};

/** Whoever asked waits for the answer, and common clients do so for five minutes. */
export const MAX_BILL_MS = 240_000;

/** `query` in whole hours or days of UTC. @throws {BillError} */
export function fetchBill(means: BillMeans, source: BillSource, query: BillQuery): Promise<Bill> {
  const giveUpAtMono = means.clock.monotonic() + MAX_BILL_MS;
  return fetchers[source.vendor]({ ...means, giveUpAtMono }, source, query);
}
