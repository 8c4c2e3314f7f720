/** Names of agents, the ways of a task, and when an agent counts as there. */
import { describe, expect, it } from 'vitest';
import { isAgentName, isEnded, mayFollow, presenceOf, TASK_STATES, type TaskState } from './agent.ts';

describe('a name', () => {
  it.each(['coder', 'oss:code-reviewer', 'a', 'x'.repeat(100), 'team/agent.v2', 'agent', '**'])(
    '%s is one',
    (name) => expect(isAgentName(name)).toBe(true),
  );
  it.each([
    '',
    '*',
    'two words',
    'a,b',
    'x'.repeat(101),
    'agt_1',
    'command:ship',
    'commands:ship',
    'agent:coder',
    'Skill:pdf',
    'zoë',
    'a\nb',
    'a\u0000',
  ])('%j is none', (name) => expect(isAgentName(name)).toBe(false));
});

describe('a task', () => {
  const allowed: Readonly<Record<TaskState, readonly TaskState[]>> = {
    queued: ['queued', 'running', 'done', 'failed', 'cancelled'],
    running: ['running', 'done', 'failed', 'cancelled'],
    done: ['done'],
    failed: ['failed'],
    cancelled: ['cancelled'],
  };
  it.each(TASK_STATES)('goes from %s only forward', (before) => {
    expect(TASK_STATES.filter((after) => mayFollow(before, after))).toEqual(allowed[before]);
    expect(isEnded(before)).toBe(allowed[before].length === 1);
  });
});

it.each([
  [undefined, 'offline'],
  [0, 'online'],
  [89_999, 'online'],
  [90_000, 'idle'],
  [899_999, 'idle'],
  [900_000, 'offline'],
  // A clock that went back.
  [-5_000, 'online'],
])('silent for %s ms it is %s', (silenceMs, presence) => {
  const now = 10_000_000;
  expect(presenceOf(silenceMs === undefined ? undefined : now - silenceMs, now)).toBe(presence);
});
