/** What the resources of agents stand on. */
import type { AgentEventId, Presence, TaskId, TaskState } from '../base/agent.ts';
import type { AgentSpend } from '../ledger/analytics/agents.ts';
import type { AgentEventRecord, Report } from '../registry/agent-events.ts';
import type { TaskChange, TaskRecord, TaskTerms } from '../registry/agent-tasks.ts';
import type {
  AgentBudgetTerms,
  AgentChange,
  AgentPlace,
  AgentRecord,
  AgentTerms,
} from '../registry/agents.ts';
import type { BudgetFacts } from './deps-budgets.ts';
import type { RuleFacts } from './deps-routing.ts';

/** An agent that files declare: in agents.yaml, as a prompt file, or both. */
export interface FileAgent {
  readonly name: string;
  readonly description?: string;
  /** The first that names it. */
  readonly file: string;
}

export type AgentOrigin =
  | { readonly source: 'registry'; readonly record: AgentRecord }
  | { readonly source: 'file'; readonly agent: FileAgent };

export interface AgentFacts {
  readonly origin: AgentOrigin;
  readonly name: string;
  /** What an operator prefers; absent = the layers say. */
  readonly preferredModel?: string;
  /** What a request of it gets that names no model itself. */
  readonly effective: RuleFacts['effective'];
  /** Why that leads nowhere; undefined = it leads somewhere. */
  readonly problem: string | undefined;
  /** Its last heartbeat or booked request, whichever was later; undefined = there was neither. */
  readonly seenAtMs: number | undefined;
  readonly presence: Presence;
  /** Of everything that was booked under its name. */
  readonly spend: AgentSpend;
}

export interface WholeAgentFacts extends AgentFacts {
  readonly systemPrompt?: string;
  /** Those of its own, not those that hold for each agent. */
  readonly budgets: readonly BudgetFacts[];
}

export interface AgentSearch {
  readonly after: AgentPlace | undefined;
  /** In the name, in any case. */
  readonly text: string | undefined;
  readonly source: AgentOrigin['source'] | undefined;
  readonly presence: Presence | undefined;
  readonly withArchived: boolean;
  readonly limit: number;
}

export type AgentAnswer =
  | { readonly kind: 'done'; readonly facts: WholeAgentFacts }
  /** `declared`: a file says what it is. */
  | { readonly kind: 'unknown' | 'archived' | 'declared' | 'name_taken' | 'budget_taken' | 'too_many' }
  /** The model leads nowhere. */
  | { readonly kind: 'unreachable'; readonly message: string };

/** `which` is an id, or the name of one that is not archived. */
export interface AgentDesk {
  /** By name. */
  list(search: AgentSearch): Promise<readonly AgentFacts[]>;
  find(which: string): Promise<WholeAgentFacts | undefined>;
  /** @param force also where its model leads nowhere now */
  create(
    terms: AgentTerms,
    budgets: readonly AgentBudgetTerms[],
    how: { readonly by: string; readonly force: boolean },
  ): Promise<AgentAnswer>;
  change(which: string, change: AgentChange): Promise<AgentAnswer>;
  /** @param ref undefined = the layers say which */
  prefer(which: string, ref: string | undefined, force: boolean): Promise<AgentAnswer>;
  archive(which: string): Promise<AgentAnswer>;
  readonly reports: ReportDesk;
}

/** Who a report is about. */
export type Reporter =
  | { readonly kind: 'found'; readonly agent: AgentRecord }
  | { readonly kind: 'unknown' | 'archived' | 'declared' };

export interface EventPage {
  readonly before: AgentEventId | undefined;
  readonly limit: number;
}

export interface ReportDesk {
  /** For reading; archived ones are found by their id. */
  find(which: string): Promise<Reporter>;
  /** @param isOwn it is the agent's own word, by which it is there */
  beat(agent: AgentRecord, message: string | undefined): Promise<void>;
  heartbeats(agent: AgentRecord, page: EventPage): Promise<readonly AgentEventRecord[]>;
  tasks(
    agent: AgentRecord,
    page: {
      readonly before: TaskId | undefined;
      readonly state: TaskState | undefined;
      readonly limit: number;
    },
  ): Promise<readonly TaskRecord[]>;
  task(agent: AgentRecord, taskId: string): Promise<TaskRecord | undefined>;
  /** undefined = it has too many that have not ended. */
  createTask(agent: AgentRecord, terms: TaskTerms): Promise<TaskRecord | undefined>;
  /** undefined = it has no such task. */
  changeTask(
    agent: AgentRecord,
    taskId: string,
    change: TaskChange,
  ): Promise<{ readonly kind: 'done' | 'fixed'; readonly task: TaskRecord } | undefined>;
  events(agent: AgentRecord, taskId: TaskId, page: EventPage): Promise<readonly AgentEventRecord[]>;
  addEvent(agent: AgentRecord, taskId: TaskId, report: Report): Promise<AgentEventRecord>;
}
