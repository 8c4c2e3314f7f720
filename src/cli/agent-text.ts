/** The system prompt that the registry has of an agent, for `turnpike ask`. */
import { createClient } from './client.ts';
import type { Connection } from './connect.ts';
import type { Io } from './io.ts';

/** undefined = it has none, or nobody here may know: the question can be asked without it. */
export async function registryText(
  io: Io,
  { url, operatorToken }: Connection,
  agent: string,
): Promise<string | undefined> {
  if (!operatorToken) return undefined;
  try {
    const { systemPrompt } = await createClient(io.fetch, url, operatorToken).agents.find(agent);
    return systemPrompt ?? undefined;
  } catch {
    // What is wrong with the server is said when it is asked.
    return undefined;
  }
}
