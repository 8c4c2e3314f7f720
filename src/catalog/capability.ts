/**
 * What is known of a model's capabilities: yes, no, or nothing. From what its data say, else from the rules of its
 * family.
 */
import { families, noChats } from './families.ts';
import { CAPABILITIES, type Capability, type Catalog, type Model } from './model.ts';

/** What is known; what is not named is not. */
export type Knowledge = Readonly<Partial<Record<Capability, boolean>>>;

/** undefined = not known, which is not no. */
export function knowsCapability(
  { capabilities, lacks }: Pick<Model, 'capabilities' | 'lacks'>,
  capability: Capability,
): boolean | undefined {
  if (capabilities.includes(capability)) return true;
  return lacks?.includes(capability) ? false : undefined;
}

/** Of a model that somebody serves under this name, whether the catalog lists it or not. */
export function knowledgeOf(
  catalog: Catalog,
  catalogProvider: string,
  modelId: string,
): (capability: Capability) => boolean | undefined {
  const model = catalog.find(catalogProvider, modelId) ?? asModel(familyKnowledge(modelId));
  return (capability) => knowsCapability(model, capability);
}

/** As a model has it. */
export function asModel(knowledge: Knowledge): Pick<Model, 'capabilities' | 'lacks'> {
  return {
    capabilities: CAPABILITIES.filter((capability) => knowledge[capability] === true),
    lacks: CAPABILITIES.filter((capability) => knowledge[capability] === false),
  };
}

/** What the name of a model tells. */
export function familyKnowledge(modelId: string): Knowledge {
  const id = bareId(modelId);
  const family = families.find((row) => row.id.test(id));
  if (!family) return {};
  const { has, open = [] } = family;
  return Object.fromEntries(
    CAPABILITIES.filter((capability) => !open.includes(capability) || has.includes(capability)).map(
      (capability) => [capability, has.includes(capability)],
    ),
  );
}

/** As far as its name tells. */
export function isChatModel(modelId: string): boolean {
  const id = bareId(modelId);
  return !noChats.some((row) => row.id.test(id));
}

/** Maker's names as Bedrock puts them before a model, maybe with a part of the world before that. */
const BEDROCK_MAKER =
  /^(?:[a-z]{2,6}(?:-gov)?\.)?(?:ai21|amazon|anthropic|cohere|deepseek|google|meta|minimax|mistral|moonshot|nvidia|openai|qwen|writer|zai)\./;

/** `openrouter`'s `~anthropic/claude-…`, Fireworks' `accounts/…/models/…`, Bedrock's `us.anthropic.…`, `ft:gpt-…`: the model's own name. */
function bareId(modelId: string): string {
  const id = modelId.toLowerCase();
  return id
    .slice(id.lastIndexOf('/') + 1)
    .replace(BEDROCK_MAKER, '')
    .replace(/^ft:/, '');
}
