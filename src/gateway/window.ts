/**
 * Requests to an Ollama server say how large a window they need, within what the model can hold; one that no window
 * holds is refused. Left to itself the server takes 4096 tokens and drops the beginning of what is longer.
 */
import { refuse } from '../base/refusal.ts';
import type { OllamaWindows } from '../upstream/ollama-window.ts';
import { editFields } from '../wire/edit-fields.ts';
import { numCtxEdit, withNumCtx } from '../wire/ollama-chat/index.ts';
import { walkTopLevel } from '../wire/walk.ts';
import type { Prepared } from './attempt.ts';
import type { Attempt } from './lane.ts';

/** For attempts at such a server: the same with its window said, where it is spoken to in its own format. */
export async function withRealWindow(windows: OllamaWindows, prepared: Prepared): Promise<Prepared> {
  if (!prepared.ok || prepared.attempt.upstreamFormat.id !== 'ollama-chat') return prepared;
  const { attempt } = prepared;
  const { provider, model } = attempt.deployment;
  const need = { inputTokens: attempt.inputEstimate, outputLimit: attempt.maxOutputTokens };
  const choice = await windows.choose(provider, model, need);
  if (choice.kind === 'too-long') {
    return { ok: false, refusal: refuse('context_too_long', choice.message), mayFitElsewhere: true };
  }
  const body = bodyWith(attempt, choice.numCtx);
  return { ...prepared, attempt: { ...attempt, request: { ...attempt.request, body } } };
}

function bodyWith(attempt: Attempt, numCtx: number): readonly Uint8Array[] {
  const parts = attempt.request.body;
  const body = parts.length === 1 ? Buffer.from(parts[0]!) : Buffer.concat(parts);
  // What we rendered says a size by estimate; here the model's own limit is known too.
  if (attempt.lane === 'translate') {
    return [Buffer.from(JSON.stringify(withNumCtx(JSON.parse(body.toString('utf8')), numCtx)))];
  }
  const walk = walkTopLevel(body, ['options']);
  if (!walk.ok) return parts;
  const edit = numCtxEdit(body, walk.fields.get('options'), numCtx);
  switch (edit.kind) {
    case 'add':
      return editFields(body, walk, { added: [[edit.name, edit.json]] });
    case 'replace':
      return editFields(body, walk, { replaced: [edit.edit] });
    case 'said':
    case 'unreadable':
      // The client's own word; what the server cannot read it refuses itself.
      return parts;
    default:
      return edit satisfies never;
  }
}
