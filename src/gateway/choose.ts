/** Which model a chat gets: the prompt it belongs to, then the layers that may say so, highest first. */
import type { WorkspaceId } from '../base/ids.ts';
import { bookedAgent, type PromptId, parsePromptId, promptIdText } from '../base/prompt-id.ts';
import { type Refusal, refuse } from '../base/refusal.ts';
import type { KeyRecord } from '../registry/keys.ts';
import type { Choice, ChoiceInput, ModelRules, Rule } from '../route/layers.ts';
import { choose } from '../route/precedence.ts';
import type { ValueSpan } from '../wire/walk.ts';
import type { ChooseModel } from './ask.ts';
import type { Exchange, PromptSource } from './exchange.ts';

interface FoundPrompt {
  readonly id: PromptId;
  readonly by: PromptSource;
}

type PromptResult =
  | { readonly ok: true; readonly found: FoundPrompt | undefined }
  | { readonly ok: false; readonly refusal: Refusal };

/** For a chat: notes on the exchange how its model came to be, and under whom it is booked. */
export function chooseModel(
  exchange: Exchange,
  body: Buffer,
  requested: string | undefined,
  fields: ReadonlyMap<string, ValueSpan>,
): ReturnType<ChooseModel> {
  const { snapshot, labels } = exchange;
  const key = exchange.key!;
  const prompt = promptOf(exchange, body, fields);
  if (!prompt.ok) return prompt;
  const { found } = prompt;
  const asked: ChoiceInput = {
    workspaceId: key.workspaceId,
    memberId: key.memberId,
    explicit: labels.modelOverride,
    pipeline: labels.pipeline,
    step: labels.step,
    prompt: found?.id,
    request: requested,
    key: keyRule(key),
  };
  const { choice, input, promptBy } = askLayers(snapshot.rules, asked, found?.by);
  bookUnder(exchange, found, choice.prompt);
  if (!choice.ok) return { ok: true, model: undefined };
  exchange.chosen = {
    layer: choice.layer,
    rule: choice.rule,
    input,
    prompt: choice.prompt,
    promptBy,
  };
  return { ok: true, model: choice.ref };
}

export interface LayersAsked {
  readonly choice: Choice;
  /** What they were asked about in the end. */
  readonly input: ChoiceInput;
  readonly promptBy: PromptSource | undefined;
}

/** @param by how the prompt of the request is known; undefined = it belongs to none */
export function askLayers(rules: ModelRules, asked: ChoiceInput, by: PromptSource | undefined): LayersAsked {
  const input = ofStep(rules, asked, by);
  const choice = choose(rules, input);
  return { choice, input, promptBy: choice.prompt === input.prompt ? by : 'step' };
}

/** The agent that a step names is nearer to the request than the one that the key belongs to. */
function ofStep(rules: ModelRules, asked: ChoiceInput, by: PromptSource | undefined): ChoiceInput {
  if (by !== 'key' || asked.step === undefined) return asked;
  const unnamed = { ...asked, prompt: undefined };
  return choose(rules, unnamed).prompt ? unnamed : asked;
}

/** Headers say it, or the client's own agent id where somebody declared that name, or the text, or the key. */
function promptOf(exchange: Exchange, body: Buffer, fields: ReadonlyMap<string, ValueSpan>): PromptResult {
  const { labels, snapshot, format } = exchange;
  if (labels.prompt !== undefined) {
    const id = parsePromptId(labels.prompt);
    if (!id) return { ok: false, refusal: unreadablePrompt };
    return { ok: true, found: { id, by: 'header' } };
  }
  const agent = labels.agent === undefined ? undefined : agentPrompt(labels.agent);
  if (agent && !labels.isClientAgent) return { ok: true, found: { id: agent, by: 'agent-header' } };
  if (agent && isDeclared(snapshot.rules, agent, exchange.key!.workspaceId))
    return { ok: true, found: { id: agent, by: 'client-header' } };
  const read = snapshot.prompts.find(format.id, body, fields);
  if (read) return { ok: true, found: { id: read, by: 'fingerprint' } };
  const { agentId } = exchange.key!;
  return { ok: true, found: agentId === undefined ? undefined : { id: agentPrompt(agentId), by: 'key' } };
}

/** Somebody declared something of this prompt, in a file or in this workspace; else the name is only a label. */
function isDeclared(rules: ModelRules, id: PromptId, workspaceId: WorkspaceId): boolean {
  const { project, user, frontmatter, agents, settings, registry } = rules;
  const name = promptIdText(id);
  for (const said of [project, user, frontmatter, agents, settings.get(workspaceId)])
    if (said?.exact.has(name)) return true;
  return registry.get(workspaceId)?.has(name) === true;
}

const unreadablePrompt = refuse(
  'body_invalid',
  'the header x-turnpike-prompt must be agent:name, command:name, skill:name or hook:name',
  { param: 'x-turnpike-prompt' },
);

function agentPrompt(name: string): PromptId {
  return { kind: 'agent', name };
}

/** The same record for as long as the key is the same. */
const keyRules = new WeakMap<Pick<KeyRecord, 'name'>, Rule>();

export function keyRule(key: Pick<KeyRecord, 'name' | 'defaultModel'>): Rule | undefined {
  if (key.defaultModel === undefined) return undefined;
  let rule = keyRules.get(key);
  if (!rule) {
    rule = { ref: key.defaultModel, source: `key ${key.name}` };
    keyRules.set(key, rule);
  }
  return rule;
}

/**
 * The dimension `agent` of what it costs. A client's word in a header counts as it always did; what is only read out
 * of the text never takes spend away from the agent that the key belongs to.
 */
function bookUnder(exchange: Exchange, found: FoundPrompt | undefined, prompt: PromptId | undefined): void {
  const { labels, key } = exchange;
  if (!prompt || (labels.agent !== undefined && !labels.isClientAgent)) return;
  if (found?.by === 'fingerprint' && key!.agentId !== undefined) return;
  exchange.labels = { ...labels, agent: bookedAgent(prompt), isClientAgent: false };
}

/** A model that leads nowhere was perhaps not the client's own word: who named it is said. */
export function chosenRefusal({ chosen }: Pick<Exchange, 'chosen'>, refusal: Refusal): Refusal {
  if (!chosen || chosen.layer === 'request' || chosen.layer === 'explicit') return refusal;
  return { ...refusal, message: `${refusal.message} (named by ${chosen.rule.source})` };
}
