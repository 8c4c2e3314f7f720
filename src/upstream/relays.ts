/** Calls that are passed on as they are, to upstreams that have them: which API they belong to, and where they stand. */

/** Whose API it is. Paths of the same words exist in several. */
export type RelayApi = 'openai' | 'anthropic' | 'gemini';

/** What a provider kind has of these calls. */
export interface Relays {
  readonly api: RelayApi;
  /** Between the base URL and the paths. */
  readonly prefix: string;
  /** Path patterns; `{id}` stands for one segment. */
  readonly paths: readonly string[];
}

/** Calls of OpenAI's API of which its followers have some and not others, in groups. */
export const COMPLETIONS: readonly string[] = ['/completions'];
export const RERANK: readonly string[] = ['/rerank'];
export const MODERATIONS: readonly string[] = ['/moderations'];
export const SPEECH: readonly string[] = ['/audio/speech'];
export const TRANSCRIPTIONS: readonly string[] = ['/audio/transcriptions', '/audio/translations'];
export const GENERATIONS: readonly string[] = ['/images/generations'];
export const FILES: readonly string[] = ['/files', '/files/{id}', '/files/{id}/content'];
export const BATCHES: readonly string[] = ['/batches', '/batches/{id}', '/batches/{id}/cancel'];
const RESPONSES: readonly string[] = [
  '/responses/compact',
  '/responses/{id}',
  '/responses/{id}/cancel',
  '/responses/{id}/input_items',
];

/** What api.openai.com has. */
export const openaiRelays: Relays = relaysOf(
  COMPLETIONS,
  GENERATIONS,
  ['/images/edits', '/images/variations'],
  SPEECH,
  TRANSCRIPTIONS,
  MODERATIONS,
  FILES,
  BATCHES,
  RESPONSES,
);

/** Groups of calls of OpenAI's API, right below the base URL. */
export function relaysOf(...groups: readonly (readonly string[])[]): Relays {
  return { api: 'openai', prefix: '', paths: groups.flat() };
}

/** Of a server nobody knows, all that any has is tried; one without it says so itself. */
export const compatibleRelays: Relays = relaysOf(openaiRelays.paths, RERANK);

export const anthropicRelays: Relays = {
  api: 'anthropic',
  prefix: '',
  paths: [
    '/v1/messages/batches',
    '/v1/messages/batches/{id}',
    '/v1/messages/batches/{id}/cancel',
    '/v1/messages/batches/{id}/results',
    '/v1/files',
    '/v1/files/{id}',
    '/v1/files/{id}/content',
  ],
};

export const geminiRelays: Relays = {
  api: 'gemini',
  prefix: '',
  paths: ['/files', '/files/{id}', '/cachedContents', '/cachedContents/{id}'],
};
