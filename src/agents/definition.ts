/** What is declared of prompts, agents and pipelines, read from files. Plain data; nothing in it is ever executed. */
import type { PromptId } from '../base/prompt-id.ts';

/** Whose file it is: the project's come before the user's. */
export type Side = 'project' | 'user';

/** A Markdown prompt file: of an agent, a command, a skill or a hook. */
export interface PromptDefinition {
  readonly id: PromptId;
  readonly file: string;
  readonly side: Side;
  /** What follows the frontmatter. */
  readonly text: string;
  /** As the frontmatter has it; also a word of Claude Code's own such as `inherit`. */
  readonly model: string | undefined;
  /** Model refs to try after it. */
  readonly fallback: readonly string[];
  readonly description: string | undefined;
}

/** An entry of `agents` in agents.yaml. */
export interface AgentDefinition {
  readonly name: string;
  readonly description: string;
  readonly defaultModel: string | undefined;
  readonly systemPromptAdditions: string | undefined;
  readonly executor: string | undefined;
  readonly file: string;
  readonly side: Side;
}

export type StepDefinition =
  | {
      readonly type: 'agent';
      /** Name of an agent. */
      readonly agent: string;
      /** A model ref. */
      readonly model: string | undefined;
      readonly description: string | undefined;
    }
  /** A person says whether it goes on. */
  | { readonly type: 'approval'; readonly description: string | undefined };

/** An entry of `pipelines` in agents.yaml. */
export interface PipelineDefinition {
  readonly name: string;
  readonly steps: readonly StepDefinition[];
  readonly file: string;
  readonly side: Side;
}

/** What is wrong with a file, for people. What else is right in it counts. */
export interface DefinitionProblem {
  readonly file: string;
  /** From 1; undefined = it is about the whole file or folder. */
  readonly line: number | undefined;
  readonly reason: string;
}

export interface Definitions {
  /** Each id once, the project's first. */
  readonly prompts: readonly PromptDefinition[];
  /** Each name once, the project's first. */
  readonly agents: readonly AgentDefinition[];
  readonly pipelines: readonly PipelineDefinition[];
  readonly problems: readonly DefinitionProblem[];
}

/** Nothing is declared. */
export const noDefinitions: Definitions = { prompts: [], agents: [], pipelines: [], problems: [] };

/** `file:line: reason`, for logs. */
export function problemText({ file, line, reason }: DefinitionProblem): string {
  return `${file}${line === undefined ? '' : `:${line}`}: ${reason}`;
}
