/** The format against recordings of the real API, where they are at hand (they are not part of the project). */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { ChatReply, JsonObject } from '../chat.ts';
import { foldEvents } from '../fold.ts';
import {
  checkContract,
  checkStream,
  contextFor,
  decodeAll,
  expectReplyKept,
  expectRequestKept,
  readFrames,
} from './__fixtures__/laws.ts';
import { geminiGenerate } from './index.ts';

const ROOT = join(import.meta.dirname, '../../../../shared/data/wire');

interface Recording {
  readonly id: string;
  readonly format: string;
  readonly status: number;
  readonly file: string;
  readonly request: string | null;
}

const isThere = existsSync(join(ROOT, 'index.json'));
const recordings: Recording[] = isThere
  ? (JSON.parse(readFileSync(join(ROOT, 'index.json'), 'utf8')) as Recording[]).filter(
      ({ format }) => format === 'gemini',
    )
  : [];
const read = (file: string): Buffer => readFileSync(join(ROOT, file));

function fold(id: string): ChatReply {
  const { file } = recordings.find((one) => one.id.includes(id))!;
  const folded = foldEvents(decodeAll(readFrames([read(file)])));
  if (folded.type !== 'reply') throw new Error(folded.error.message);
  return folded.reply;
}

const callsOf = ({ parts }: ChatReply) =>
  parts.flatMap((part) =>
    part.type === 'tool-call' ? [[part.name, part.arguments, part.signature !== undefined] as const] : [],
  );

describe.skipIf(!isThere)(`recordings (skipped where ${ROOT} is absent)`, () => {
  it('are many', () => expect(recordings.length).toBeGreaterThan(8));

  it.each(recordings.filter(({ request }) => request))(
    'request of $id comes back unchanged',
    ({ request }) => {
      expectRequestKept(JSON.parse(read(request!).toString()) as JsonObject);
    },
  );

  const streams = recordings.filter(({ status }) => status === 200);

  it.each(streams)('stream $id keeps the laws', ({ file }) => {
    checkContract(checkStream(read(file)));
  });

  it.each(streams)('each frame of $id, taken for a whole reply, comes back unchanged', ({ file }) => {
    for (const { data } of readFrames([read(file)])) expectReplyKept(JSON.parse(data) as JsonObject);
  });

  it('reads calls whose arguments came in pieces', () => {
    expect(callsOf(fold('vercel-google-stream-tool-call-arguments'))).toEqual([
      ['getWeather', '{"location":"Boston"}', true],
      ['getWeather', '{"location":"San Francisco"}', false],
    ]);
    expect(callsOf(fold('stream-no-args-tool-call'))).toEqual([
      ['read_theme', '', true],
      ['read_screen', '{"id":"A"}', false],
      ['read_screen', '{"id":"B"}', false],
      ['read_screen', '{"id":"C"}', false],
    ]);
    const nested = callsOf(fold('stream-tool-call-arguments-nested'))[0]![1];
    const recipe = JSON.parse(nested).recipe as { ingredients: object[]; steps: string[]; name: string };
    expect([recipe.name, recipe.ingredients.length, recipe.steps.length]).toEqual(['Lasagna', 10, 10]);
    expect(recipe.steps[1]).toBe(
      'Cook lasagna noodles according to package directions, drain and set aside.',
    );
    const list = callsOf(fold('array-arguments-missing-terminal'))[0]![1];
    expect(Array.isArray(Object.values(JSON.parse(list) as object)[0])).toBe(true);
  });

  it('reads the usage of the last frame, thoughts beside the answer', () => {
    expect(fold('gemini-n-tools').usage).toMatchObject({
      input: 32,
      output: 54,
      reasoning: 42,
      serviceTier: 'standard',
    });
  });

  it('keeps the signature of the last, empty part through every way', () => {
    const reply = fold('gemini-n-nested_model_direct_reference');
    const last = reply.parts.at(-1)!;
    expect(last).toMatchObject({ type: 'thinking', text: '', signature: { fields: { on: 'text' } } });
    const { body } = geminiGenerate.renderReply(reply, contextFor('m'));
    const [candidate] = body.candidates as { content: { parts: JsonObject[] } }[];
    expect(candidate!.content.parts.at(-1)).toEqual({
      text: '',
      thoughtSignature: last.type === 'thinking' && last.signature?.value,
    });
  });

  it('reads how long to wait of a quota that is used up', () => {
    const { file } = recordings.find(({ status }) => status === 429)!;
    expect(geminiGenerate.parseError(429, JSON.parse(read(file).toString()))).toMatchObject({
      kind: 'rate-limit',
      retryAfterS: 34.4,
    });
  });
});
