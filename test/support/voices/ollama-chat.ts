/** Ollama's native chat as Ollama speaks it: lines of JSON, arguments as objects, a stop for all that is whole. */
import type { StopKind } from '../../../src/wire/chat.ts';
import { cut, inputTotal, type Said, type Spoken, type Voice } from './voice.ts';

const words: Partial<Record<StopKind, string>> = { end: 'stop', 'tool-calls': 'stop', length: 'length' };

const line = (value: object): string => `${JSON.stringify(value)}\n`;

const head = { model: 'llama-probe', created_at: '2025-07-07T20:22:19.184789Z' };

const piece = (message: object): string =>
  line({ ...head, message: { role: 'assistant', content: '', ...message }, done: false });

const callsOf = (said: Said) =>
  said.calls && {
    tool_calls: said.calls.map(({ name, input }) => ({ function: { name, arguments: input } })),
  };

const ending = ({ stop, usage }: Said) => ({
  done_reason: words[stop],
  done: true,
  total_duration: 883_583_458,
  load_duration: 41_250_709,
  prompt_eval_count: inputTotal(usage),
  prompt_eval_duration: 165_000_000,
  eval_count: usage.output,
  eval_duration: 700_000_000,
});

export const ollamaChat: Voice = {
  format: 'ollama-chat',
  path: '/api/chat',
  streamType: 'application/x-ndjson',
  counts: ['input', 'output'],
  stops: ['end', 'length', 'tool-calls'],
  signs: 'nothing',
  hasThinking: true,
  whole: (said) => ({
    ...head,
    message: {
      role: 'assistant',
      content: said.text ?? '',
      ...(said.thinking !== undefined && { thinking: said.thinking }),
      ...callsOf(said),
    },
    ...ending(said),
  }),
  stream: (said): Spoken => ({
    opening: [],
    content: [
      ...cut(said.thinking ?? '').map((thinking) => piece({ thinking })),
      ...cut(said.text ?? '').map((content) => piece({ content })),
      ...(said.calls ? [piece(callsOf(said)!)] : []),
    ],
    closing: [line({ ...head, message: { role: 'assistant', content: '' }, ...ending(said) })],
  }),
  error: (_, message) => ({ error: message }),
  streamError: (message) => line({ error: message }),
};
