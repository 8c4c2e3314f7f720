/** Follows a bill from page to page. */
import { BillError, type BillSource } from './bill.ts';
import { type ExactObject, readList, readText } from './exact.ts';
import { getPage, type PageMeans } from './get-page.ts';

/** A year by day and by hour is under a hundred; more is a provider that sends us in circles. */
const MAX_PAGES = 500;

/** The items of `data` of every page, in order. Pages name their next one in `next_page`. @throws {BillError} */
export async function getAllPages(
  means: PageMeans,
  source: BillSource,
  path: string,
  query: URLSearchParams,
  headers: Readonly<Record<string, string>>,
): Promise<readonly ExactObject[]> {
  const items: ExactObject[] = [];
  const seen = new Set<string>();
  const asked = new URLSearchParams(query);
  for (let pages = 1; pages <= MAX_PAGES; pages += 1) {
    if (means.clock.monotonic() > means.giveUpAtMono) {
      throw new BillError('unavailable', `the bill of ${source.provider} takes too long; ask for fewer days`);
    }
    const page = await getPage(means, source, `${path}?${asked}`, headers);
    for (const item of readList(page, 'data')) items.push(item);
    if (page.has_more !== true) return items;
    const next = readText(page, 'next_page');
    if (next === undefined || seen.has(next)) {
      throw new BillError(
        'unreadable',
        `the bill of ${source.provider} has more pages but names none that is new`,
      );
    }
    seen.add(next);
    asked.set('page', next);
  }
  throw new BillError(
    'too_large',
    `the bill of ${source.provider} has more than ${MAX_PAGES} pages; ask for fewer days`,
  );
}
