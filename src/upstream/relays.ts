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

const FILES: readonly string[] = ['/files', '/files/{id}', '/files/{id}/content'];
const BATCHES: readonly string[] = ['/batches', '/batches/{id}', '/batches/{id}/cancel'];
const IMAGES: readonly string[] = ['/images/generations', '/images/edits', '/images/variations'];
const AUDIO: readonly string[] = ['/audio/speech', '/audio/transcriptions', '/audio/translations'];
const RESPONSES: readonly string[] = [
  '/responses/compact',
  '/responses/{id}',
  '/responses/{id}/cancel',
  '/responses/{id}/input_items',
];

/** What api.openai.com has. */
export const openaiRelays: Relays = {
  api: 'openai',
  prefix: '',
  paths: ['/completions', ...IMAGES, ...AUDIO, '/moderations', ...FILES, ...BATCHES, ...RESPONSES],
};

/**
 * What servers that follow OpenAI have of it differs from one to the next, and nobody can know beforehand: all that
 * some have is tried, and one without it says so itself.
 */
export const compatibleRelays: Relays = {
  api: 'openai',
  prefix: '',
  paths: [...openaiRelays.paths, '/rerank'],
};

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
