/** Talks with the official `openai` client on responses through the matrix house, in which what was said before is named by id. */
import OpenAI from 'openai';
import type { RecordedRequest } from '../fake-upstream.ts';
import { type Column, columnsOfMatrix, type MatrixHouse } from './matrix-house.ts';
import { clock, weather } from './scenarios/table.ts';
import { type Understood, understoodBy } from './scenarios/understood.ts';
import { answerTo, type Said, voices } from './voices/index.ts';

export type Params = Omit<OpenAI.Responses.ResponseCreateParamsNonStreaming, 'model'>;
export type Response = OpenAI.Responses.Response;
export type Items = OpenAI.Responses.ResponseInputItem[];

/** The upstreams that a Responses client reaches by translation. */
export const translated: readonly Column[] = columnsOfMatrix().filter(
  ({ format }) => format !== 'openai-responses',
);
/** The one it is relayed to. */
export const relayed: Column = columnsOfMatrix().find(({ format }) => format === 'openai-responses')!;

export const tools = [weather, clock].map(({ name, description, schema }) => ({
  type: 'function' as const,
  name,
  description,
  parameters: schema,
  strict: false,
}));

const usage = { input: 20, output: 5 };
export const hello: Said = { text: 'Hello. 世界', stop: 'end', usage };
export const sunny: Said = { text: 'Sunny, at noon.', stop: 'end', usage };
/** A thought with state where the vendor has some, a text and two calls. */
export const calling: Said = {
  thinking: 'Graz lies in Austria.',
  signature: 'c2lnbmF0dXJl',
  text: 'Let me look.',
  calls: [
    { id: 'call_1', name: 'get_weather', input: { city: 'Graz' } },
    { id: 'call_2', name: 'what_time', input: {} },
  ],
  stop: 'tool-calls',
  usage,
};

export const resultsOf = ({ output }: Response): Items =>
  output.flatMap((item) =>
    item.type === 'function_call'
      ? [{ type: 'function_call_output' as const, call_id: item.call_id, output: `result of ${item.name}` }]
      : [],
  );

export function clientOf({ url, key }: Pick<MatrixHouse, 'url' | 'key'>): OpenAI {
  return new OpenAI({ apiKey: key, baseURL: `${url}/v1`, maxRetries: 0 });
}

/** The next answer of an upstream of this format. */
export function willSay({ upstream }: MatrixHouse, { format }: Column, ...all: readonly Said[]): void {
  const voice = voices[format];
  upstream.forgetAnswers();
  for (const said of all) upstream.answerBy((request) => answerTo(request, voice, said), voice.path);
}

export interface Talk {
  readonly house: MatrixHouse;
  readonly column: Column;
  readonly isStream: boolean;
  readonly client: OpenAI;
}

/** Has the upstream say something, and asks for it. */
export function ask(
  { house, column, isStream, client }: Talk,
  params: Params,
  said: Said,
): Promise<Response> {
  willSay(house, column, said);
  const whole = { ...params, model: column.thinker };
  if (!isStream) return client.responses.create(whole);
  return client.responses.stream({ ...whole, stream: true }).finalResponse();
}

function newestTo({ upstream }: MatrixHouse, { format }: Column): RecordedRequest {
  const { path } = voices[format];
  return upstream.requests.findLast((request) => request.path.startsWith(path))!;
}

/** The newest request for an answer, as its upstream got it. */
export function sentTo(house: MatrixHouse, column: Column): Record<string, unknown> {
  return JSON.parse(newestTo(house, column).body.toString('utf8')) as Record<string, unknown>;
}

export function understoodIn(house: MatrixHouse, column: Column): Understood {
  return understoodBy(column.format, newestTo(house, column));
}
