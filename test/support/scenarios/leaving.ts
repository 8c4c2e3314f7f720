/** What happens behind a client that goes away: the upstream is told, and the ledger knows. */
import { expect, it } from 'vitest';
import type { RecordedRequest } from '../../fake-upstream.ts';
import { brokenAnswer, voices } from '../voices/index.ts';
import { asked, type Row, said, thrownBy } from './failure-row.ts';

/** How long an upstream's own end may take to be seen. */
const SEEN = { timeout: 5_000, interval: 5 };

export function describeLeaving(row: Row): void {
  const { driver, column, house } = row;
  const { model, isDrained } = column;
  const voice = voices[column.format];
  const newest = (): RecordedRequest | undefined =>
    house().upstream.requests.findLast(({ path }) => path.startsWith(voice.path));

  it('a stream the client leaves', async () => {
    const controller = new AbortController();
    const broken = brokenAnswer(voice, said, 'silence');
    const closing = voice.stream(said).closing.map((bytes) => ({ bytes, delayMs: 20 }));
    // Who bills the rest anyway is read to its usage report.
    const drained = { ...broken, chunks: [...broken.chunks!, ...closing], ending: 'end' } as const;
    house().upstream.answerWith(isDrained ? drained : broken);
    const saying = { isStream: true, signal: controller.signal, onPiece: () => controller.abort() };
    // Some libraries end in silence when they are told to stop; what they return is nobody's concern then.
    const saidSoFar = driver.connect(house()).say(model, asked, saying);
    await saidSoFar.catch(() => undefined);
    const id = house().traffic().headers.get('x-turnpike-exchange-id')!;
    const [entry] = await house().entriesOf(id, 1);
    expect(entry).toMatchObject({ status: 'client_abort', ...(isDrained && { output_tokens: 9 }) });
    await expect.poll(() => newest()?.aborted, SEEN).toBe(!isDrained);
  });

  it('a whole reply the client does not wait for', async () => {
    const controller = new AbortController();
    house().upstream.answerWith({ path: voice.path, headAfterMs: Number.POSITIVE_INFINITY });
    const before = newest();
    const saying = { isStream: false, signal: controller.signal };
    const thrown = thrownBy(driver.connect(house()).say(model, asked, saying));
    await expect.poll(() => newest() === before, SEEN).toBe(false);
    controller.abort();
    await thrown;
    await expect.poll(() => newest()?.aborted, SEEN).toBe(true);
  });
}
