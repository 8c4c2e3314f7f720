/** What a body asks for, found without parsing it: held against what parsing finds. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type BodyFacts, factFields, readBodyFacts } from './body-facts.ts';
import type { FormatId } from './chat.ts';
import { sampleBodyTokens } from './count.ts';
import { countKeys, hasKey, hasPair, mayHideNames } from './find-names.ts';
import { walkTopLevel } from './walk.ts';

function factsOfText(format: FormatId, text: string, isStrict = false): BodyFacts {
  const body = Buffer.from(text);
  const walk = walkTopLevel(body, factFields(format));
  if (!walk.ok) throw new Error(walk.message);
  return readBodyFacts(format, { body, ...walk }, isStrict);
}

const factsOf = (format: FormatId, body: object, isStrict = false) =>
  factsOfText(format, JSON.stringify(body), isStrict);

const nothing = {
  isInputOpen: false,
  cacheWrite: 'none',
  hasAudioInput: false,
  asksAudio: false,
  toolCalls: 0,
  choices: 1,
  serviceTier: undefined,
} as const;

const user = (...content: object[]) => [{ role: 'user', content }];
const mark = (ttl?: string) => ({
  type: 'text',
  text: 'x',
  cache_control: { type: 'ephemeral', ...(ttl && { ttl }) },
});
const oneTool = (tool: object) => ({ tools: [{ type: 'function', function: { name: 'f' } }, tool] });

describe('anthropic-messages', () => {
  it.each<[string, object, Partial<BodyFacts>]>([
    ['nothing', { messages: user({ type: 'text', text: 'hi' }) }, {}],
    ['a mark', { messages: user(mark()) }, { cacheWrite: '5m' }],
    ['a mark of an hour', { system: [mark('1h')] }, { cacheWrite: '1h' }],
    ['a mark at the top', { cache_control: { type: 'ephemeral' } }, { cacheWrite: '5m' }],
    ['a mark in a text only', { system: 'say "cache_control": {"ttl":"1h"}' }, {}],
    [
      'a file by its id',
      { messages: user({ type: 'document', source: { type: 'file', file_id: 'f' } }) },
      { isInputOpen: true },
    ],
    [
      'a file by its address',
      { messages: user({ type: 'document', source: { type: 'url', url: 'https://x' } }) },
      { isInputOpen: true },
    ],
    [
      'a tool call with an address',
      { messages: user({ type: 'tool_use', input: { url: 'https://x' } }) },
      {},
    ],
    ['tools of its own', { tools: [{ name: 'web_search', input_schema: { type: 'object' } }] }, {}],
    [
      'tools that run at the client',
      { tools: [{ type: 'bash_20250124', name: 'bash' }, { type: 'text_editor_20250728' }] },
      {},
    ],
    [
      'a search',
      { tools: [{ name: 'a' }, { type: 'web_search_20250305', name: 'web_search' }] },
      { toolCalls: 16 },
    ],
    [
      'a search of few uses',
      { tools: [{ type: 'web_search_20250305', name: 'web_search', max_uses: 3 }] },
      { toolCalls: 3 },
    ],
    [
      'two built-in tools',
      { tools: [{ type: 'web_search_20250305', max_uses: 3 }, { type: 'web_fetch_20250910' }] },
      { toolCalls: 19 },
    ],
    [
      'servers of tools',
      { mcp_servers: [{ type: 'url', url: 'https://x' }] },
      { toolCalls: 16, isInputOpen: true },
    ],
    ['a container', { container: 'c' }, { isInputOpen: true }],
    ['a tier', { service_tier: 'Priority' }, { serviceTier: 'priority' }],
    ['no tier of its own', { service_tier: 'standard_only' }, {}],
  ])('%s', (_name, body, facts) => {
    expect(factsOf('anthropic-messages', body)).toMatchObject({ ...nothing, ...facts });
  });
});

describe('openai-chat', () => {
  it.each<[string, object, Partial<BodyFacts>]>([
    ['nothing', { messages: [{ role: 'user', content: 'hi' }] }, {}],
    ['choices', { n: 4 }, { choices: 4 }],
    ['choices beyond reason', { n: 1e300 }, { choices: 10_000 }],
    ['an hour in the cache', { messages: user(mark('1h')) }, { cacheWrite: '1h' }],
    ['a file by its id', { messages: user({ type: 'file', file: { file_id: 'f' } }) }, { isInputOpen: true }],
    [
      'sound in',
      { messages: user({ type: 'input_audio', input_audio: { data: 'AA', format: 'wav' } }) },
      { hasAudioInput: true },
    ],
    ['sound out', { modalities: ['text', 'audio'], audio: { voice: 'a' } }, { asksAudio: true }],
    ['sound out, by its modality', { modalities: ['text', 'audio'] }, { asksAudio: true }],
    ['no sound', { modalities: ['text'], audio: null }, {}],
    ['a search', { web_search_options: {} }, { toolCalls: 16 }],
    ['no search', { web_search_options: null }, {}],
    ['a function', oneTool({ type: 'function', function: { name: 'web_search' } }), {}],
    ['a tier', { service_tier: 'flex' }, { serviceTier: 'flex' }],
  ])('%s', (_name, body, facts) => {
    expect(factsOf('openai-chat', body)).toMatchObject({ ...nothing, cacheWrite: '5m', ...facts });
  });
});

describe('openai-responses', () => {
  it.each<[string, object, Partial<BodyFacts>]>([
    ['nothing', { input: 'hi', previous_response_id: null }, {}],
    ['an earlier reply', { previous_response_id: 'resp_1' }, { isInputOpen: true }],
    ['a conversation', { conversation: { id: 'conv' } }, { isInputOpen: true }],
    ['an item by its id', { input: [{ type: 'item_reference', id: 'i' }] }, { isInputOpen: true }],
    [
      'a file by its address',
      { input: user({ type: 'input_file', file_url: 'https://x' }) },
      { isInputOpen: true },
    ],
    [
      'tools of its own',
      { tools: [{ type: 'function', name: 'f' }, { type: 'custom' }, { type: 'local_shell' }] },
      {},
    ],
    ['a search', { tools: [{ type: 'web_search' }] }, { toolCalls: 16 }],
    [
      'a limit for all tools',
      { tools: [{ type: 'web_search' }, { type: 'mcp' }], max_tool_calls: 5 },
      { toolCalls: 5 },
    ],
    ['a tool nobody knows', { tools: [{ type: 'time_machine' }] }, { toolCalls: 16 }],
  ])('%s', (_name, body, facts) => {
    expect(factsOf('openai-responses', body)).toMatchObject({ ...nothing, cacheWrite: '5m', ...facts });
  });
});

describe('gemini-generate', () => {
  it.each<[string, object, Partial<BodyFacts>]>([
    [
      'nothing',
      { contents: [{ role: 'user', parts: [{ text: 'hi' }] }], generationConfig: { temperature: 1 } },
      {},
    ],
    ['choices', { generationConfig: { candidateCount: 3 } }, { choices: 3 }],
    ['choices in the other spelling', { generation_config: { candidate_count: 3 } }, { choices: 3 }],
    ['sound out', { generationConfig: { responseModalities: ['AUDIO'] } }, { asksAudio: true }],
    [
      'sound in',
      { contents: [{ parts: [{ inlineData: { mimeType: 'audio/l16', data: 'AA' } }] }] },
      { hasAudioInput: true },
    ],
    ['a cache', { cachedContent: 'cachedContents/1' }, { isInputOpen: true }],
    ['a file', { contents: [{ parts: [{ fileData: { fileUri: 'https://x' } }] }] }, { isInputOpen: true }],
    ['functions', { tools: [{ functionDeclarations: [{ name: 'googleSearch' }] }] }, {}],
    ['a search', { tools: [{ functionDeclarations: [], googleSearch: {} }] }, { toolCalls: 16 }],
  ])('%s', (_name, body, facts) => {
    expect(factsOf('gemini-generate', body)).toMatchObject({ ...nothing, cacheWrite: '5m', ...facts });
  });
});

describe('the input', () => {
  const messages = Array.from({ length: 5 }, (_, at) => ({
    role: 'user',
    content: `Turn ${at}: ${'word '.repeat(150)}`,
  }));

  it('is the estimate and sixteen a turn', () => {
    const body = { messages };
    const estimate = sampleBodyTokens(Buffer.from(JSON.stringify(body)), []);
    expect(factsOf('openai-chat', body).inputTokens).toBe(estimate + 5 * 16);
  });
  it('of a small body is half its bytes, unread', () => {
    const body = { messages: messages.slice(0, 1) };
    expect(factsOf('openai-chat', body).inputTokens).toBe(Math.ceil(JSON.stringify(body).length / 2) + 16);
  });
  it('strictly, has no more tokens than bytes', () => {
    const body = { messages };
    expect(factsOf('openai-chat', body, true).inputTokens).toBe(JSON.stringify(body).length + 5 * 16);
  });
  it('counts the preface of the tools', () => {
    const bare = factsOf('openai-chat', { messages }, true).inputTokens;
    const added = ',"tools":[]'.length;
    expect(factsOf('openai-chat', { messages, tools: [] }, true).inputTokens).toBe(bare + added + 346);
  });
  it.each([
    ['by its address', { image_url: { url: 'https://x/y.png' } }, 1_600],
    ['by its address, in a text', { image_url: 'https://x/y.png' }, 1_600],
    ['in the body', { image_url: { detail: 'low', url: 'data:image/png;base64,AAAA' } }, 0],
    ['in the body, in a text', { image_url: 'data:image/png;base64,AAAA' }, 0],
    ['by its id', { image_url: null }, 1_600],
  ])('counts an image %s', (_name, part, tokens) => {
    const withImage = { input: [{ type: 'image_url', ...part }] };
    const bytes = JSON.stringify(withImage).length;
    expect(factsOf('openai-chat', withImage, true).inputTokens).toBe(bytes + tokens);
  });
  it('counts media by their makers’ rules, not as text', () => {
    const image = `iVBORw0KGg${'A'.repeat(400_000)}`;
    const body = { messages: user({ type: 'image', source: { type: 'base64', data: image } }) };
    const facts = factsOf('anthropic-messages', body, true);
    expect(facts.inputTokens).toBeLessThan(2_000);
    expect(facts.inputTokens).toBeGreaterThanOrEqual(1_600);
  });
});

describe('names that are hidden from a search', () => {
  it.each([
    ['an escaped letter', '{"messages":[{"cache_c\\u006fntrol":{}}]}', true],
    ['an escaped underscore', '{"a":{"file\\u005Fid":"x"}}', true],
    ['accents, as Python writes them', '{"a":"caf\\u00e9 \\u00C9"}', false],
    ['signs, as Go writes them', '{"a":"\\u003cb\\u003e \\u0026 \\u0027 \\u0022"}', false],
    ['control characters', '{"a":"\\u0000\\u001b"}', false],
  ])('%s', (_name, text, isHidden) => {
    expect(mayHideNames(Buffer.from(text))).toBe(isHidden);
    const facts = factsOfText('anthropic-messages', text);
    expect([facts.isInputOpen, facts.cacheWrite]).toEqual(isHidden ? [true, '1h'] : [false, 'none']);
  });
});

describe('the search', () => {
  const names = fc.constantFrom('cache_control', 'ttl', 'type', 'url', 'role', 'x');
  const texts = fc.constantFrom(
    'url',
    '1h',
    '"cache_control":1',
    '{"type":"url"}',
    '\\',
    '\\"',
    'type',
    'é',
    '',
  );
  const { tree } = fc.letrec((tie) => ({
    tree: fc.oneof(
      { maxDepth: 4 },
      texts,
      fc.integer(),
      fc.array(tie('tree'), { maxLength: 3 }),
      fc.dictionary(names, tie('tree'), { maxKeys: 4 }),
    ),
  }));
  const spaces = fc.constantFrom(undefined, 1, '\t');

  function pairsOf(value: unknown): [string, unknown][] {
    if (typeof value !== 'object' || value === null) return [];
    const own = Array.isArray(value) ? [] : Object.entries(value);
    return [...own, ...Object.values(value).flatMap(pairsOf)];
  }

  it('finds what parsing finds, however it is spaced and whatever texts hold', () => {
    fc.assert(
      fc.property(tree, spaces, (value, space) => {
        const body = Buffer.from(JSON.stringify({ value }, null, space));
        const pairs = pairsOf(value);
        for (const name of ['cache_control', 'type', 'url']) {
          const found = pairs.filter(([key]) => key === name);
          expect(countKeys(body, name)).toBe(found.length);
          expect(hasKey(body, name)).toBe(found.length > 0);
        }
        expect(hasPair(body, 'type', 'url')).toBe(
          pairs.some(([key, text]) => key === 'type' && text === 'url'),
        );
        expect(hasPair(body, 'ttl', '1h')).toBe(pairs.some(([key, text]) => key === 'ttl' && text === '1h'));
      }),
      { numRuns: 1_000 },
    );
  });
});
