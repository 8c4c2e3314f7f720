/** What the declared prompts, agents and pipelines say of models, as the layers of choosing have it. */
import { promptIdText } from '../base/prompt-id.ts';
import type { PromptRules, Rule, StepRule } from '../route/layers.ts';
import type { Definitions, PipelineDefinition, PromptDefinition } from './definition.ts';

export interface DeclaredRules {
  readonly frontmatter: PromptRules;
  /** `default_model` of agents.yaml. */
  readonly agents: PromptRules;
  readonly pipelines: ReadonlyMap<string, readonly StepRule[]>;
}

/** Claude Code's own words for its models, which it puts into the request itself; `[1m]` asks for a larger window. */
const OWN_WORDS = /^(?:sonnet|opus|haiku|opusplan|default)(?:\[\w+\])?$/i;

/** @param isName true for aliases and routes: `sonnet` may be one of them, and is then no word of Claude Code's */
export function promptRulesOf(definitions: Definitions, isName: (ref: string) => boolean): DeclaredRules {
  const frontmatter = new Map<string, Rule>();
  for (const prompt of definitions.prompts) {
    const rule = frontmatterRule(prompt, isName);
    if (rule) frontmatter.set(promptIdText(prompt.id), rule);
  }
  const agents = new Map<string, Rule>();
  for (const { name, defaultModel: ref, file } of definitions.agents) {
    if (ref !== undefined)
      agents.set(promptIdText({ kind: 'agent', name }), { ref, source: `${file}, agent ${name}` });
  }
  return {
    frontmatter: { exact: frontmatter, wide: new Map() },
    agents: { exact: agents, wide: new Map() },
    pipelines: new Map(definitions.pipelines.map((pipeline) => [pipeline.name, stepRulesOf(pipeline)])),
  };
}

function frontmatterRule(
  { model, fallback, file }: PromptDefinition,
  isName: (ref: string) => boolean,
): Rule | undefined {
  const isTheirs = model === undefined || model === 'inherit' || (OWN_WORDS.test(model) && !isName(model));
  // Whatever model it is then, this is what may be tried after it.
  if (isTheirs) return fallback.length > 0 ? { ref: 'inherit', source: file, fallback } : undefined;
  return { ref: model, source: file, ...(fallback.length > 0 && { fallback }) };
}

function stepRulesOf({ name: pipeline, steps, file }: PipelineDefinition): StepRule[] {
  return steps.map((step, at) => {
    const agent = step.type === 'agent' ? step.agent : undefined;
    const model = step.type === 'agent' ? step.model : undefined;
    const source = `${file}, pipeline ${pipeline}, step ${at + 1}`;
    return {
      name: step.description ?? agent ?? 'approval',
      agent,
      rule: model === undefined ? undefined : { ref: model, source },
    };
  });
}
