/** Fields that the resources of workspaces, members and invitations share. */
import { z } from '@hono/zod-openapi';
import { refuse } from '../base/refusal.ts';
import { ROLES } from '../base/role.ts';
import type { Workspace } from '../registry/workspaces.ts';
import { iso, When } from './fields.ts';

/** As long as a line of a list. */
const MAX_NAME_LENGTH = 100;
/** RFC 5321's longest address. */
const MAX_EMAIL_LENGTH = 254;

export const RoleName = z.enum(ROLES);
/** What people write for people: no character that a terminal or a list would not show as it is. */
export const Name = z
  .string()
  .trim()
  .min(1)
  .max(MAX_NAME_LENGTH)
  .refine((text) => !/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/u.test(text), 'must not hold control characters');
export const Email = z
  .email()
  .max(MAX_EMAIL_LENGTH)
  .transform((text) => text.toLowerCase())
  .openapi({ example: 'ada@example.com' });

export const WorkspaceBody = z
  .strictObject({
    id: z.string().openapi({ example: 'ws_01k9…' }),
    name: z.string(),
    createdAt: When,
    suspendedAt: When.nullable().openapi({ description: 'Since when nobody gets in; null = it is in use' }),
  })
  .openapi('Workspace');
export type WorkspaceBody = z.infer<typeof WorkspaceBody>;

export function renderWorkspace({ id, name, createdAtMs, suspendedAtMs }: Workspace): WorkspaceBody {
  return {
    id,
    name,
    createdAt: iso(createdAtMs),
    suspendedAt: suspendedAtMs === undefined ? null : iso(suspendedAtMs),
  };
}

export const json = <T extends z.ZodType>(description: string, schema: T) => ({
  description,
  content: { 'application/json': { schema } },
});

export const aboveRefusal = refuse(
  'role_insufficient',
  'nobody gives a role above the own, or changes a member whose role is above it',
);
