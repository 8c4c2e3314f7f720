/** One part of another format's turn as this format can say it. */
import type { CacheMark, ChatPart, ChatRole, DocumentPart, ImagePart, TextPart } from '../chat.ts';
import { defined } from '../json.ts';
import { isOpenaiFile } from '../openai-files.ts';
import type { Warn } from '../own-extra.ts';
import type { ModelTraits } from './models.ts';
import { warnExtra } from './own.ts';
import { ownState } from './reasoning-item.ts';

export interface PartPlace {
  readonly role: ChatRole;
  readonly path: string;
  readonly traits: ModelTraits;
  readonly warn: Warn;
}

/** Nothing, the part, or a text in its place. Calls and results are the turn's affair and have gone by already. */
export function adaptPart(part: ChatPart, place: PartPlace): ChatPart[] {
  const { path, warn } = place;
  if (part.type !== 'opaque') warnExtra(part.extra, `${path}.extra`, warn);
  const drop = (note: string): ChatPart[] => {
    warn({ kind: 'dropped', path, note });
    return [];
  };
  const isSaid = place.role === 'assistant';
  switch (part.type) {
    case 'text':
      return part.text === '' ? [] : [withMark({ type: 'text', text: part.text }, part.cache, place)];
    case 'refusal':
      return [withMark({ type: isSaid ? 'refusal' : 'text', text: part.text }, part.cache, place)];
    case 'image':
      if (isSaid || !isSendable(part))
        return drop(`an image of kind ${part.source.kind} cannot be sent here`);
      return [withMark(adaptImage(part), part.cache, place)];
    case 'document':
      if (isSaid || !isSendable(part))
        return drop(`a document of kind ${part.source.kind} cannot be sent here`);
      return [withMark(adaptDocument(part, place), part.cache, place)];
    case 'thinking':
    case 'redacted-thinking': {
      const signature = ownState(part);
      if (!signature) return drop('thinking of another maker is not taken here');
      return [{ type: 'thinking', text: part.type === 'thinking' ? part.text : '', signature }];
    }
    case 'audio':
      return drop('audio cannot be sent here');
    case 'opaque':
      return drop(`only ${part.format} knows this block`);
    case 'tool-call':
    case 'tool-result':
      return drop(`a ${part.type} has no place here`);
    default:
      return part satisfies never;
  }
}

/** The mark, where the model takes one and the place has room for it. */
function withMark<T extends ChatPart>(part: T, cache: CacheMark | undefined, place: PartPlace): T {
  if (!cache) return part;
  const { path, role, traits, warn } = place;
  if (!traits.takesCacheMarks || role === 'assistant') {
    const note = traits.takesCacheMarks
      ? 'what the assistant said takes no mark'
      : 'prompts are cached without marks here';
    warn({ kind: 'dropped', path: `${path}.cache`, note });
    return part;
  }
  if (cache.ttl !== undefined) {
    warn({ kind: 'approximated', path: `${path}.cache.ttl`, note: 'kept for as long as all are here' });
  }
  return { ...part, cache: {} };
}

function isSendable({ source }: ImagePart | DocumentPart): boolean {
  return source.kind !== 'file' || isOpenaiFile(source);
}

const DETAILS: readonly unknown[] = ['low', 'high', 'auto', 'original'];

function adaptImage({ source, detail }: ImagePart): ImagePart | TextPart {
  if (source.kind === 'text') return { type: 'text', text: source.text };
  return defined<ImagePart>({ type: 'image', source, detail: DETAILS.includes(detail) ? detail : undefined });
}

/** A text is sent as a text; a file of bytes must have a name. */
function adaptDocument({ source, title }: DocumentPart, { path, warn }: PartPlace): DocumentPart | TextPart {
  switch (source.kind) {
    case 'text':
      return { type: 'text', text: title === undefined ? source.text : `${title}\n\n${source.text}` };
    case 'base64': {
      if (source.mediaType.startsWith('text/')) {
        warn({ kind: 'approximated', path, note: 'sent as the text it holds' });
        return { type: 'text', text: Buffer.from(source.data, 'base64').toString('utf8') };
      }
      return {
        type: 'document',
        source,
        title: title ?? `document.${source.mediaType.split('/')[1] ?? 'pdf'}`,
      };
    }
    case 'url':
    case 'file':
      if (title !== undefined) {
        warn({ kind: 'dropped', path: `${path}.title`, note: 'only a file of bytes has a name here' });
      }
      return { type: 'document', source };
    default:
      return source satisfies never;
  }
}
