/** Workspaces: the caller's own, the one it acts in, and for operators all of them. */
import { z } from '@hono/zod-openapi';
import { type Refusal, refuse } from '../base/refusal.ts';
import type { WorkspaceOutcome } from '../registry/workspaces.ts';
import { type Caller, callerOf } from './caller.ts';
import type { AdminApp, AdminDeps } from './deps.ts';
import type { WorkspaceDesk } from './deps-members.ts';
import { json, Name, RoleName, renderWorkspace, WorkspaceBody } from './member-fields.ts';
import { denied, problemOf, problemResponse } from './problem.ts';
import { adminRoute } from './route.ts';

const OwnWorkspace = z
  .strictObject({
    ...WorkspaceBody.shape,
    role: RoleName.nullable().openapi({ description: 'The caller\u2019s; null = it is no member of it' }),
    isCurrent: z.boolean().openapi({ description: 'The one that this request acted in' }),
  })
  .openapi('OwnWorkspace');
export const WorkspaceList = z.strictObject({ workspaces: z.array(OwnWorkspace) }).openapi('WorkspaceList');
export type WorkspaceList = z.infer<typeof WorkspaceList>;

export const NewWorkspaceBody = z.strictObject({ name: Name }).openapi('NewWorkspace');
export type NewWorkspaceBody = z.infer<typeof NewWorkspaceBody>;

const params = z.strictObject({ id: z.string().max(100) });
const wanted = { body: { required: true, ...json('The workspace', NewWorkspaceBody) } };
const changed = {
  404: problemResponse('record_unknown'),
  409: problemResponse('workspace_fixed'),
  ...denied,
};

const listRoute = adminRoute('person', {
  method: 'get',
  path: '/workspaces',
  summary: 'The workspaces the caller may act in, the one used last first; for operators all',
  responses: { 200: json('The workspaces', WorkspaceList), ...denied },
});
const createWorkspaceRoute = adminRoute('operator', {
  method: 'post',
  path: '/workspaces',
  summary: 'Make a workspace; a person who does so owns it',
  request: wanted,
  responses: { 201: json('The workspace', WorkspaceBody), 400: problemResponse('body_invalid'), ...denied },
});
const currentRoute = adminRoute('viewer', {
  method: 'get',
  path: '/workspaces/current',
  summary: 'The workspace that this request acts in',
  responses: {
    200: json('The workspace', WorkspaceBody),
    404: problemResponse('record_unknown'),
    ...denied,
  },
});
const renameRoute = adminRoute('admin', {
  method: 'patch',
  path: '/workspaces/current',
  summary: 'Give the workspace that this request acts in another name',
  request: wanted,
  responses: {
    200: json('The workspace as it is now', WorkspaceBody),
    400: problemResponse('body_invalid'),
    404: problemResponse('record_unknown'),
    ...denied,
  },
});
const removeCurrentRoute = adminRoute('owner', {
  method: 'delete',
  path: '/workspaces/current',
  summary: 'Delete the workspace that this request acts in; its keys end, its books stay',
  responses: { 200: json('What it was', WorkspaceBody), ...changed },
});
const suspendRoute = adminRoute('operator', {
  method: 'post',
  path: '/workspaces/{id}/suspend',
  summary: 'Let nobody into a workspace, and refuse its keys',
  request: { params },
  responses: { 200: json('The workspace as it is now', WorkspaceBody), ...changed },
});
const resumeRoute = adminRoute('operator', {
  method: 'post',
  path: '/workspaces/{id}/resume',
  summary: 'Take a suspended workspace back into use',
  request: { params },
  responses: { 200: json('The workspace as it is now', WorkspaceBody), ...changed },
});
const removeRoute = adminRoute('operator', {
  method: 'delete',
  path: '/workspaces/{id}',
  summary: 'Delete a workspace; its keys end, its books stay',
  request: { params },
  responses: { 200: json('What it was', WorkspaceBody), ...changed },
});

export function registerWorkspaces(app: AdminApp, { workspaces, workspaceId }: AdminDeps): void {
  app.openapi(listRoute, async (c) => c.json({ workspaces: await listFor(workspaces, callerOf(c)) }, 200));
  app.openapi(createWorkspaceRoute, async (c) => {
    const { name } = c.req.valid('json');
    const made = await workspaces.create(name, callerOf(c).personId);
    if (made.kind === 'done') return c.json(renderWorkspace(made.workspace), 201);
    return c.json(problemOf(nameTaken(name)), 400);
  });
  // Before the routes with an id: the first that fits answers.
  app.openapi(currentRoute, async (c) => {
    const workspace = await workspaces.current();
    if (!workspace) return c.json(problemOf(unknown(workspaceId)), 404);
    return c.json(renderWorkspace(workspace), 200);
  });
  app.openapi(renameRoute, async (c) => {
    const { name } = c.req.valid('json');
    const answer = await workspaces.rename(name);
    if (answer.kind === 'done') return c.json(renderWorkspace(answer.workspace), 200);
    if (answer.kind === 'name_taken') return c.json(problemOf(nameTaken(name)), 400);
    return c.json(problemOf(unknown(workspaceId)), 404);
  });
  app.openapi(removeCurrentRoute, async (c) => {
    const answer = await workspaces.remove(workspaceId);
    if (answer.kind === 'done') return c.json(renderWorkspace(answer.workspace), 200);
    if (answer.kind === 'first') return c.json(problemOf(fixed), 409);
    return c.json(problemOf(unknown(workspaceId)), 404);
  });
  registerOperatorRoutes(app, workspaces);
}

function registerOperatorRoutes(app: AdminApp, workspaces: WorkspaceDesk): void {
  const verbs = [
    [suspendRoute, workspaces.suspend],
    [resumeRoute, workspaces.resume],
    [removeRoute, workspaces.remove],
  ] as const;
  for (const [route, act] of verbs) {
    app.openapi(route, async (c) => {
      const { id } = c.req.valid('param');
      const answer: WorkspaceOutcome = await act(id);
      if (answer.kind === 'done') return c.json(renderWorkspace(answer.workspace), 200);
      if (answer.kind === 'first') return c.json(problemOf(fixed), 409);
      return c.json(problemOf(unknown(id)), 404);
    });
  }
}

async function listFor(desk: WorkspaceDesk, caller: Caller): Promise<WorkspaceList['workspaces']> {
  const memberships = caller.personId === undefined ? [] : await desk.membershipsOf(caller.personId);
  const roles = new Map(memberships.map(({ workspace, member }) => [workspace.id, member.role]));
  const own = memberships.map(({ workspace }) => workspace);
  // The operator token is of every workspace; a service of its own alone.
  const isAll = caller.isOperator;
  const others = isAll ? (await desk.all()).filter(({ id }) => !roles.has(id)) : [];
  const current = own.length === 0 && !isAll && caller.role ? await desk.current() : undefined;
  return [...own, ...others, ...(current ? [current] : [])].map((workspace) => ({
    ...renderWorkspace(workspace),
    role: roles.get(workspace.id) ?? (caller.personId === undefined ? (caller.role ?? null) : null),
    isCurrent: workspace.id === caller.workspaceId,
  }));
}

const fixed = refuse('workspace_fixed', 'the first workspace is the installation\u2019s own');
const unknown = (id: string): Refusal => refuse('record_unknown', `there is no workspace ${id}`);
const nameTaken = (name: string): Refusal =>
  refuse('body_invalid', `name: another workspace is called "${name}"`);
