/** What a simulated model says: the parts of its answer and why it stopped, before anything is put into a format. */
import { createHash } from 'node:crypto';
import type {
  ChatPart,
  ChatRequest,
  FormatId,
  ImagePart,
  JsonValue,
  StopReason,
  ThinkingPart,
} from '../../wire/chat.ts';
import { isDamagedSeal } from '../../wire/seal.ts';
import { readImageHeader } from './image-header.ts';
import type { SandboxModel, Speaker } from './models.ts';
import { type Prompt, resultText } from './prompt.ts';
import { SAMPLE_WORDS, writeProse, writeThought } from './prose.ts';
import type { Random } from './random.ts';
import { sampleSchema } from './schema-sample.ts';
import { chooseCalls } from './tool-calls.ts';

export interface Speech {
  readonly parts: readonly ChatPart[];
  readonly stop: StopReason;
}

export interface SpeechContext {
  readonly model: SandboxModel;
  readonly chat: ChatRequest;
  readonly prompt: Prompt;
  readonly random: Random;
  readonly callIdPrefix: string;
  /** The format whose model this is; absent where thoughts are not signed. */
  readonly signer?: FormatId;
}

/** @throws {DirectiveError} when an order cannot be followed. */
export function speak(context: SpeechContext): Speech {
  const { chat, model, prompt, random } = context;
  const calls = chooseCalls({
    chat,
    prompt,
    random,
    isEager: model.speaker === 'toolsmith',
    idPrefix: context.callIdPrefix,
  });
  const thoughts = think(context);
  if (calls.length > 0) {
    const names = [...new Set(calls.map((call) => call.name))].join(' and ');
    const isForced = chat.toolChoice !== undefined && chat.toolChoice.type !== 'auto';
    const preface: ChatPart[] = isForced ? [] : [{ type: 'text', text: `I will call ${names}.` }];
    return { parts: [...thoughts, ...preface, ...calls], stop: { kind: 'tool-calls', raw: null } };
  }
  return { parts: [...thoughts, { type: 'text', text: sayText(context) }], stop: { kind: 'end', raw: null } };
}

function sayText(context: SpeechContext): string {
  const { chat, model, prompt } = context;
  if (prompt.directive.text !== undefined) return prompt.directive.text;
  const wantsJson = chat.output !== undefined && chat.output.type !== 'text';
  return speakers[wantsJson && model.speaker !== 'echo' ? 'json' : model.speaker](context);
}

const speakers: Readonly<Record<Speaker, (context: SpeechContext) => string>> = {
  echo: ({ prompt }) => prompt.text || quoteResults(prompt) || '(there is nothing to repeat)',
  scribe: sayProse,
  thinker: sayProse,
  toolsmith: ({ prompt, ...context }) =>
    prompt.results.length > 0
      ? `The tool answered:\n\n${quoteResults(prompt)}`
      : sayProse({ prompt, ...context }),
  vision: sayImages,
  json: sayJson,
};

function sayProse({ prompt, random }: SpeechContext): string {
  return writeProse(random, prompt.text, prompt.directive.words);
}

/** A result may be a whole file; an answer quotes its beginning. */
const MAX_QUOTE_CHARS = 2000;

function quoteResults(prompt: Prompt): string {
  const text = prompt.results.map(resultText).join('\n');
  return text.length <= MAX_QUOTE_CHARS ? text : `${text.slice(0, MAX_QUOTE_CHARS)} […]`;
}

function sayJson({ chat, random }: SpeechContext): string {
  const schema = chat.output?.type === 'json-schema' ? chat.output.schema : undefined;
  const options = { random, withOptional: true, words: SAMPLE_WORDS };
  const simple: JsonValue = { answer: writeProse(random, 'json', 12), simulated: true };
  return JSON.stringify(schema ? (sampleSchema(schema, options) ?? null) : simple);
}

function sayImages({ chat }: SpeechContext): string {
  const images = chat.turns.flatMap((turn) => turn.parts.flatMap(imagesOf));
  if (images.length === 0) return 'I see no image. Send one as base64 and I will say what its header says.';
  const lines = images.map((image, index) => `${index + 1}. ${describeImage(image)}`);
  return `I see ${images.length} image${images.length === 1 ? '' : 's'}:\n${lines.join('\n')}`;
}

function imagesOf(part: ChatPart): ImagePart[] {
  if (part.type === 'image') return [part];
  if (part.type !== 'tool-result') return [];
  return part.content.flatMap((inner) => (inner.type === 'image' ? [inner] : []));
}

/** Base64 characters decoded to look for the size; a JPEG may carry a thumbnail and metadata before it. */
const MAX_HEADER_CHARS = 512 * 1024;

function describeImage({ source }: ImagePart): string {
  if (source.kind === 'url') return `an image at ${source.url} (the sandbox fetches nothing)`;
  if (source.kind !== 'base64') return `an image given as ${source.kind}`;
  const padding = /=*$/.exec(source.data.slice(-2))![0].length;
  const bytes = Math.floor((source.data.length * 3) / 4) - padding;
  const facts = readImageHeader(Buffer.from(source.data.slice(0, MAX_HEADER_CHARS), 'base64'));
  const size = facts ? `${facts.width}x${facts.height} pixels` : 'of unknown size';
  const note = facts && facts.mediaType !== source.mediaType ? ` (its header says ${facts.mediaType})` : '';
  return `${source.mediaType}${note}, ${bytes} bytes, ${size}`;
}

const DEFAULT_THINKING_WORDS = 24;

function think(context: SpeechContext): ThinkingPart[] {
  const { chat, model, prompt, random } = context;
  const usual = model.speaker === 'thinker' && chat.reasoning?.mode !== 'off' ? DEFAULT_THINKING_WORDS : 0;
  const words = Math.min(prompt.directive.thinking ?? usual, chat.reasoning?.budgetTokens ?? Infinity);
  if (words === 0) return [];
  const text = writeThought(random, prompt.text, words);
  const { signer } = context;
  return [
    { type: 'thinking', text, ...(signer && { signature: { format: signer, value: signThought(text) } }) },
  ];
}

const SIGNATURE_START = 'c2FuZGJveC';

/** Proof that this thought came from the sandbox as it stands. */
function signThought(text: string): string {
  return SIGNATURE_START + createHash('sha256').update(text).digest('base64');
}

/**
 * Path of the first thought that carries a sandbox signature but not the text it was made for, or of the first
 * part with state of another format's models: what vendors refuse too, so a gateway that damages thoughts or
 * sends them to strangers is caught. Other signatures of this format are left alone, as are thoughts whose text
 * was withheld.
 */
export function findForgedThought(chat: ChatRequest, format: FormatId): string | undefined {
  for (const [turnIndex, turn] of chat.turns.entries()) {
    for (const [partIndex, part] of turn.parts.entries()) {
      if (isForeign(part, format)) return `messages[${turnIndex}].content[${partIndex}]`;
      if (part.type !== 'thinking' || part.text === '') continue;
      const { value = '' } = part.signature ?? {};
      if (value.startsWith(SIGNATURE_START) && value !== signThought(part.text))
        return `messages[${turnIndex}].content[${partIndex}]`;
    }
  }
  return undefined;
}

function isForeign(part: ChatPart, format: FormatId): boolean {
  if (part.type !== 'thinking' && part.type !== 'redacted-thinking' && part.type !== 'tool-call')
    return false;
  const state = part.type === 'redacted-thinking' ? part.data : part.signature;
  return state !== undefined && (state.format !== format || isDamagedSeal(state));
}
