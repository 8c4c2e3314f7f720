/**
 * `tsx bench/translate.ts`: processor time of translating between each two wire formats, without a gateway around:
 * reading and writing requests and replies of two sizes, and streams of 200 pieces.
 *
 * `--formats` names the formats to measure (a built `formats.js`, by default this checkout's sources), `--against`
 * those of another checkout. Both are then measured in this one process, cell by cell in turns, and each cell shows
 * its time and its share of the other's, as the median over rounds: what slows the machine slows both.
 */
import { pathToFileURL } from 'node:url';
import { parseArgs } from 'node:util';
import type { ChatEvent, FormatId, JsonObject } from '../src/wire/chat.ts';
import type { RequestPath } from '../src/wire/format.ts';
import { context, type Formats, PIECES, replyBody, replyStream, requestBody } from './exchanges.ts';
import { median, pairedRatio } from './statistics.ts';

const { values: options } = parseArgs({
  options: {
    formats: { type: 'string' },
    against: { type: 'string' },
    rounds: { type: 'string', default: '5' },
    bytes: { type: 'string', default: '1000,200000' },
  },
});

/** Processor time that one cell of one round takes: long beside the clock's tick of some ten microseconds. */
const CELL_US = 15_000;
/** Calls before the first measured one, all cells mixed, so that each is compiled for the company it has in a server. */
const WARM_CALLS = 300;

interface Cell {
  readonly name: string;
  /** One call; its result is looked at, so that nothing is left out by the compiler. */
  readonly call: () => unknown;
}

let seen = 0;

function timeCell({ call }: Cell): number {
  let calls = 0;
  let batch = 1;
  const start = process.cpuUsage();
  for (;;) {
    for (let count = 0; count < batch; count += 1) if (call()) seen += 1;
    calls += batch;
    const { user, system } = process.cpuUsage(start);
    if (user + system >= CELL_US) return (user + system) / calls;
    batch = Math.min(batch * 2, 1024);
  }
}

const MODEL = 'bench-model';

/** What every pair does with one body: from the client's request to the client's reply. */
function cellsOf(formats: Formats, bytes: number): Cell[] {
  const ids = Object.keys(formats) as FormatId[];
  return ids.flatMap((client) => [
    ...requestCells(formats, client, bytes),
    ...replyCells(formats, client, bytes),
    ...streamCells(formats, client),
  ]);
}

function requestCells(formats: Formats, client: FormatId, bytes: number): Cell[] {
  const text = requestBody(formats, { client, model: MODEL, bytes, isStream: false });
  const path: RequestPath = { model: MODEL, isStream: false };
  const parse = () => formats[client].parseRequest(JSON.parse(text) as JsonObject, path);
  const chat = parse();
  return [
    { name: `JSON.parse|${client}`, call: () => JSON.parse(text) },
    { name: `parse request|${client}`, call: parse },
    ...others(formats, client).map((upstream) => ({
      name: `render request|${client}|${upstream}`,
      call: () => formats[upstream].renderRequest(chat),
    })),
  ];
}

function replyCells(formats: Formats, upstream: FormatId, bytes: number): Cell[] {
  const text = JSON.stringify(replyBody(formats, upstream, bytes * 0.6));
  const parse = () => formats[upstream].parseReply(JSON.parse(text) as JsonObject, { fallbackId: 'bench' });
  const reply = parse();
  return [
    { name: `parse reply|${upstream}`, call: parse },
    ...others(formats, upstream).map((client) => ({
      name: `render reply|${client}|${upstream}`,
      call: () => formats[client].renderReply(reply, context),
    })),
  ];
}

function streamCells(formats: Formats, upstream: FormatId): Cell[] {
  const writes = replyStream(formats, upstream).map((text) => Buffer.from(text));
  const decode = (): ChatEvent[] => {
    const reader = formats[upstream].createReader();
    const decoder = formats[upstream].createDecoder({ fallbackId: 'bench' });
    const events: ChatEvent[] = [];
    for (const bytes of writes) for (const frame of reader.push(bytes)) events.push(...decoder.push(frame));
    for (const frame of reader.end()) events.push(...decoder.push(frame));
    events.push(...decoder.end());
    return events;
  };
  const events = decode();
  return [
    { name: `decode|${upstream}`, call: decode },
    ...others(formats, upstream).map((client) => ({
      name: `encode|${client}|${upstream}`,
      call: () => {
        const encoder = formats[client].createEncoder(context);
        let chars = 0;
        for (const event of events) chars += encoder.push(event).length;
        return chars;
      },
    })),
  ];
}

function others(formats: Formats, id: FormatId): FormatId[] {
  return (Object.keys(formats) as FormatId[]).filter((other) => other !== id);
}

async function load(path: string): Promise<Formats> {
  const { formats } = (await import(pathToFileURL(path).href)) as { readonly formats: Formats };
  return formats;
}

/** Microseconds by the name of the cell, one for each round. */
type Times = Map<string, number[]>;

function measure(subjects: readonly Cell[][], rounds: number): Times[] {
  const times = subjects.map((): Times => new Map());
  for (let count = 0; count < WARM_CALLS; count += 1)
    for (const cells of subjects) for (const { call } of cells) if (call()) seen += 1;
  for (let round = 0; round < rounds; round += 1) {
    for (const [at] of subjects[0]!.entries()) {
      const order = round % 2 === 0 ? subjects.keys() : [...subjects.keys()].reverse();
      for (const subject of order) {
        const cell = subjects[subject]![at]!;
        const found = times[subject]!.get(cell.name) ?? [];
        times[subject]!.set(cell.name, [...found, timeCell(cell)]);
      }
    }
  }
  return times;
}

/** A cell of the table: the time, and with it the share of the other's. */
function show(times: readonly Times[], name: string): string {
  const [own, other] = times.map((one) => one.get(name));
  if (!own) return '';
  const us = median(own)!;
  const time = us < 100 ? us.toFixed(1) : us.toFixed(0);
  return other ? `${time} (${pairedRatio(own, other)!.toFixed(2)})` : time;
}

function table(title: string, columns: readonly string[], rows: readonly (readonly string[])[]): string {
  const head = [title, ...columns];
  const lines = [head, head.map(() => '---'), ...rows].map((cells) => `| ${cells.join(' | ')} |`);
  return `${lines.join('\n')}\n`;
}

function report(times: readonly Times[], ids: readonly FormatId[], hasStreams: boolean): void {
  const single = ['JSON.parse', 'parse request', 'parse reply', ...(hasStreams ? ['decode'] : [])];
  const rows = ids.map((id) => [id, ...single.map((name) => show(times, `${name}|${id}`))]);
  console.log(table('reads', single, rows));
  for (const name of ['render request', 'render reply', ...(hasStreams ? ['encode'] : [])]) {
    const pairs = ids.map((client) => [
      client,
      ...ids.map((upstream) => show(times, `${name}|${client}|${upstream}`)),
    ]);
    console.log(table(`${name}: client, upstream`, ids, pairs));
  }
}

const subjects = await Promise.all(
  [options.formats ?? new URL('../src/wire/formats.ts', import.meta.url).pathname, options.against]
    .filter((path) => path !== undefined)
    .map(load),
);
const sizes = options.bytes.split(',').map(Number);
for (const [at, bytes] of sizes.entries()) {
  const cells = subjects.map((formats) => {
    const all = cellsOf(formats, bytes);
    return at === 0 ? all : all.filter(({ name }) => !/^(?:decode|encode)\|/.test(name));
  });
  const what = `a body of ${bytes} bytes${at === 0 ? `, streams of ${PIECES} pieces` : ''}`;
  console.log(`\n## CPU in \u00b5s for ${what}${subjects.length > 1 ? ' (share of the other)' : ''}\n`);
  report(measure(cells, Number(options.rounds)), Object.keys(subjects[0]!) as FormatId[], at === 0);
}
if (seen === 0) throw new Error('nothing was translated');
