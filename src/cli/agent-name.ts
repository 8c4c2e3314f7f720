/** Names of agents and models as they may stand in a header. */
import { usageError } from './io.ts';

/** A line break in it would become another header, a comma another entry. @throws {CliError} */
export function checkAgentName(agent: string | undefined): void {
  if (agent === undefined || /^[\x21-\x2b\x2d-\x7e]{1,100}$/.test(agent)) return;
  throw usageError(
    `--agent ${JSON.stringify(agent)} is no agent name`,
    'Use up to 100 plain characters without spaces or commas.',
  );
}

/** @throws {CliError} */
export function checkModelRef(model: string | undefined): void {
  if (model === undefined || /^[\x21-\x2b\x2d-\x7e]{1,300}$/.test(model)) return;
  throw usageError(
    `--model ${JSON.stringify(model)} is no model ref`,
    'Write provider/model, an alias or a route.',
  );
}
