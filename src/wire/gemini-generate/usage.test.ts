/** Usage: classes that do not overlap, sums that agree, and what is no number. Stops beside it. */
import { describe, expect, it } from 'vitest';
import type { JsonObject, StopKind, Usage } from '../chat.ts';
import { contextFor } from './__fixtures__/laws.ts';
import { geminiGenerate } from './index.ts';
import { readUsage, renderUsage } from './usage.ts';

describe('readUsage', () => {
  const modality = (kind: string, tokenCount: number) => ({ modality: kind, tokenCount });
  const cases: [string, JsonObject, Omit<Usage, 'raw'>][] = [
    ['nothing', {}, {}],
    ['nulls', { promptTokenCount: null, candidatesTokenCount: null }, {}],
    ['zeros', { promptTokenCount: 0, candidatesTokenCount: 0 }, { input: 0, output: 0 }],
    [
      'the cache inside the prompt',
      { promptTokenCount: 12, cachedContentTokenCount: 8 },
      { input: 4, cacheRead: 8 },
    ],
    [
      'thoughts beside the answer',
      { candidatesTokenCount: 5, thoughtsTokenCount: 40 },
      { output: 45, reasoning: 40 },
    ],
    ['thoughts alone', { thoughtsTokenCount: 40 }, { output: 40, reasoning: 40 }],
    [
      'results of its own tools beside the prompt',
      { promptTokenCount: 12, toolUsePromptTokenCount: 100 },
      { input: 112 },
    ],
    [
      'audio',
      {
        promptTokenCount: 20,
        candidatesTokenCount: 31,
        promptTokensDetails: [modality('TEXT', 5), modality('AUDIO', 15)],
        candidatesTokensDetails: [modality('AUDIO', 30)],
      },
      { input: 5, audioInput: 15, output: 1, audioOutput: 30 },
    ],
    [
      'cached audio',
      {
        promptTokenCount: 20,
        cachedContentTokenCount: 12,
        promptTokensDetails: [modality('AUDIO', 15)],
        cacheTokensDetails: [modality('AUDIO', 10), modality('TEXT', 2)],
      },
      { input: 3, cacheRead: 12, audioInput: 5 },
    ],
    ['a tier', { serviceTier: 'priority' }, { serviceTier: 'priority' }],
    ['Vertex AI’s traffic', { trafficType: 'ON_DEMAND' }, { serviceTier: 'standard' }],
    ['its flexible traffic', { trafficType: 'ON_DEMAND_FLEX' }, { serviceTier: 'flex' }],
    ['other traffic', { trafficType: 'PROVISIONED_THROUGHPUT' }, { serviceTier: 'provisioned_throughput' }],
    ['no traffic', { trafficType: 'TRAFFIC_TYPE_UNSPECIFIED' }, {}],
    [
      'no numbers',
      { promptTokenCount: '7', thoughtsTokenCount: {} },
      { input: Number.NaN, output: Number.NaN, reasoning: Number.NaN },
    ],
    ['a negative number', { promptTokenCount: 3, cachedContentTokenCount: 7 }, { input: -4, cacheRead: 7 }],
    ['details that are none', { promptTokensDetails: 'x', candidatesTokensDetails: [1, {}] }, {}],
  ];
  it.each(cases)('%s', (_name, raw, expected) => {
    expect(readUsage(raw)).toEqual({ ...expected, raw });
    expect(geminiGenerate.readUsage({ usageMetadata: raw })).toEqual({ ...expected, raw });
  });

  it('gives nothing where there is no object', () => {
    expect(geminiGenerate.readUsage({})).toBeUndefined();
    expect(geminiGenerate.readUsage({ usageMetadata: 'much' })).toBeUndefined();
  });
});

describe('renderUsage', () => {
  it.each<[string, Omit<Usage, 'raw'>, JsonObject]>([
    ['nothing', {}, { promptTokenCount: 0, candidatesTokenCount: 0, totalTokenCount: 0 }],
    [
      'every class',
      {
        input: 4,
        cacheRead: 8,
        cacheWrite5m: 1,
        cacheWrite1h: 2,
        audioInput: 16,
        output: 45,
        reasoning: 40,
        audioOutput: 3,
      },
      {
        promptTokenCount: 31,
        cachedContentTokenCount: 8,
        candidatesTokenCount: 8,
        thoughtsTokenCount: 40,
        totalTokenCount: 79,
        promptTokensDetails: [
          { modality: 'TEXT', tokenCount: 15 },
          { modality: 'AUDIO', tokenCount: 16 },
        ],
        candidatesTokensDetails: [
          { modality: 'TEXT', tokenCount: 5 },
          { modality: 'AUDIO', tokenCount: 3 },
        ],
      },
    ],
    [
      'what is no number',
      { input: Number.NaN, output: Number.POSITIVE_INFINITY, cacheRead: Number.NaN },
      { promptTokenCount: 0, cachedContentTokenCount: 0, candidatesTokenCount: 0, totalTokenCount: 0 },
    ],
    [
      'more thinking than output',
      { output: 3, reasoning: 5 },
      { promptTokenCount: 0, candidatesTokenCount: 0, thoughtsTokenCount: 5, totalTokenCount: 5 },
    ],
    [
      'a tier it has',
      { serviceTier: 'flex' },
      { promptTokenCount: 0, candidatesTokenCount: 0, totalTokenCount: 0, serviceTier: 'flex' },
    ],
    [
      'a tier it has not',
      { serviceTier: 'scale' },
      { promptTokenCount: 0, candidatesTokenCount: 0, totalTokenCount: 0 },
    ],
  ])('%s', (_name, usage, wire) => {
    expect(renderUsage({ ...usage, raw: null }, false)).toEqual(wire);
  });

  it('is read again as it was, but for what was written into a cache', () => {
    const usage: Omit<Usage, 'raw'> = {
      input: 4,
      cacheRead: 8,
      audioInput: 16,
      output: 45,
      reasoning: 40,
      audioOutput: 3,
      serviceTier: 'standard',
    };
    const { raw: _raw, ...again } = readUsage(renderUsage({ ...usage, raw: null }, false))!;
    expect(again).toEqual(usage);
  });
});

describe('stops', () => {
  const reply = (finishReason: string, parts: JsonObject[] = [{ text: 'a' }]): JsonObject => ({
    candidates: [{ content: { parts, role: 'model' }, finishReason, index: 0 }],
  });

  it.each<[string, StopKind]>([
    ['STOP', 'end'],
    ['MAX_TOKENS', 'length'],
    ['SAFETY', 'content-filter'],
    ['RECITATION', 'content-filter'],
    ['BLOCKLIST', 'content-filter'],
    ['PROHIBITED_CONTENT', 'content-filter'],
    ['SPII', 'content-filter'],
    ['IMAGE_SAFETY', 'content-filter'],
    ['IMAGE_PROHIBITED_CONTENT', 'content-filter'],
    ['LANGUAGE', 'refusal'],
    ['CONTINUATION', 'pause'],
    ['MALFORMED_FUNCTION_CALL', 'unknown'],
    ['UNEXPECTED_TOOL_CALL', 'unknown'],
    ['OTHER', 'unknown'],
    ['constructor', 'unknown'],
  ])('%s is %s, and keeps its word', (word, kind) => {
    const read = geminiGenerate.parseReply(reply(word));
    expect(read.stop).toEqual({ kind, raw: word });
    expect(geminiGenerate.readStop(reply(word))).toBe(word);
    expect(geminiGenerate.renderReply(read, contextFor('')).body).toEqual(reply(word));
  });

  it('is a call where functions are called', () => {
    const calls = reply('STOP', [{ functionCall: { name: 'f' } }]);
    expect(geminiGenerate.parseReply(calls).stop).toEqual({ kind: 'tool-calls', raw: 'STOP' });
    expect(geminiGenerate.parseReply(reply('MAX_TOKENS', [{ functionCall: { name: 'f' } }])).stop.kind).toBe(
      'length',
    );
  });

  it('is a filter where the prompt was not answered', () => {
    const blocked = { promptFeedback: { blockReason: 'JAILBREAK' } };
    expect(geminiGenerate.parseReply(blocked)).toMatchObject({
      parts: [],
      stop: { kind: 'content-filter', raw: 'JAILBREAK' },
    });
    expect(geminiGenerate.readStop(blocked)).toBe('JAILBREAK');
    expect(
      geminiGenerate.readStop({ promptFeedback: { blockReason: 'BLOCKED_REASON_UNSPECIFIED' } }),
    ).toBeUndefined();
  });

  it('was put in on the way: it has a kind, and gets Google’s word', () => {
    const read = geminiGenerate.parseReply(reply('STOP'));
    const { body } = geminiGenerate.renderReply(
      { ...read, stop: { kind: 'length', raw: null } },
      contextFor('m'),
    );
    expect(body).toMatchObject({ candidates: [{ finishReason: 'MAX_TOKENS' }] });
  });
});
