// What counts as content in a stream that was read along for long, in every format.
import { describe, expect, it } from 'vitest';
import { voices } from '../../test/support/spoken-formats.ts';
import type { FormatId } from '../wire/chat.ts';
import { formats } from '../wire/formats.ts';
import { createContentWatch } from './content-watch.ts';

const all = Object.keys(voices) as FormatId[];

function watch(id: FormatId) {
  const format = formats[id]!;
  const tap = format.createTap();
  const watched = createContentWatch(format, 'sse', () => tap.report());
  const see = (text: string): void => {
    const bytes = Buffer.from(text);
    tap.push(bytes);
    watched.see(bytes);
  };
  return { see, tookContent: () => watched.tookContent() };
}

describe.each(all)('a stream of %s', (id) => {
  const voice = voices[id];
  it('has no content before its first word', () => {
    const { see, tookContent } = watch(id);
    see(voice.opening());
    see(voice.ping);
    expect(tookContent()).toBe(false);
    see(voice.words('One.'));
    expect(tookContent()).toBe(true);
  });

  it('does not take pings for content after a word', () => {
    const { see, tookContent } = watch(id);
    see(voice.opening() + voice.words('One.'));
    expect(tookContent()).toBe(true);
    for (let nth = 0; nth < 3; nth += 1) {
      see(voice.ping.repeat(3));
      expect(tookContent()).toBe(false);
    }
    see(voice.words('Two.'));
    see(voice.ping);
    expect(tookContent()).toBe(true);
    expect(tookContent()).toBe(false);
  });

  it('does not take half of an event for content, nor the other half that comes after a question', () => {
    const { see, tookContent } = watch(id);
    see(voice.opening() + voice.words('One.'));
    tookContent();
    const words = voice.words('Two.');
    for (const byte of words.slice(0, 20)) see(byte);
    expect(tookContent()).toBe(false);
    see(words.slice(20) + voice.words('Three.'));
    expect(tookContent()).toBe(true);
  });
});

it('an array grows by content alone', () => {
  const format = formats['gemini-generate'];
  const tap = format.createTap();
  const watched = createContentWatch(format, 'array', () => tap.report());
  const word = (text: string) => JSON.stringify({ candidates: [{ content: { parts: [{ text }] } }] });
  tap.push(Buffer.from(`[${word('One')}\n`));
  expect(watched.tookContent()).toBe(true);
  tap.push(Buffer.from(' \n,\n'));
  expect(watched.tookContent()).toBe(false);
  for (const byte of word('Two')) tap.push(Buffer.from(byte));
  expect(watched.tookContent()).toBe(true);
});
