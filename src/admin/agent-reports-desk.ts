/** The desk for what agents report, on top of the registry: one workspace. */
import type { Clock } from '../base/clock.ts';
import type { WorkspaceId } from '../base/ids.ts';
import { addEvent, beat, listEvents } from '../registry/agent-events.ts';
import { changeTask, createTask, findTask, listTasks } from '../registry/agent-tasks.ts';
import { findAgent } from '../registry/agents.ts';
import type { Store } from '../store/store.ts';
import type { ReportDesk } from './deps-agents.ts';

export interface ReportMeans {
  readonly store: Store;
  readonly workspaceId: WorkspaceId;
  readonly clock: Clock;
  /** A file declares an agent of this name. */
  isOfFile(name: string): boolean;
}

export function createReportDesk({ store, workspaceId, clock, isOfFile }: ReportMeans): ReportDesk {
  return {
    async find(which) {
      const agent = await findAgent(store, which, workspaceId);
      if (agent) return { kind: 'found', agent };
      return { kind: isOfFile(which) ? 'declared' : 'unknown' };
    },
    beat: (agent, message) => beat(store, agent, message, clock.now()),
    heartbeats: (agent, page) => listEvents(store, agent, { ...page, taskId: undefined }),
    tasks: (agent, page) => listTasks(store, agent, page),
    task: (agent, taskId) => findTask(store, agent, taskId),
    createTask: (agent, terms) => createTask(store, agent, terms, clock.now()),
    async changeTask(agent, taskId, change) {
      const outcome = await changeTask(store, agent, taskId, change, clock.now());
      return outcome.kind === 'unknown' ? undefined : outcome;
    },
    events: (agent, taskId, page) => listEvents(store, agent, { ...page, taskId }),
    addEvent: (agent, taskId, report) => addEvent(store, agent, taskId, report, clock.now()),
  };
}
