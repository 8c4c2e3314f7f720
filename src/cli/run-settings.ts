/** Settings files of clients that would win over the environment `turnpike run` gives them. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { RunClient } from './run-clients.ts';

/** In words, with the mend; undefined = nothing in the way. `userHome` is the caller's home folder. */
export function findConflict(
  client: RunClient,
  userHome: string | undefined,
  set: Readonly<Record<string, string>>,
): string | undefined {
  if (!userHome) return undefined;
  if (client.command === 'claude') return claudeConflict(join(userHome, '.claude', 'settings.json'), set);
  if (client.command === 'gemini') return geminiConflict(join(userHome, '.gemini', 'settings.json'));
  return undefined;
}

/** Claude Code puts the `env` of its settings over the environment it was started with. */
function claudeConflict(path: string, set: Readonly<Record<string, string>>): string | undefined {
  const { env } = readObject(path);
  const names = Object.keys(objectOf(env)).filter((name) => name in set || name === 'ANTHROPIC_API_KEY');
  if (names.length === 0) return undefined;
  return `${path} sets ${names.join(', ')} itself, which wins: remove it there to go through Turnpike`;
}

/** Gemini CLI keeps to the way of signing in that was once chosen, whatever keys are in the environment. */
function geminiConflict(path: string): string | undefined {
  const { auth } = objectOf(readObject(path).security);
  const { selectedType } = objectOf(auth);
  if (selectedType === 'gemini-api-key') return undefined;
  // With a base URL of its own it takes itself for signed in at a gateway, and refuses that without a terminal.
  if (selectedType === undefined)
    return `Gemini CLI asks once how to sign in: choose the API key, or write {"security":{"auth":{"selectedType":"gemini-api-key"}}} into ${path}, which it needs to run without a terminal`;
  return `${path} has security.auth.selectedType ${JSON.stringify(selectedType)}: set it to "gemini-api-key" to go through Turnpike`;
}

function readObject(path: string): Record<string, unknown> {
  try {
    return objectOf(JSON.parse(readFileSync(path, 'utf8')));
  } catch {
    // Not there, or not ours to judge.
    return {};
  }
}

function objectOf(value: unknown): Record<string, unknown> {
  return value !== null && typeof value === 'object' ? (value as Record<string, unknown>) : {};
}
