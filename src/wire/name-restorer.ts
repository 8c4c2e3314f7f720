/** Names of tools that a format had to change on their way to its upstream. */
import type { ChatTool } from './chat.ts';

/**
 * Turns the names in a reply back into those the client gave. For the translate lane: the reply's parser does not know
 * the request.
 * @param shown what the format's parser makes of the name it wrote
 */
export function restoreNames(
  tools: readonly ChatTool[],
  shown: (name: string) => string,
): (name: string) => string {
  const originals = new Map<string, string>();
  for (const { name } of tools) {
    const changed = shown(name);
    if (changed !== name) originals.set(changed, name);
  }
  return (name) => originals.get(name) ?? name;
}
