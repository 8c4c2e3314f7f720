/**
 * The golden matrix: every fixture of every format, and every recording, through every format. What is said
 * survives; what cannot is named in a warning; and the warnings are kept as files, to be read in reviews.
 */
import { describe, expect, it } from 'vitest';
import {
  context,
  crossPairs,
  decode,
  encode,
  hasRecordings,
  pairs,
  readAgain,
  readJson,
  readRequest,
  recordedOf,
  type Sample,
  samplesOf,
} from './__fixtures__/corpus.ts';
import { silentLosses } from './__fixtures__/meaning.ts';
import { asShownBy, lostState, whatIsSaid } from './__fixtures__/said.ts';
import { listWarnings } from './__fixtures__/warnings.ts';
import type { ChatEvent, ChatReply, ChatRequest, Warning } from './chat.ts';
import { foldEvents } from './fold.ts';
import type { Format } from './format.ts';

function golden(kind: string, pair: string): string {
  return `./__snapshots__/matrix/${kind}-${pair}.txt`;
}

function crossRequest(sample: Sample, target: Format) {
  const chat = readRequest(sample);
  const { body, warnings } = target.renderRequest(chat);
  return { chat, body, warnings, again: readAgain(target, body, chat) };
}

function checkRequest(sample: Sample, target: Format): void {
  const { chat, body, warnings, again } = crossRequest(sample, target);
  if (target === sample.source) {
    expect(body).toEqual(readJson(sample));
    expect(warnings).toEqual([]);
  }
  expect(silentLosses(chat, again, warnings)).toEqual([]);
  expect(target.renderRequest(again), 'a second time changes nothing').toEqual({ body, warnings: [] });
}

function crossReply(sample: Sample, target: Format) {
  const reply = sample.source.parseReply(readJson(sample));
  const { body, warnings } = target.renderReply(reply, context);
  return { reply, warnings, again: target.parseReply(body) };
}

function checkReply(sample: Sample, target: Format): void {
  const { reply, again, warnings } = crossReply(sample, target);
  expectSame(reply, again, target, target === sample.source);
  expect(lostState(reply, again, warnings)).toEqual([]);
}

function expectSame(reply: ChatReply, again: ChatReply, target: Format, isSame: boolean): void {
  const said = whatIsSaid(reply);
  const shown = isSame ? said : asShownBy(target.id, said);
  const got = whatIsSaid(again);
  // A format whose replies always have a usage shows noughts where none was reported.
  expect({ ...got, usage: said.usage && got.usage }).toEqual(shown);
}

function crossStream(sample: Sample, target: Format) {
  const events = decode(sample.source, [sample.bytes]);
  const { bytes, warnings } = encode(target, events);
  return { events, bytes, warnings, again: decode(target, [bytes]) };
}

function checkStream(sample: Sample, target: Format): void {
  const { events, again, warnings } = crossStream(sample, target);
  expectSameFold(events, again, target, target === sample.source);
  expect(lostState(replyOf(events), replyOf(again), warnings)).toEqual([]);
}

function replyOf(events: readonly ChatEvent[]): ChatReply {
  const folded = foldEvents(events);
  return folded.type === 'reply' ? folded.reply : { ...folded.partial, parts: [] };
}

function expectSameFold(
  events: readonly ChatEvent[],
  again: readonly ChatEvent[],
  target: Format,
  isSame: boolean,
): void {
  const before = foldEvents(events);
  const after = foldEvents(again);
  expect(after.type).toBe(before.type);
  if (before.type === 'error' && after.type === 'error') {
    expect(after.error.message).toBe(before.error.message);
  } else if (before.type === 'reply' && after.type === 'reply') {
    expectSame(before.reply, after.reply, target, isSame);
  }
}

const kinds = [
  {
    kind: 'requests',
    check: checkRequest,
    warningsOf: (sample: Sample, to: Format) => crossRequest(sample, to).warnings,
  },
  {
    kind: 'replies',
    check: checkReply,
    warningsOf: (sample: Sample, to: Format) => crossReply(sample, to).warnings,
  },
  {
    kind: 'streams',
    check: checkStream,
    warningsOf: (sample: Sample, to: Format) => crossStream(sample, to).warnings,
  },
] as const;

describe.each(kinds)('$kind', ({ kind, check, warningsOf }) => {
  describe.each(pairs)('$name', ({ source, target }) => {
    it.each(samplesOf(source, kind))('$name', (sample) => check(sample, target));
  });

  it.each(crossPairs)('$name warns as written down', async ({ name, source, target }) => {
    const samples = samplesOf(source, kind).map((sample) => ({
      name: sample.name,
      warnings: warningsOf(sample, target) as readonly Warning[],
    }));
    await expect(listWarnings(samples)).toMatchFileSnapshot(golden(kind, name));
  });

  describe.skipIf(!hasRecordings).each(pairs)(
    '$name, recorded (skipped where recordings are absent)',
    (pair) => {
      const samples = recordedOf(pair.source, kind);
      it.each(samples)('$name', (sample) => check(sample, pair.target));
      it.runIf(samples.length === 0)('has nothing of this kind', () => {});
    },
  );
});

describe('silentLosses, which the matrix rests on', () => {
  const chat: ChatRequest = {
    model: 'm',
    turns: [
      { role: 'user', parts: [{ type: 'text', text: 'look up both' }] },
      { role: 'assistant', parts: [{ type: 'tool-call', id: 'a', name: 'find', arguments: '{"x":1}' }] },
      {
        role: 'tool',
        parts: [{ type: 'tool-result', callId: 'a', content: [{ type: 'text', text: 'found' }] }],
      },
    ],
    tools: [{ name: 'find', description: 'finds', inputSchema: { type: 'object' } }],
    temperature: 0.5,
    stream: true,
  };
  const [user, assistant, tool] = chat.turns as [never, never, never];

  it.each<[string, Partial<ChatRequest>, string[]]>([
    ['nothing', {}, []],
    ['a setting', { temperature: 0.4 }, ['temperature']],
    ['the stream flag', { stream: false }, ['stream']],
    ['a tool', { tools: [] }, ['tools[0]']],
    [
      'a description',
      { tools: [{ name: 'find', inputSchema: { type: 'object' } }] },
      ['tools[0].description'],
    ],
    ['a text', { turns: [assistant, tool] }, ['turns[0].parts[0]']],
    ['a call', { turns: [user] }, ['turns[2].parts[0].content[0]', 'turns[1].parts[0]']],
    ['a result', { turns: [user, assistant] }, ['turns[2].parts[0].content[0]', 'turns[2].parts[0]']],
  ])('sees %s missing', (_name, changes, losses) => {
    expect(silentLosses(chat, { ...chat, ...changes }, [])).toEqual(losses);
    const warnings = losses.map((path) => ({ kind: 'dropped', path, note: '' }) as const);
    expect(silentLosses(chat, { ...chat, ...changes }, warnings)).toEqual([]);
  });
});
