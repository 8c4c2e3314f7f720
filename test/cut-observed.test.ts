/** What a lane knows of a running stream, read by read: the input as soon as it is told, the output with every piece. */
import { describe, expect, it } from 'vitest';
import type { FormatId } from '../src/wire/chat.ts';
import { formats } from '../src/wire/formats.ts';
import { openLane } from './support/cut-lane.ts';
import { inputTotal, type Said, voices } from './support/voices/index.ts';

const ids = Object.keys(formats) as FormatId[];
const cells = ids.flatMap((upstream) => ids.map((client) => ({ upstream, client })));

const said: Said = {
  thinking: 'Somebody asks for the weather, and so I have to look it up before I say anything of it.',
  text: 'I will look it up at once, and then I will tell you how the weather of the next days is.',
  calls: [
    { id: 'call_1', name: 'look_up', input: { city: 'Reykjavík', unit: 'celsius', days: [1, 2, 3, 4, 5] } },
  ],
  stop: 'tool-calls',
  usage: { input: 400, output: 120 },
};

/** Formats whose first frames say what the input was. */
const early: readonly FormatId[] = ['anthropic-messages', 'gemini-generate'];

/** Frames with a piece of the answer in them, whatever it is. */
const PIECE =
  /thinking_delta|text_delta|input_json_delta|\.delta"|"functionCall"|"text":"[^"]|"reasoning(?:_content)?":"[^"]|"content":"[^"]|"arguments":"?[^",]|"thinking":"[^"]/;

/** What was said once more, or nothing. */
const REPEATS = /\.done"|"partial_json":""/;

describe.each(cells)('$upstream to $client', ({ upstream, client }) => {
  const { opening, content, closing } = voices[upstream].stream(said);

  it('knows the input as soon as it is told', () => {
    const lane = openLane(formats[upstream], formats[client]);
    for (const frame of [...opening, content[0]!]) lane.take(Buffer.from(frame));
    const { usage } = lane.observed();
    const input =
      usage && inputTotal({ output: 0, input: usage.input ?? 0, cacheRead: usage.cacheRead ?? 0 });
    expect(input).toBe(early.includes(upstream) ? 400 : undefined);
    for (const frame of [...content.slice(1), ...closing]) lane.take(Buffer.from(frame));
    lane.end();
    expect(lane.observed().usage).toMatchObject({ input: 400, output: 120 });
  });

  it('counts more output with every piece of a thought, a text and a call', () => {
    const lane = openLane(formats[upstream], formats[client]);
    for (const frame of opening) lane.take(Buffer.from(frame));
    let counted = lane.observed().outputEstimate;
    let pieces = 0;
    for (const frame of content) {
      lane.take(Buffer.from(frame));
      const { outputEstimate } = lane.observed();
      if (PIECE.test(frame) && !REPEATS.test(frame)) {
        pieces += 1;
        expect(`${outputEstimate > counted} ${frame}`).toBe(`true ${frame}`);
      }
      expect(outputEstimate).toBeGreaterThanOrEqual(counted);
      counted = outputEstimate;
    }
    expect(pieces).toBeGreaterThanOrEqual(5);
    const bytes = Buffer.byteLength(said.thinking! + said.text! + JSON.stringify(said.calls![0]!.input));
    expect(counted).toBeGreaterThan(bytes / 4 - 8);
    expect(counted).toBeLessThan(bytes / 4 + 20);
  });
});
