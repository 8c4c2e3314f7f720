/** The list of models as Ollama's clients read it. */
import { createHash } from 'node:crypto';
import type { JsonObject } from '../chat.ts';

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
      // `ollama list` shows the first twelve digits, and breaks off where there are fewer.
      digest: createHash('sha256').update(id).digest('hex'),
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
