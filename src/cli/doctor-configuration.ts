/** What the doctor finds of the files that the running server has read; its own reading of them may be of another folder. */
import type { ConfigurationBody } from '../admin/configuration.ts';
import type { Finding } from './doctor-finding.ts';

const check = 'configuration in force';

export function judgeConfiguration({ problem, pendingRestart, files, revision }: ConfigurationBody): Finding {
  if (problem !== null) {
    const detail = `the files could not be taken at ${problem.at}: ${problem.message}`;
    return { check, state: 'fail', detail, fix: 'Correct the place; the last good state serves until then.' };
  }
  if (pendingRestart.length > 0) {
    const detail = `changed, but not before the next start: ${pendingRestart.join(', ')}`;
    return { check, state: 'warn', detail, fix: 'Start the server anew.' };
  }
  const read = files.length > 0 ? files.join(', ') : 'defaults; no file';
  return { check, state: 'ok', detail: `${read}, revision ${revision}` };
}
