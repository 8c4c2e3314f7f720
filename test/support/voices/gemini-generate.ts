/** Gemini's generateContent as Google speaks it: calls without ids, signatures on calls and texts, a STOP for all that is whole. */
import type { StopKind } from '../../../src/wire/chat.ts';
import { type Counts, cut, inputTotal, type Said, type Spoken, type Voice } from './voice.ts';

/** Google's writer of JSON escapes what ends a line in JavaScript. */
const data = (value: object): string =>
  `data: ${JSON.stringify(value).replaceAll('\u2028', '\\u2028').replaceAll('\u2029', '\\u2029')}\r\n\r\n`;

const words: Partial<Record<StopKind, string>> = {
  end: 'STOP',
  'tool-calls': 'STOP',
  length: 'MAX_TOKENS',
  'content-filter': 'SAFETY',
};

const statuses: Readonly<Record<number, string>> = {
  400: 'INVALID_ARGUMENT',
  401: 'UNAUTHENTICATED',
  403: 'PERMISSION_DENIED',
  404: 'NOT_FOUND',
  429: 'RESOURCE_EXHAUSTED',
  500: 'INTERNAL',
  503: 'UNAVAILABLE',
};

/** Thoughts are counted beside the candidates. */
function usage(counts: Counts): object {
  const prompt = inputTotal(counts);
  const thoughts = counts.reasoning ?? 0;
  return {
    promptTokenCount: prompt,
    ...(counts.cacheRead !== undefined && { cachedContentTokenCount: counts.cacheRead }),
    candidatesTokenCount: counts.output - thoughts,
    ...(thoughts > 0 && { thoughtsTokenCount: thoughts }),
    totalTokenCount: prompt + counts.output,
    promptTokensDetails: [{ modality: 'TEXT', tokenCount: prompt }],
  };
}

function thoughtParts(said: Said, pieces: number): object[] {
  return said.thinking === undefined
    ? []
    : cut(said.thinking, pieces).map((text) => ({ text, thought: true }));
}

/** Only the first of parallel calls is signed. */
function callParts(said: Said): object[] {
  return (said.calls ?? []).map(({ name, input }, index) => ({
    functionCall: { name, args: input },
    ...(index === 0 && said.signature !== undefined && { thoughtSignature: said.signature }),
  }));
}

function textParts(said: Said, pieces: number): object[] {
  return said.text === undefined ? [] : cut(said.text, pieces).map((text) => ({ text }));
}

const answer = (parts: readonly object[], more: object, usageMetadata: object) => ({
  candidates: [{ content: { parts, role: 'model' }, ...more, index: 0 }],
  usageMetadata,
  modelVersion: 'gemini-probe',
  responseId: 'OYpyaqycKd2V',
});

export const geminiGenerate: Voice = {
  format: 'gemini-generate',
  path: '/v1beta/models/',
  streamType: 'text/event-stream',
  counts: ['input', 'cacheRead', 'output', 'reasoning'],
  stops: ['end', 'length', 'tool-calls', 'content-filter'],
  signs: 'call',
  hasThinking: true,
  whole: (said) =>
    answer(
      [...thoughtParts(said, 1), ...textParts(said, 1), ...callParts(said)],
      { finishReason: words[said.stop] },
      usage(said.usage),
    ),
  stream(said): Spoken {
    const parts = [...thoughtParts(said, 3), ...textParts(said, 3)];
    // Parallel calls come in one frame.
    const frames = [...parts.map((part) => [part]), ...(said.calls ? [callParts(said)] : [])];
    const early = usage({ input: inputTotal(said.usage), output: 1 });
    return {
      opening: [],
      content: frames.map((frame) => data(answer(frame, {}, early))),
      closing: [data(answer([{ text: '' }], { finishReason: words[said.stop] }, usage(said.usage)))],
    };
  },
  tokenCount: (tokens) => ({ totalTokens: tokens }),
  error: (status, message) => ({
    error: { code: status, message, status: statuses[status] ?? 'UNKNOWN' },
  }),
  streamError: (message) => data({ error: { code: 503, message, status: 'UNAVAILABLE' } }),
};
