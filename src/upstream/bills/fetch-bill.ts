/** Fetches the bill of any known vendor. */
import { fetchAnthropicBill } from './anthropic.ts';
import type { Bill, BillQuery, BillSource, BillVendor } from './bill.ts';
import type { BillMeans } from './get-page.ts';
import { fetchOpenaiBill } from './openai.ts';
import { fetchOpenrouterBill } from './openrouter.ts';

type FetchBill = (means: BillMeans, source: BillSource, query: BillQuery) => Promise<Bill>;

const fetchers: Readonly<Record<BillVendor, FetchBill>> = {
  anthropic: fetchAnthropicBill,
  openai: fetchOpenaiBill,
  openrouter: fetchOpenrouterBill,
};

/** `query` in whole hours or days of UTC. @throws {BillError} */
export function fetchBill(means: BillMeans, source: BillSource, query: BillQuery): Promise<Bill> {
  return fetchers[source.vendor](means, source, query);
}
