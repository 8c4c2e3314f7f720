/** What only one format understands of a chat: read back by that format, named in warnings by every other. */
import type { ChatPart, Extra, FormatId, JsonObject, TextPart, Warning } from './chat.ts';

export type Warn = (warning: Warning) => void;

/** The extras of a chat as one format sees them. */
export interface OwnExtra {
  /** The fields of an extra that came from this format; none of another's. */
  ownFields(extra: Extra | undefined): JsonObject;
  ownSpelling(extra: Extra | undefined): JsonObject;
  /** One warning for each field only another format understands. */
  warnExtra(extra: Extra | undefined, path: string, warn: Warn): void;
}

const NOTHING: JsonObject = Object.freeze({});

export function createOwnExtra(own: FormatId): OwnExtra {
  return {
    ownFields: (extra) => (extra?.format === own ? extra.fields : NOTHING),
    ownSpelling: (extra) => (extra?.format === own ? (extra.spelling ?? NOTHING) : NOTHING),
    warnExtra(extra, path, warn) {
      if (!extra || extra.format === own) return;
      for (const field of Object.keys(extra.fields)) {
        warn({ kind: 'dropped', path: `${path}.${field}`, note: `only ${extra.format} knows this field` });
      }
    },
  };
}

/** A text that says something, without a mark and without fields of one format: any format takes it as it is. */
export function isPlainText(part: ChatPart): part is TextPart {
  return part.type === 'text' && part.text !== '' && part.cache === undefined && part.extra === undefined;
}
