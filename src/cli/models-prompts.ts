/** `turnpike models prompts`: the prompt files that are read, what they want, and what is wrong with them. */
import type { Prompt, PromptList } from '../admin/prompts.ts';
import { withServer } from './connect.ts';
import type { ExitCode, Io } from './io.ts';
import { paintFor, printJson, printLine, printTable } from './print.ts';

/** Exit code 1 when something is wrong with a file. */
export async function listPrompts(io: Io, options: { readonly json?: boolean }): Promise<ExitCode> {
  const found = await withServer(io, (client) => client.prompts());
  if (options.json) printJson(io, found);
  else {
    printPrompts(io, found.prompts);
    printProblems(io, found.problems);
  }
  return found.problems.length > 0 ? 1 : 0;
}

function printPrompts(io: Io, prompts: readonly Prompt[]): void {
  if (prompts.length === 0) {
    printLine(io.stdout, 'There are no prompt files. docs/guide/prompts.md says where they are looked for.');
    return;
  }
  const columns = [{ title: 'prompt' }, { title: 'model' }, { title: 'by text' }, { title: 'file' }];
  printTable(
    io,
    columns,
    prompts.map(({ id, model, fallback, isFoundByText, file }) => [
      id,
      [...(model === null ? [] : [model]), ...fallback].join(', ') || '-',
      isFoundByText ? 'yes' : 'no',
      file,
    ]),
  );
  const { dim } = paintFor(io.stdout, io.env);
  for (const { id, whyNot } of prompts) {
    if (whyNot !== null) printLine(io.stdout, dim(`${id} is not known by its text: ${whyNot}`));
  }
}

function printProblems(io: Io, problems: PromptList['problems']): void {
  const { yellow } = paintFor(io.stderr, io.env);
  for (const { file, line, reason } of problems) {
    printLine(io.stderr, `${yellow('!')} ${file}${line === null ? '' : `:${line}`}: ${reason}`);
  }
}
