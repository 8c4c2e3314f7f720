/** The list of models as Ollama's clients read it. */
import type { JsonObject } from '../chat.ts';
import { HASH_CHARS, hashText } from '../hash-text.ts';

export interface TagRow {
  /** The model's name as a request says it. */
  readonly id: string;
  /** Epoch milliseconds. */
  readonly createdAtMs: number;
}

/** Answer to `GET /api/tags`. Nothing is known of a file behind a model, so its size is 0 and its details are empty. */
export function renderTags(rows: readonly TagRow[]): JsonObject {
  return {
    models: rows.map(({ id, createdAtMs }) => ({
      name: id,
      model: id,
      modified_at: new Date(createdAtMs).toISOString(),
      size: 0,
      digest: digestOf(id),
      details: {
        parent_model: '',
        format: '',
        family: '',
        families: [],
        parameter_size: '',
        quantization_level: '',
      },
    })),
  };
}

const DIGEST_CHARS = 64;

/** There is no file to take it of, but `ollama list` shows its first twelve digits, and breaks off where there are fewer. */
function digestOf(id: string): string {
  const pieces = Array.from({ length: DIGEST_CHARS / HASH_CHARS }, (_, seed) => hashText(id, seed));
  return pieces.join('');
}
