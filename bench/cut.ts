/**
 * What it costs a relayed stream that it may be cut: 400 pieces of text, one a read, through a lane that may not be and
 * one that may, and through the decoder and the encoder of the format for comparison.
 * Run by hand: npx tsx bench/cut.ts
 */
import type { ChatEvent } from '../src/wire/chat.ts';
import { formats } from '../src/wire/formats.ts';
import { openLane } from '../test/support/cut-lane.ts';

const PIECES = 400;
const ROUNDS = 150;
const RUNS = 2;

const context = { model: 'm', fallbackId: 'id', nowMs: 0, streamUsage: true };

/** The events of a reply that is one long text, without its end. */
const events: readonly ChatEvent[] = [
  { type: 'start', id: 'chatcmpl-AbCdEfGhIjKlMnOpQrStUv', model: 'm', createdAtMs: 1_730_000_000_000 },
  { type: 'text-start', index: 0 },
  ...Array.from(
    { length: PIECES },
    (_, at) => ({ type: 'text-delta', index: 0, text: ` word${at}` }) as const,
  ),
];

/** Microseconds a read, the best round's mean. */
function measure(work: () => unknown): string {
  let best = Number.POSITIVE_INFINITY;
  for (let round = 0; round < ROUNDS; round += 1) {
    const begun = process.hrtime.bigint();
    for (let run = 0; run < RUNS; run += 1) work();
    best = Math.min(best, Number(process.hrtime.bigint() - begun) / RUNS / PIECES / 1000);
  }
  return best.toFixed(2).padStart(7);
}

for (const format of Object.values(formats)) {
  const encoder = format.createEncoder(context);
  const reads = events.map((event) => Buffer.from(encoder.push(event))).filter((read) => read.length > 0);
  const relay = (isCuttable: boolean): void => {
    const lane = openLane(format, format, { isCuttable });
    for (const read of reads) lane.take(read);
    lane.cut?.();
  };
  const decodeAndEncode = (): void => {
    const [reader, decoder, second] = [
      format.createReader(),
      format.createDecoder(),
      format.createEncoder(context),
    ];
    for (const read of reads) {
      for (const frame of reader.push(read)) for (const event of decoder.push(frame)) second.push(event);
    }
  };
  const bytes = Math.round(reads.reduce((sum, read) => sum + read.length, 0) / reads.length);
  console.log(`${format.id}: reads of ${bytes} bytes, microseconds each`);
  console.log(`  ${measure(() => relay(false))} relayed`);
  console.log(`  ${measure(() => relay(true))} relayed, and may be cut`);
  console.log(`  ${measure(decodeAndEncode)} decoded and encoded`);
}
