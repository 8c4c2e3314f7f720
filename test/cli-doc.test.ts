/** Holds `docs/reference/cli.md` equal to the help of every command. After a change: `npx vitest run test/cli-doc.test.ts -u`. */
import type { Command } from 'commander';
import { expect, it } from 'vitest';
import { buildProgram } from '../src/cli/program.ts';
import { createFakeIo } from './support/fake-io.ts';

const HEAD = `# The command line

\`turnpike\` speaks to the server of this machine over the admin API, and finds it by \`client.json\` in the data folder
(\`$TURNPIKE_HOME\`, by default \`~/.turnpike\`), which the first start writes. Another server is named by the environment:

| variable | meaning |
|---|---|
| \`TURNPIKE_URL\` | address of the server, \`http://host:port\` |
| \`TURNPIKE_KEY\` | virtual key (\`tp-…\`), for \`ask\`, \`run\` and \`models test\` |
| \`TURNPIKE_OPERATOR_TOKEN\` | operator token (\`tpo-…\`), for everything else |
| \`NO_COLOR\`, \`FORCE_COLOR\` | no colours; colours also without a terminal |

Secrets are never taken from arguments, which every process on the machine can read. \`keys\`, \`budgets\`,
\`limits\`, \`usage\`, \`explain\` and \`ledger\` work also while no server runs: they open the database themselves, under its lock.

Exit codes: 0 done, 1 failed, 2 wrongly called; \`run\` ends with the code of the client it started. Every command but
\`serve\` has \`--json\`: the result on stdout, an error as \`{"error": {"message", "fix"}}\` on stderr.

This page is held equal to the program by a test.
`;

/** Commands that do something: those with none below them, and those with options of their own. */
function leaves(command: Command): Command[] {
  const below = command.commands.flatMap(leaves);
  const isOne = below.length === 0 || (command.parent !== null && command.options.length > 0);
  return isOne ? [command, ...below] : below;
}

function pathOf(command: Command): string {
  return command.parent ? `${pathOf(command.parent)} ${command.name()}` : command.name();
}

function renderCommand(command: Command): string {
  command.configureHelp({ helpWidth: 100 });
  return `## ${pathOf(command)}\n\n\`\`\`\n${command.helpInformation().trim()}\n\`\`\`\n`;
}

it('shows the help of every command', async () => {
  const program = buildProgram(createFakeIo({ client: null }).io, async () => {});
  const page = [HEAD, ...leaves(program).map(renderCommand)].join('\n');
  await expect(page).toMatchFileSnapshot('../docs/reference/cli.md');
});
