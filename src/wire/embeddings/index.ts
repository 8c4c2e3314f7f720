/** The shapes of embeddings calls; a new one is a file and a line here. */
import type { EmbeddingShape, EmbeddingShapeId } from './embedding.ts';
import { geminiBatchEmbed, geminiEmbed } from './gemini.ts';
import { ollamaEmbed, ollamaEmbeddings } from './ollama.ts';
import { openaiEmbeddings } from './openai.ts';

export type {
  EmbeddingContext,
  EmbeddingEncoding,
  EmbeddingInput,
  EmbeddingReply,
  EmbeddingRequest,
  EmbeddingShape,
  EmbeddingShapeId,
  EmbeddingVector,
} from './embedding.ts';
export { collectionName } from './gemini.ts';
export { vectorBase64, vectorNumbers } from './vectors.ts';

export const embeddingShapes = {
  'openai-embeddings': openaiEmbeddings,
  'gemini-embed': geminiEmbed,
  'gemini-batch-embed': geminiBatchEmbed,
  'ollama-embed': ollamaEmbed,
  'ollama-embeddings': ollamaEmbeddings,
} satisfies Readonly<Record<EmbeddingShapeId, EmbeddingShape>>;
