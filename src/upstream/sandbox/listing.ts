/** The lists of models and the token counts the simulated upstream answers with, each in its vendor's shape. */
import type { FormatId, JsonObject } from '../../wire/chat.ts';
import { type SandboxModel, sandboxModels } from './models.ts';

/** A fixed day: lists are the same at every start. */
const CREATED_AT_S = 1_735_689_600;
const CREATED_AT = '2025-01-01T00:00:00Z';

type ListShape = 'v1' | 'v1beta' | 'tags';

const lists: Readonly<Record<ListShape, () => JsonObject>> = {
  // Fields of OpenAI's and Anthropic's lists side by side: clients of both read it.
  v1: () => ({
    object: 'list',
    data: sandboxModels.map((model) => ({
      id: model.id,
      object: 'model',
      created: CREATED_AT_S,
      owned_by: 'sandbox',
      type: 'model',
      display_name: model.name,
      created_at: CREATED_AT,
    })),
    has_more: false,
    first_id: sandboxModels[0]!.id,
    last_id: sandboxModels.at(-1)!.id,
  }),
  v1beta: () => ({ models: sandboxModels.map(geminiModel) }),
  tags: () => ({
    models: sandboxModels.map((model) => ({
      name: model.id,
      model: model.id,
      modified_at: CREATED_AT,
      size: 0,
    })),
  }),
};

function geminiModel(model: SandboxModel): JsonObject {
  return {
    name: `models/${model.id}`,
    displayName: model.name,
    description: model.does,
    inputTokenLimit: model.contextWindow,
    outputTokenLimit: model.maxOutputTokens,
    supportedGenerationMethods: ['generateContent', 'countTokens'],
  };
}

export function listModels(shape: ListShape): JsonObject {
  return lists[shape]();
}

/** The answer to a count of input tokens. */
export function tokenCount(format: FormatId, tokens: number): JsonObject {
  if (format === 'gemini-generate') return { totalTokens: tokens };
  if (format === 'openai-responses') return { object: 'response.input_tokens', input_tokens: tokens };
  return { input_tokens: tokens };
}
