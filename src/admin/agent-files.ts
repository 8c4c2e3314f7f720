/** Agents that files declare, as the list of agents has them: of agents.yaml and of prompt files, each name once. */
import type { Definitions } from '../agents/definition.ts';
import type { FileAgent } from './deps-agents.ts';

/** The same definitions have the same agents: they are asked for with every page. */
const known = new WeakMap<Definitions, readonly FileAgent[]>();

/** By name. What agents.yaml says of one comes before its prompt file. */
export function fileAgentsOf(definitions: Definitions): readonly FileAgent[] {
  let agents = known.get(definitions);
  if (!agents) {
    agents = collect(definitions);
    known.set(definitions, agents);
  }
  return agents;
}

function collect({ agents, prompts }: Definitions): FileAgent[] {
  const found = new Map<string, FileAgent>();
  for (const { name, description, file } of agents) found.set(name, { name, description, file });
  for (const { id, description, file } of prompts) {
    if (id.kind !== 'agent' || found.has(id.name)) continue;
    found.set(id.name, { name: id.name, file, ...(description !== undefined && { description }) });
  }
  return [...found.values()].sort((a, b) => (a.name < b.name ? -1 : 1));
}
