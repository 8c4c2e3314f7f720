/**
 * Reading along a burst of 200 events: the scan, the taps built on it, single native searches, and decoding all.
 * Run by hand: npx tsx bench/scan.ts
 */
import type { Format } from '../src/wire/format.ts';
import { formats } from '../src/wire/formats.ts';
import { createSseReader } from '../src/wire/frames.ts';
import { createFrameScan } from '../src/wire/scan.ts';

const EVENTS = 200;
const ROUNDS = 7;
const RUNS = 200;

const openaiHead =
  '"id":"chatcmpl-AbCdEfGhIjKlMnOpQrStUv","object":"chat.completion.chunk","created":1730000000';
const openaiRest =
  '"model":"gpt-4o-mini-2024-07-18","service_tier":"default","system_fingerprint":"fp_0ba0d124f1"';

function openaiEvent(at: number): string {
  const choice = `{"index":0,"delta":{"content":" word${at}"},"logprobs":null,"finish_reason":null}`;
  return `data: {${openaiHead},${openaiRest},"choices":[${choice}],"usage":null}\n\n`;
}

function anthropicEvent(at: number): string {
  const delta = `{"type":"text_delta","text":" word${at}"}`;
  return `event: content_block_delta\ndata: {"type":"content_block_delta","index":0,"delta":${delta}}\n\n`;
}

interface Burst {
  readonly format: Format;
  readonly event: (at: number) => string;
  readonly needles: readonly string[];
  readonly pattern: RegExp;
}

const bursts: readonly Burst[] = [
  {
    format: formats['openai-chat'],
    event: openaiEvent,
    needles: ['"usage":{', '"finish_reason":"', '[DONE]', '"error"'],
    pattern: /"usage": ?\{|"finish_reason": ?"|\[DONE\]|"error"/g,
  },
  {
    format: formats['anthropic-messages'],
    event: anthropicEvent,
    needles: ['message_start', 'message_delta', 'message_stop', '"error"'],
    pattern: /message_(?:start|delta|stop)|"error"/g,
  },
];

/** Microseconds of one run, the best round's mean. */
function measure(work: () => unknown): string {
  let best = Number.POSITIVE_INFINITY;
  for (let round = 0; round < ROUNDS; round += 1) {
    const begun = process.hrtime.bigint();
    for (let run = 0; run < RUNS; run += 1) work();
    best = Math.min(best, Number(process.hrtime.bigint() - begun) / RUNS / 1000);
  }
  return best.toFixed(1).padStart(9);
}

function decodeAll(format: Format, chunk: Buffer): number {
  const decoder = format.createDecoder();
  return createSseReader()
    .push(chunk)
    .reduce((events, frame) => events + decoder.push(frame).length, 0);
}

for (const { format, event, needles, pattern } of bursts) {
  const chunk = Buffer.from(Array.from({ length: EVENTS }, (_, at) => event(at)).join(''));
  const tapped = format.createTap();
  // The tap looks for content until it has seen some; a long stream is past that.
  tapped.push(chunk);
  console.log(`${format.id}: ${EVENTS} events, ${(chunk.length / 1024).toFixed(0)} KB, microseconds`);
  console.log(`  ${measure(() => createFrameScan(pattern, () => undefined).push(chunk))} scan`);
  console.log(`  ${measure(() => tapped.push(chunk))} tap, in mid-stream`);
  console.log(`  ${measure(() => format.createTap().push(chunk))} tap, from the start`);
  console.log(
    `  ${measure(() => needles.map((needle) => chunk.indexOf(needle)))} Buffer.indexOf of each needle`,
  );
  console.log(`  ${measure(() => createSseReader().push(chunk))} split into frames`);
  console.log(`  ${measure(() => decodeAll(format, chunk))} decode`);
}
