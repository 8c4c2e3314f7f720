/** Fields that the resources of routing share: refs, who stands in, and prompts in paths. */
import { z } from '@hono/zod-openapi';
import { parsePromptId } from '../base/prompt-id.ts';
import { type Refusal, refuse } from '../base/refusal.ts';
import { MAX_REF_LENGTH } from '../route/ref.ts';
import type { AdminApp } from './deps.ts';
import type { RuleSubject, StandIn } from './deps-routing.ts';

/** Refs of one rule or chain: three models are ever asked for one answer. */
const MAX_REFS = 10;

export const Ref = z
  .string()
  .trim()
  .min(1)
  .max(MAX_REF_LENGTH)
  // It stands in headers, logs and lists; and no database keeps U+0000.
  .refine((ref) => !/\p{Cc}/u.test(ref), 'must not hold control characters')
  .openapi({ example: 'openai/gpt-4o', description: 'An alias, a route, provider/model or a bare id' });
export const Refs = z.array(Ref).max(MAX_REFS);

export const Force = z
  .boolean()
  .default(false)
  .openapi({ description: 'Also where a ref leads nowhere now' });

export const StandInBody = z
  .strictObject({
    ref: z.string(),
    problem: z
      .string()
      .nullable()
      .openapi({ description: 'Why it leads nowhere now: it is passed over. null = it leads somewhere' }),
  })
  .openapi('StandIn');

export function renderStandIn({ ref, problem }: StandIn): z.infer<typeof StandInBody> {
  return { ref, problem: problem ?? null };
}

/** undefined = it is none. */
export function readSubject(text: string): RuleSubject | undefined {
  if (text.trim().toLowerCase() === 'default') return { kind: 'default' };
  const id = parsePromptId(text);
  return id && { kind: 'prompt', id };
}

export function noSubject(text: string): Refusal {
  return refuse(
    'record_unknown',
    `"${text.slice(0, 100)}" is no prompt; write agent:name, command:name, skill:name or hook:name (* = all of them), or default`,
  );
}

/** Names in paths have slashes, which many a client does not encode: the same is asked with them encoded. */
export function acceptSlashes(app: AdminApp, path: string): void {
  app.on(['GET', 'PUT', 'DELETE'], `${path}:first/:rest{.+}`, (c) => {
    const url = new URL(c.req.url);
    const at = url.pathname.indexOf(path) + path.length;
    url.pathname = url.pathname.slice(0, at) + url.pathname.slice(at).replaceAll('/', '%2F');
    const { method, headers, body } = c.req.raw;
    // A stream as a body must say that it is sent before the answer comes.
    return app.fetch(new Request(url, { method, headers, body, ...(body && { duplex: 'half' }) }), c.env);
  });
}
