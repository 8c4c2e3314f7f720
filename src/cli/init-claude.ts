/**
 * The slash commands that `turnpike init claude` gives to Claude Code: one Markdown file each. What stands behind an
 * exclamation mark is run before the model reads the rest; it may run nothing but the commands that are named.
 */

export interface CommandFile {
  /** Without its ending: `models` becomes `/turnpike:models`. */
  readonly name: string;
  readonly text: string;
}

interface CommandParts {
  readonly name: string;
  readonly description: string;
  readonly hint: string;
  /** What may be run: beginnings of commands. */
  readonly allowed: readonly string[];
  readonly body: string;
}

const parts: readonly CommandParts[] = [
  {
    name: 'models',
    description: 'Which model Turnpike gives to whom: see, search, test and change it',
    hint: '[what to find out or to change]',
    allowed: ['turnpike models'],
    body: `In force now:

!\`turnpike models config\`

Asked: $ARGUMENTS

If nothing is asked, sum up in a few lines which model each prompt gets and which place says so.
Otherwise use these commands and show what they print:

- \`turnpike models list\` and \`turnpike models search WORDS [--free] [--tools] [--vision] [--max-price USD]\`
- \`turnpike models test REF\` makes a real, tiny call
- \`turnpike models set agent:NAME REF\` and \`turnpike models unset agent:NAME\` (or command:, skill:, hook:)

Set and unset only what was asked for, and say afterwards what was changed.`,
  },
  {
    name: 'costs',
    description: 'What models, agents and commands have cost through Turnpike',
    hint: '[since when, by what]',
    allowed: ['turnpike models costs', 'turnpike usage'],
    body: `Today, this week and this month:

!\`turnpike usage summary\`

By agent and command, of the last seven days:

!\`turnpike models costs --by agent --since 7d\`

Asked: $ARGUMENTS

If nothing is asked, sum this up in a few lines: the total, and what costs most. Otherwise use
\`turnpike models costs --by model|agent|command|day --since 24h\` or \`turnpike usage sessions\` and answer from that.`,
  },
  {
    name: 'explain',
    description: 'Why a request went to the model it went to, or where one would go',
    hint: '<exchange id> or <model> or <agent name>',
    allowed: ['turnpike explain'],
    body: `Asked: $ARGUMENTS

- An id that begins with \`exc_\` (the header x-turnpike-exchange-id of an answer): run \`turnpike explain ID\`.
- A model, an alias or a route: run \`turnpike explain REF --dry-run\`. Nothing is sent.
- An agent or a command: run \`turnpike explain --dry-run --prompt agent:NAME\` (or command:NAME).

Then say in a few lines which layer chose the model, what else was tried and why it did not answer.
If nothing is asked, ask what to explain.`,
  },
  {
    name: 'health',
    description: 'Which providers and models Turnpike can use now, and what is wrong with the others',
    hint: '',
    allowed: ['turnpike health', 'turnpike doctor'],
    // Not run before: it ends with exit code 1 where something is wrong, and Claude Code goes no further then.
    body: `Run \`turnpike health\`. Say in a few lines what is out of use, why, and until when. Exit code 1 says that
something is. If the server could not be reached, run \`turnpike doctor\` and say what it advises.`,
  },
];

/** All of them, as they are written. */
export const claudeCommands: readonly CommandFile[] = parts.map(
  ({ name, description, hint, allowed, body }) => ({
    name,
    text: [
      '---',
      `description: ${JSON.stringify(description)}`,
      ...(hint === '' ? [] : [`argument-hint: ${JSON.stringify(hint)}`]),
      `allowed-tools: ${allowed.map((command) => `Bash(${command}:*)`).join(', ')}`,
      '---',
      '',
      body,
      '',
    ].join('\n'),
  }),
);
