/** What a client is shown when things go wrong: the class its library throws, and never a reply that looks finished. */
import { beforeEach, describe, expect, it } from 'vitest';
import { type Conversation, classOf, type Driver } from '../drivers/index.ts';
import { columnsOfMatrix, type MatrixHouse } from '../matrix-house.ts';
import { type Break, brokenAnswer, errorAnswer, type Said, voices } from '../voices/index.ts';

const asked: Conversation = { turns: [{ role: 'user', text: 'Say something.' }] };
const said: Said = { text: 'Half of this is never said.', stop: 'end', usage: { input: 9, output: 9 } };

const statuses = [400, 401, 403, 404, 429, 500, 503];
const breaks: readonly Break[] = ['error event', 'reset', 'early end'];

/** How long an upstream's own end may take to be seen. */
const SEEN = { timeout: 5_000, interval: 5 };

export function describeFailures(driver: Driver, houseOf: () => MatrixHouse): void {
  const say = (model: string, isStream: boolean, conversation = asked): Promise<unknown> =>
    driver.connect(houseOf()).say(model, conversation, { isStream });
  const thrownBy = async (promise: Promise<unknown>): Promise<unknown> => {
    const outcome = await promise.then(
      (value) => ({ value }),
      (error: unknown) => ({ error }),
    );
    expect(outcome).toHaveProperty('error');
    return (outcome as { error: unknown }).error;
  };
  const expectError = (error: unknown, status: number): void => {
    expect(classOf(error)).toBe(driver.errorClasses[status]);
    expect(driver.statusOf(error)).toBe(status);
  };

  beforeEach(() => houseOf().upstream.forgetAnswers());

  describe.each(columnsOfMatrix())(`${driver.name}: failures of $format`, ({ format, model, isDrained }) => {
    const voice = voices[format];
    const newest = () => houseOf().upstream.requests.findLast(({ path }) => path.startsWith(voice.path));
    const ownStatuses = format === 'anthropic-messages' ? [...statuses, 529] : statuses;

    it.each(ownStatuses)('an answer with status %s', async (status) => {
      for (const isStream of [false, true]) {
        houseOf().upstream.answerWith(errorAnswer(voice, status, `no: ${status}`));
        const error = await thrownBy(say(model, isStream));
        expectError(error, status);
        expect(String(error)).toContain(`no: ${status}`);
      }
    });

    it.each(breaks)('a stream that breaks by %s', async (how) => {
      houseOf().upstream.answerWith(brokenAnswer(voice, said, how));
      // Some libraries throw the error event itself.
      expect(await thrownBy(say(model, true))).toBeTypeOf('object');
      const id = houseOf().traffic().headers.get('x-turnpike-exchange-id')!;
      const [entry] = await houseOf().entriesOf(id, 1);
      expect(['upstream_error', 'truncated']).toContain(entry!.status);
    });

    it('a stream the client leaves', async () => {
      const house = houseOf();
      const controller = new AbortController();
      const broken = brokenAnswer(voice, said, 'silence');
      const closing = voice.stream(said).closing.map((bytes) => ({ bytes, delayMs: 20 }));
      // Who bills the rest anyway is read to its usage report.
      house.upstream.answerWith(
        isDrained ? { ...broken, chunks: [...broken.chunks!, ...closing], ending: 'end' } : broken,
      );
      const saying = { isStream: true, signal: controller.signal, onPiece: () => controller.abort() };
      // Some libraries end in silence when they are told to stop; what they return is nobody's concern then.
      await driver
        .connect(house)
        .say(model, asked, saying)
        .catch(() => undefined);
      const id = house.traffic().headers.get('x-turnpike-exchange-id')!;
      const [entry] = await house.entriesOf(id, 1);
      expect(entry).toMatchObject({ status: 'client_abort', ...(isDrained && { output_tokens: 9 }) });
      await expect.poll(() => newest()?.aborted, SEEN).toBe(!isDrained);
    });

    it('a whole reply the client does not wait for', async () => {
      const house = houseOf();
      const controller = new AbortController();
      house.upstream.answerWith({ path: voice.path, headAfterMs: Number.POSITIVE_INFINITY });
      const saying = { isStream: false, signal: controller.signal };
      const thrown = thrownBy(driver.connect(house).say(model, asked, saying));
      const before = newest();
      await expect.poll(newest, SEEN).not.toBe(before);
      controller.abort();
      await thrown;
      await expect.poll(() => newest()?.aborted, SEEN).toBe(true);
    });

    it('a request of a stranger', async () => {
      const stranger = driver.connect({ url: houseOf().url, key: 'tp-nobody' });
      expectError(await thrownBy(stranger.say(model, asked, { isStream: false })), 401);
    });

    it.runIf(format !== driver.format)('a body that is no request', async () => {
      const nonsense = {
        turns: [{ role: 'echo', heard: { echo: driver.nonsense } }],
      } as unknown as Conversation;
      expectError(await thrownBy(say(model, true, nonsense)), 400);
    });
  });

  it.each([false, true])('a model nobody serves (stream: %s)', async (isStream) => {
    expectError(await thrownBy(say('nobody/nothing', isStream)), 404);
  });
}
