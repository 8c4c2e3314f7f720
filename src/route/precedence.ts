/**
 * Which model a request gets: its layers are asked from the highest to the lowest, and the first that names one wins.
 * `choose` and `consult` make the same walk, so what `explain` prints cannot differ from what the router did. Pure.
 */
import { type PromptId, promptIdText } from '../base/prompt-id.ts';
import {
  type Choice,
  type ChoiceInput,
  type Consulted,
  LAYERS,
  type Layer,
  type ModelRules,
  type PromptRules,
  type Rule,
  type StepRule,
} from './layers.ts';

/** In place of a model: this place leaves the choice to the layers below it. */
export const INHERIT = 'inherit';

/** Where the model of the layer `request` is written. */
export const REQUEST_SOURCE = 'the request';

/** What the layers are asked about: the request, and what is found once for all of them. */
interface Asked {
  readonly rules: ModelRules;
  readonly input: ChoiceInput;
  readonly step: StepRule | undefined;
  readonly prompt: PromptId | undefined;
  /** Its id as rules are filed under; '' = the request belongs to no prompt. */
  readonly promptText: string;
}

/** A layer's own answer, before it is judged whether it names a model at all. */
const answers: Readonly<Record<Layer, (asked: Asked) => Rule | undefined>> = {
  explicit: ({ input }) => written(input.explicit, 'x-turnpike-model'),
  step: ({ step }) => step?.rule,
  setting: ofSettings,
  project: (asked) => ofPrompt(asked.rules.project, asked),
  user: (asked) => ofPrompt(asked.rules.user, asked),
  frontmatter: (asked) => ofPrompt(asked.rules.frontmatter, asked),
  agent: (asked) => ofRegistry(asked) ?? ofPrompt(asked.rules.agents, asked),
  request: ({ input }) => written(input.request, REQUEST_SOURCE),
  key: ({ input }) => input.key,
  workspace: ({ rules, input }) => rules.workspaces.get(input.workspaceId),
  default: ({ rules }) => rules.default,
};

/** The model of the highest layer that names one. Asked for each request: nothing is gathered on the way. */
export function choose(rules: ModelRules, input: ChoiceInput): Choice {
  const asked = ask(rules, input);
  let inherited: readonly string[] | undefined;
  for (const layer of LAYERS) {
    const said = answers[layer](asked);
    if (!said) continue;
    if (namesModel(said.ref)) {
      // Who leaves the model to others may still say what to try after it.
      const rule = inherited && !said.fallback ? { ...said, fallback: inherited } : said;
      return { ok: true, ref: said.ref.trim(), layer, rule, prompt: asked.prompt };
    }
    inherited ??= said.fallback;
  }
  return { ok: false, prompt: asked.prompt };
}

/** Every layer, highest first, with what it says of this request, those below the winner too. */
export function consult(rules: ModelRules, input: ChoiceInput): readonly Consulted[] {
  const asked = ask(rules, input);
  return LAYERS.map((layer) => {
    const said = answers[layer](asked);
    const rule = said && namesModel(said.ref) ? said : undefined;
    return { layer, ref: rule?.ref.trim(), source: rule?.source };
  });
}

function ask(rules: ModelRules, input: ChoiceInput): Asked {
  const step = findStep(rules, input);
  // A request that says which prompt it is knows better than the plan of its pipeline.
  const prompt = input.prompt ?? (step?.agent ? { kind: 'agent', name: step.agent } : undefined);
  return { rules, input, step, prompt, promptText: prompt ? promptIdText(prompt) : '' };
}

/** By its number from 1; else by its name, else by its agent: the first of several. */
function findStep({ pipelines }: ModelRules, { pipeline, step }: ChoiceInput): StepRule | undefined {
  if (pipeline === undefined || step === undefined) return undefined;
  const steps = pipelines.get(pipeline.trim());
  const text = step.trim();
  if (/^\d+$/.test(text)) return steps?.[Number(text) - 1];
  return steps?.find(({ name }) => name === text) ?? steps?.find(({ agent }) => agent === text);
}

function namesModel(ref: string): boolean {
  const text = ref.trim();
  return text !== '' && text !== INHERIT;
}

/** The exact id before the rule for its kind; an exact `inherit` thus takes one prompt out of the rule for its kind. */
function ofPrompt(said: PromptRules | undefined, { prompt, promptText }: Asked): Rule | undefined {
  if (!said || !prompt) return undefined;
  return said.exact.get(promptText) ?? said.wide.get(prompt.kind);
}

/** The member's own word first; where it leaves the model to others it may still say what to try after it. */
function ofSettings(asked: Asked): Rule | undefined {
  const { workspaceId, memberId } = asked.input;
  const own = memberId === undefined ? undefined : asked.rules.members.get(memberId);
  if (own && namesModel(own.ref)) return own;
  const said = ofPrompt(asked.rules.settings.get(workspaceId), asked);
  if (!own?.fallback || !said) return said ?? own;
  return said.fallback ? said : { ...said, fallback: own.fallback };
}

function ofRegistry({ rules, input, promptText }: Asked): Rule | undefined {
  return rules.registry.get(input.workspaceId)?.get(promptText);
}

function written(ref: string | undefined, source: string): Rule | undefined {
  return ref === undefined ? undefined : { ref, source };
}
