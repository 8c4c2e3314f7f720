/**
 * Writes `docs/reference/translation.md` from the formats themselves: every feature is written in one format,
 * read, and written in each other one, and what that says it lost stands in the table. After a change:
 * `npx vitest run test/translation-doc.test.ts -u`.
 */
import { expect, it } from 'vitest';
import type { ChatReply, ChatRequest, FormatId, Usage, Warning } from '../src/wire/chat.ts';
import type { Format } from '../src/wire/format.ts';
import { formats } from '../src/wire/formats.ts';
import { plainRequest, replyFeatures, requestFeatures } from './support/translation-features.ts';

const HEAD = `# What a translation carries

A client may speak one wire format and its model another. Where both are the same, nothing is translated: the bytes pass
as they came. Where they differ, this page says what happens to each part of a request and of a reply. It is written from
the code by a test.

| sign | |
|---|---|
| ✓ | carried |
| ≈ | carried in another way; the number is the note below the table |
| – | dropped; the number is the note below the table |

What a model is known to refuse is taken out too, so the tables are for one model of each format: MODELS.

Only what the format in the heading can say is in its tables. Nothing is lost in silence: each loss of a request is
counted in the header \`x-turnpike-translation: lossy;n=…\` and named in the exchange's record
(\`turnpike explain <exchange>\`). With \`x-turnpike-strict: true\` a request that would lose something is refused instead.

## What holds for all pairs

- **State of thinking** (signatures, encrypted thoughts) is valid only for the vendor that made it. To a client of another
  format it goes sealed, in that format's own place for such state, or at the end of a tool call's id. The client sends it
  back unread with its next request; a request to the vendor that made it gets the original, and a request to any other is
  sent without it. So a conversation may go from one vendor to another and back.
- **Fields that a format alone knows** are kept when the request stays in the format, and named as dropped when not.
- **State on a vendor's servers** (\`previous_response_id\`, \`conversation\`, \`cachedContent\`) is refused for other vendors'
  models (\`state_not_portable\`), as there is nothing to translate it into. Responses that were translated are kept here,
  and any model can go on from them: [HTTP](http.md#stored-responses).
- **Ids and names** that a vendor would refuse are written in a way it takes, the same way in every turn, and read back.
`;

/** Of each format a model that thinks, as most do today. */
const models: Readonly<Record<FormatId, string>> = {
  'anthropic-messages': 'claude-sonnet-4-5',
  'openai-chat': 'gpt-5.1',
  'openai-responses': 'gpt-5.1',
  'gemini-generate': 'gemini-2.5-pro',
  'ollama-chat': 'qwen3',
};

const all: readonly Format[] = Object.values(formats);

/** Notes of one table, numbered in the order they come. */
function createNotes() {
  const numbers = new Map<string, number>();
  return {
    numberOf(note: string): number {
      if (!numbers.has(note)) numbers.set(note, numbers.size + 1);
      return numbers.get(note)!;
    },
    lines: () => [...numbers].map(([note, number]) => `${number}. ${note}`),
  };
}

type Notes = ReturnType<typeof createNotes>;

function cellOf(warnings: readonly Warning[], notes: Notes): string {
  if (warnings.length === 0) return '✓';
  const sign = warnings.some(({ kind }) => kind === 'dropped') ? '–' : '≈';
  const numbers = new Set(warnings.map(({ note }) => notes.numberOf(note)));
  return `${sign} ${[...numbers].join(', ')}`;
}

function tableOf(
  source: Format,
  rows: readonly { readonly name: string; readonly warningsTo: (target: Format) => readonly Warning[] }[],
): string {
  const targets = all.filter((target) => target !== source);
  const notes = createNotes();
  const lines = rows.map(
    ({ name, warningsTo }) =>
      `| ${name} | ${targets.map((target) => cellOf(warningsTo(target), notes)).join(' | ')} |`,
  );
  return [
    `| | ${targets.map(({ id }) => `to ${id}`).join(' | ')} |`,
    `|---|${targets.map(() => '---|').join('')}`,
    ...lines,
    '',
    ...notes.lines(),
  ].join('\n');
}

/** The chat as a client of `source` would have sent it; undefined when that format cannot say it. */
function asSentIn(source: Format, chat: ChatRequest): ChatRequest | undefined {
  const { body, warnings } = source.renderRequest(chat);
  const plain = source.renderRequest(plainRequest).warnings;
  if (without(warnings, plain).length > 0) return undefined;
  const path = { model: chat.model, isStream: chat.stream };
  return source.parseRequest(JSON.parse(JSON.stringify(body)), path);
}

function without(warnings: readonly Warning[], usual: readonly Warning[]): Warning[] {
  return warnings.filter(({ note }) => !usual.some((one) => one.note === note));
}

function requestRows(source: Format) {
  return requestFeatures.flatMap(({ name, chat }) => {
    const sent = asSentIn(source, chat(source.id));
    if (!sent) return [];
    const lossesTo = (target: Format) => target.renderRequest({ ...sent, model: models[target.id] }).warnings;
    return [{ name, warningsTo: lossesTo }];
  });
}

const context = { model: 'some-model', fallbackId: 'id', nowMs: 0, streamUsage: true };

/** A reply goes the other way: from the upstream in `source` to a client of the target. */
function replyRows(source: Format) {
  return replyFeatures.flatMap(({ name, reply }) => {
    const written = source.renderReply(reply(source.id), context);
    if (written.warnings.length > 0) return [];
    const read = source.parseReply(JSON.parse(JSON.stringify(written.body)), { fallbackId: 'id' });
    if (!says(read, reply(source.id))) return [];
    return [{ name, warningsTo: (target: Format) => lossesOf(read, target) }];
  });
}

/** Formats leave out classes of usage they have no field for without a warning in their own writing. */
function says(read: ChatReply, meant: ChatReply): boolean {
  return missingClasses(meant.usage, read.usage).length === 0;
}

function lossesOf(reply: ChatReply, target: Format): Warning[] {
  const { body, warnings } = target.renderReply(reply, context);
  const shown = target.parseReply(JSON.parse(JSON.stringify(body)), { fallbackId: 'id' });
  const hidden = missingClasses(reply.usage, shown.usage).map(
    (name): Warning => ({
      kind: 'dropped',
      path: `usage.${name}`,
      note: "the client's format has no field for it; the ledger counts it",
    }),
  );
  return [...warnings, ...hidden];
}

const classes = ['input', 'cacheRead', 'cacheWrite5m', 'output', 'reasoning'] as const;

function missingClasses(meant: Usage | undefined, shown: Usage | undefined): string[] {
  return classes.filter((name) => (meant?.[name] ?? 0) > 0 && shown?.[name] !== meant?.[name]);
}

function pageOf(source: Format): string {
  return [
    `## Clients of ${source.id}`,
    '',
    'Requests:',
    '',
    tableOf(source, requestRows(source)),
    '',
    `## Models of ${source.id}`,
    '',
    'Replies:',
    '',
    tableOf(source, replyRows(source)),
  ].join('\n');
}

it('docs/reference/translation.md says what the formats do', async () => {
  const head = HEAD.replace('MODELS', all.map(({ id }) => `\`${models[id]}\``).join(', '));
  const page = `${head}\n${all.map(pageOf).join('\n\n')}\n`;
  await expect(page).toMatchFileSnapshot('../docs/reference/translation.md');
});

it.each(all)('$id says most features, and the table is no list of losses', (source) => {
  const rows = requestRows(source);
  expect(rows.length).toBeGreaterThan(15);
  const carried = rows.filter(({ warningsTo }) => all.every((target) => warningsTo(target).length === 0));
  expect(carried.map(({ name }) => name)).toEqual(
    expect.arrayContaining([
      'system text',
      'several turns',
      'tools',
      'tool call and result',
      'parallel calls and results',
      'output limit',
      'stream',
    ] satisfies string[]),
  );
});

it('has a row for every format', () => {
  expect(all.map(({ id }) => id)).toContain('openai-chat' satisfies FormatId);
});
