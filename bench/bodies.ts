/** Request bodies as a coding agent sends them: a system prompt, tools with schemas, and a conversation full of file text. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { CACHE } from './places.ts';

export type Format = 'openai-chat' | 'anthropic-messages';

export interface BodyWish {
  readonly format: Format;
  readonly model: string;
  /** As many bytes as this; at least 700. */
  readonly bytes: number;
  readonly isStream: boolean;
}

/** One tool for this many bytes of body, up to a full set: small bodies are not all schema. */
const BYTES_PER_TOOL = 600;
const MAX_TOOLS = 24;
const FILE_TEXT =
  'export function readConfig(path: string): Config {\n\tconst text = readFileSync(path, "utf8");\n' +
  '  // Unknown names are errors: a typo must not be silence.\n  return parse(text, { strict: true, "file": path });\n}\n\n';
/** Of one file an agent has read. */
const FILE_TEXT_BYTES = 2000;
/** Fills the system prompt up to the wished size. */
const RULES = ' Say what you did, then stop.';

/** The body as JSON text, exactly `bytes` long (ASCII). The same wish gives the same bytes. */
export function renderBody(wish: BodyWish): string {
  const textBytes = Math.min(FILE_TEXT_BYTES, Math.floor(wish.bytes / 16));
  const turns: string[] = [];
  for (;;) {
    const longer = [...turns, fileText(turns.length, textBytes)];
    if (render(wish, longer, '').length > wish.bytes) break;
    turns.push(longer.at(-1)!);
  }
  const missing = wish.bytes - render(wish, turns, '').length;
  return render(wish, turns, RULES.repeat(Math.ceil(missing / RULES.length)).slice(0, Math.max(0, missing)));
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
  return `src/part-${turn}.ts\n${FILE_TEXT.repeat(Math.ceil(bytes / FILE_TEXT.length)).slice(0, bytes)}`;
}

function render(wish: BodyWish, turns: readonly string[], rules: string): string {
  const body = wish.format === 'openai-chat' ? openaiBody : anthropicBody;
  return JSON.stringify(body(wish, turns, SYSTEM + rules));
}

const SYSTEM = 'You are a careful engineer. Read before you write, keep changes small, and run the tests.';

function openaiBody({ model, bytes, isStream }: BodyWish, turns: readonly string[], system: string): object {
  return {
    model,
    ...(isStream ? { stream: true, stream_options: { include_usage: true } } : {}),
    max_tokens: 1024,
    messages: [
      { role: 'system', content: system },
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

function anthropicBody(
  { model, bytes, isStream }: BodyWish,
  turns: readonly string[],
  system: string,
): object {
  return {
    model,
    ...(isStream ? { stream: true } : {}),
    max_tokens: 1024,
    system: [{ type: 'text', text: system, cache_control: { type: 'ephemeral' } }],
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
