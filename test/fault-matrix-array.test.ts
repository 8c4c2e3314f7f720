/** The fault matrix for Gemini's other stream, one JSON array that grows: it is whole JSON for its client, whatever happens behind. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { CannedAnswer } from './fake-upstream.ts';
import {
  cells,
  expectGoodEntry,
  expectHealth,
  type FaultHouse,
  openFaultHouse,
  SECOND_TEXT,
  type Stage,
  voiceOf,
} from './support/fault-matrix.ts';
import { jsonOf, streamOf, type Voice } from './support/spoken-formats.ts';
import { BOOTSTRAP_KEY } from './support/turnpike-process.ts';

let house: FaultHouse;
beforeAll(async () => {
  house = await openFaultHouse({
    timeouts: '{ first_byte_ms: 1000, idle_ms: 1000, content_ms: 1800, total_ms: 20000 }',
  });
});
afterAll(() => house.close());

interface Element {
  readonly candidates?: readonly {
    readonly content?: { readonly parts?: readonly { readonly text?: string }[] };
  }[];
  readonly error?: { readonly code: number; readonly message: string };
}

async function askArray(
  stage: Stage,
): Promise<{ status: number; head: Headers; elements: Element[]; text: string }> {
  const answer = await fetch(`${house.url}/v1beta/models/${stage.route}:streamGenerateContent`, {
    method: 'POST',
    headers: { 'x-goog-api-key': BOOTSTRAP_KEY, 'content-type': 'application/json' },
    body: JSON.stringify({ contents: [{ role: 'user', parts: [{ text: 'Say something.' }] }] }),
  });
  const told = (await answer.json()) as Element[] | Element;
  const elements = Array.isArray(told) ? told : [told];
  const parts = elements.flatMap(({ candidates }) => candidates?.[0]?.content?.parts ?? []);
  return {
    status: answer.status,
    head: answer.headers,
    elements,
    text: parts.map(({ text }) => text ?? '').join(''),
  };
}

/** What a provider of the array says, from what it would say in events. */
function inArray(events: string, ending: string): string {
  const elements = events
    .split('\n\n')
    .flatMap((event) => (event.startsWith('data: ') ? [event.slice(6)] : []));
  return `[${elements.join(',\r\n')}${ending}`;
}

/** The same in whichever shape the upstream is asked for. */
function shaped(voice: Voice, events: string, ending: CannedAnswer['ending'] = 'end'): CannedAnswer {
  if (voice.format !== 'gemini-generate') return { ...streamOf(voice, events), ending };
  return { headers: { 'content-type': 'application/json' }, chunks: [inArray(events, '')], ending };
}

const relay = cells.find(({ client, lane }) => client === 'gemini-generate' && lane === 'relay')!;
const translate = cells.find(({ client, lane }) => client === 'gemini-generate' && lane === 'translate')!;
const TEXT = 'Half an answer is here.';

describe.each([relay, translate])('an array from $upstream, then from $other', (cell) => {
  const early: readonly [string, (voice: Voice) => CannedAnswer][] = [
    ['19: an error first', (voice) => shaped(voice, voice.errorEvent('overloaded_error', 'Too busy.'))],
    ['4: a cut', (voice) => shaped(voice, voice.opening(), 'cut')],
    ['5: an end that is none', (voice) => shaped(voice, voice.opening())],
    ['3: silence', (voice) => shaped(voice, voice.opening(), 'silence')],
    ['18: 529', (voice) => jsonOf(voice.error('overloaded_error', 'Too busy.'), 529)],
    ['19: an error with status 200', (voice) => jsonOf(voice.error('overloaded_error', 'Too busy.'))],
  ];
  it.concurrent.each(early)('%s leads to the second', async (_name, answer) => {
    const stage = house.stage(cell);
    house.answer(stage, 'first', answer(voiceOf(stage, 'first')));
    secondInShape(stage);
    const shown = await askArray(stage);
    expect([shown.status, shown.text]).toEqual([200, SECOND_TEXT]);
    expect(shown.elements.some(({ error }) => error)).toBe(false);
    const entries = await house.house.entriesOf(shown.head.get('x-turnpike-exchange-id')!, 2);
    expect(entries).toHaveLength(2);
    expectGoodEntry(entries[1]);
    await expectHealth(house, stage, 'down');
  });

  const late: readonly [string, (voice: Voice) => CannedAnswer, string][] = [
    [
      '19: an error event',
      (voice) => shaped(voice, half(voice) + voice.errorEvent('overloaded_error', 'Too busy.')),
      'error_event',
    ],
    ['4: a cut', (voice) => shaped(voice, half(voice), 'cut'), 'cut'],
    ['5: an end that is none', (voice) => shaped(voice, half(voice)), 'truncated'],
    ['3: silence', (voice) => shaped(voice, half(voice), 'silence'), 'idle-timeout'],
    ['8: signs of life and nothing else', (voice) => lively(voice), 'content-timeout'],
  ];
  it.concurrent.each(late)(
    '%s after the first word ends it with an error',
    async (_name, answer, errorClass) => {
      const stage = house.stage(cell);
      house.answer(stage, 'first', answer(voiceOf(stage, 'first')));
      const shown = await askArray(stage);
      expect([shown.status, shown.text]).toEqual([200, TEXT]);
      expect(shown.elements.filter(({ error }) => error)).toHaveLength(1);
      expect(shown.elements.at(-1)?.error?.message).toMatch(/./);
      const entries = await house.house.entriesOf(shown.head.get('x-turnpike-exchange-id')!, 1);
      expect(entries).toMatchObject([{ price_state: 'priced', is_estimated: 1, attempt: 1 }]);
      expect(entries[0]!.error_class).toContain(errorClass);
      expect(house.requestsOf(stage)).toHaveLength(1);
      await expectHealth(house, stage, 'down');
    },
  );
});

function secondInShape(stage: Stage): void {
  const voice = voiceOf(stage, 'second');
  const usage = voice.usage(100, 10);
  const events = voice.opening(usage) + voice.words(SECOND_TEXT) + voice.closing(usage);
  const isArray = voice.format === 'gemini-generate';
  const answer = isArray ? { ...jsonOf({}), chunks: [inArray(events, '\r\n]')] } : streamOf(voice, events);
  house.answer(stage, 'second', answer);
}

const half = (voice: Voice): string => voice.opening() + voice.words(TEXT);

function lively(voice: Voice): CannedAnswer {
  const { chunks = [], ...answer } = shaped(voice, half(voice));
  const sign = voice.format === 'gemini-generate' ? ' \n' : voice.ping;
  return {
    ...answer,
    chunks: [...chunks, ...Array.from({ length: 100 }, () => ({ bytes: sign, delayMs: 120 }))],
  };
}
