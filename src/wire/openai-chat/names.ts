/** Ids of calls another format allows and a server of this one refuses, mapped the same way each time. */
import { hashText } from '../hash-text.ts';
import { shorten } from '../openai-names.ts';
import type { ModelTraits } from './models.ts';

const MAX_CALL_ID_CHARS = 40;

/** A tool call id as the model's server takes it. The id links a call with its result and means nothing else. */
export function fitCallId(id: string, rule: ModelTraits['callIds']): string {
  if (rule === 'nine')
    return /^[a-zA-Z0-9]{9}$/.test(id) ? id : `${hashText(id)}${hashText(id, 7).slice(-1)}`;
  return shorten(id, MAX_CALL_ID_CHARS);
}
