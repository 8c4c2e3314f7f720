/** Request bodies as a coding agent sends them: a system prompt, tools with schemas, and a conversation full of file text. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { CACHE } from './places.ts';

export type Format = 'openai-chat' | 'anthropic-messages';

export interface BodyWish {
  readonly format: Format;
  readonly model: string;
  /** About this many bytes; the conversation is cut to fit. */
  readonly bytes: number;
  readonly isStream: boolean;
}

/** One tool for this many bytes of body, up to a full set: small bodies are not all schema. */
const BYTES_PER_TOOL = 600;
const MAX_TOOLS = 24;
const FILE_TEXT =
  'export function readConfig(path: string): Config {\n\tconst text = readFileSync(path, "utf8");\n' +
  '  // Unknown names are errors: a typo must not be silence.\n  return parse(text, { strict: true, "file": path });\n}\n\n';
const TURN_BYTES = 2400;
const SHORT_TURN_BYTES = 120;

/** The body as JSON text. The same wish gives the same bytes. */
export function renderBody(wish: BodyWish): string {
  const turns: string[] = [];
  const fixed = render(wish, turns).length;
  const perTurn = Math.min(TURN_BYTES, Math.max(SHORT_TURN_BYTES, wish.bytes - fixed));
  while (render(wish, turns).length + perTurn <= wish.bytes) turns.push(fileText(turns.length, perTurn));
  // Escaping makes a turn longer than its text, so the last one is cut until the whole fits.
  while (turns.length > 1 && render(wish, turns).length > wish.bytes) turns.pop();
  return render(wish, turns);
}

/** Writes the body into the cache and gives its path. */
export function writeBody(wish: BodyWish): string {
  const folder = join(CACHE, 'bodies');
  const name = `${wish.format}-${wish.model.replaceAll('/', '_')}-${wish.bytes}${wish.isStream ? '-stream' : ''}.json`;
  const path = join(folder, name);
  mkdirSync(folder, { recursive: true });
  writeFileSync(path, renderBody(wish));
  return path;
}

function fileText(turn: number, bytes: number): string {
  const header = `src/part-${turn}.ts\n`;
  return (header + FILE_TEXT.repeat(Math.ceil(bytes / FILE_TEXT.length))).slice(0, Math.floor(bytes * 0.85));
}

function render(wish: BodyWish, turns: readonly string[]): string {
  return JSON.stringify(wish.format === 'openai-chat' ? openaiBody(wish, turns) : anthropicBody(wish, turns));
}

const SYSTEM = 'You are a careful engineer. Read before you write, keep changes small, and run the tests.';

function openaiBody({ model, bytes, isStream }: BodyWish, turns: readonly string[]): object {
  return {
    model,
    ...(isStream ? { stream: true, stream_options: { include_usage: true } } : {}),
    max_tokens: 1024,
    messages: [
      { role: 'system', content: SYSTEM },
      { role: 'user', content: 'Read the files and say what is wrong.' },
      ...turns.flatMap((text, i) => [
        {
          role: 'assistant',
          content: null,
          tool_calls: [
            {
              id: `call_${i}`,
              type: 'function',
              function: { name: 'tool_0', arguments: `{"path":"src/part-${i}.ts"}` },
            },
          ],
        },
        { role: 'tool', tool_call_id: `call_${i}`, content: text },
      ]),
    ],
    tools: toolNames(bytes).map((name) => ({
      type: 'function',
      function: { name, description: describeTool(name, bytes), parameters: toolSchema() },
    })),
  };
}

function anthropicBody({ model, bytes, isStream }: BodyWish, turns: readonly string[]): object {
  return {
    model,
    ...(isStream ? { stream: true } : {}),
    max_tokens: 1024,
    system: [{ type: 'text', text: SYSTEM, cache_control: { type: 'ephemeral' } }],
    messages: [
      { role: 'user', content: 'Read the files and say what is wrong.' },
      ...turns.flatMap((text, i) => [
        {
          role: 'assistant',
          content: [
            { type: 'tool_use', id: `toolu_${i}`, name: 'tool_0', input: { path: `src/part-${i}.ts` } },
          ],
        },
        { role: 'user', content: [{ type: 'tool_result', tool_use_id: `toolu_${i}`, content: text }] },
      ]),
    ],
    tools: toolNames(bytes).map((name) => ({
      name,
      description: describeTool(name, bytes),
      input_schema: toolSchema(),
    })),
  };
}

function toolNames(bytes: number): string[] {
  const count = Math.min(MAX_TOOLS, Math.max(1, Math.floor(bytes / BYTES_PER_TOOL / 2)));
  return Array.from({ length: count }, (_, i) => `tool_${i}`);
}

/** Agents explain their tools at length; a small body gets one sentence. */
function describeTool(name: string, bytes: number): string {
  const sentence = `Use ${name} to look at one file of the project; "path" is relative.\n`;
  return sentence.repeat(bytes > 50_000 ? 20 : 1);
}

function toolSchema(): object {
  return {
    type: 'object',
    properties: {
      path: { type: 'string', description: 'Relative to the project' },
      limit: { type: 'integer', minimum: 1 },
    },
    required: ['path'],
  };
}
