/** Parses agents.yaml: agents and pipelines, strictly. An entry that is wrong is left out and named; the others count. */
import { parsePromptId } from '../base/prompt-id.ts';
import type {
  AgentDefinition,
  DefinitionProblem,
  PipelineDefinition,
  Side,
  StepDefinition,
} from './definition.ts';
import { isRecord, readYaml } from './yaml-text.ts';

export interface AgentsFile {
  /** False: it is no YAML, or not what such a file holds. */
  readonly isReadable: boolean;
  readonly agents: readonly AgentDefinition[];
  readonly pipelines: readonly PipelineDefinition[];
  readonly problems: readonly DefinitionProblem[];
}

/** Far above what a team keeps by hand. */
const MAX_ENTRIES = 1_000;
/** A pipeline is a plan that a person reads. */
const MAX_STEPS = 100;
const MAX_NAME = 200;
const MAX_REF = 300;
const MAX_TEXT = 64 * 1024;

type Path = readonly (string | number)[];
type Row = Readonly<Record<string, unknown>>;

interface Reading {
  readonly file: string;
  readonly side: Side;
  readonly problems: DefinitionProblem[];
  lineAt(path: Path): number;
}

export function parseAgentsFile(text: string, file: string, side: Side): AgentsFile {
  const unreadable = (line: number, reason: string): AgentsFile => ({
    isReadable: false,
    agents: [],
    pipelines: [],
    problems: [{ file, line, reason }],
  });
  const yaml = readYaml(text.replace(/^\uFEFF/, ''));
  if (!yaml.ok) return unreadable(yaml.line, `is no YAML: ${yaml.reason}`);
  const value = yaml.value ?? {};
  if (!isRecord(value)) return unreadable(1, 'must hold `agents` and `pipelines`');
  const reading: Reading = { file, side, problems: [], lineAt: yaml.lineAt };
  hasOnly(reading, [], value, ['agents', 'pipelines']);
  const agents = entriesOf(reading, value, 'agents', agentOf);
  const pipelines = entriesOf(reading, value, 'pipelines', pipelineOf);
  return { isReadable: true, agents, pipelines, problems: reading.problems };
}

/** The entries that are right, each name once. */
function entriesOf<T extends { readonly name: string }>(
  reading: Reading,
  value: Row,
  list: string,
  read: (reading: Reading, path: Path, row: Row) => T | undefined,
): T[] {
  const found = new Map<string, T>();
  for (const [at, row] of rowsOf(reading, [list], value[list], MAX_ENTRIES).entries()) {
    const entry = isRecord(row)
      ? read(reading, [list, at], row)
      : complain(reading, [list, at], 'must be an entry with a name');
    if (entry && found.has(entry.name))
      complain(reading, [list, at, 'name'], `"${entry.name}" stands there twice; the first counts`);
    else if (entry) found.set(entry.name, entry);
  }
  return [...found.values()];
}

const AGENT_FIELDS = ['name', 'description', 'default_model', 'system_prompt_additions', 'executor'];

function agentOf(reading: Reading, path: Path, row: Row): AgentDefinition | undefined {
  const before = reading.problems.length;
  hasOnly(reading, path, row, AGENT_FIELDS);
  const name = textAt(reading, path, row, 'name', MAX_NAME, true);
  if (name !== undefined && !parsePromptId(`agent:${name}`))
    complain(reading, [...path, 'name'], 'holds characters that are not printed');
  const agent = {
    name: name ?? '',
    description: textAt(reading, path, row, 'description', MAX_TEXT, true) ?? '',
    defaultModel: textAt(reading, path, row, 'default_model', MAX_REF),
    systemPromptAdditions: textAt(reading, path, row, 'system_prompt_additions', MAX_TEXT),
    executor: textAt(reading, path, row, 'executor', MAX_NAME),
    file: reading.file,
    side: reading.side,
  };
  return reading.problems.length === before ? agent : undefined;
}

function pipelineOf(reading: Reading, path: Path, row: Row): PipelineDefinition | undefined {
  const before = reading.problems.length;
  hasOnly(reading, path, row, ['name', 'steps']);
  const name = textAt(reading, path, row, 'name', MAX_NAME, true) ?? '';
  const rows = rowsOf(reading, [...path, 'steps'], row.steps, MAX_STEPS);
  if (rows.length === 0) complain(reading, path, 'needs `steps`, one at least');
  const steps = rows.map((step, at) => stepOf(reading, [...path, 'steps', at], step));
  if (reading.problems.length > before) return undefined;
  return { name, steps: steps.filter((step) => step !== undefined), file: reading.file, side: reading.side };
}

function stepOf(reading: Reading, path: Path, row: unknown): StepDefinition | undefined {
  if (!isRecord(row)) return complain(reading, path, 'must be a step with a type');
  const description = textAt(reading, path, row, 'description', MAX_TEXT);
  switch (row.type) {
    case 'approval':
      hasOnly(reading, path, row, ['type', 'description']);
      return { type: 'approval', description };
    case 'agent': {
      hasOnly(reading, path, row, ['type', 'agent', 'model', 'description']);
      const agent = textAt(reading, path, row, 'agent', MAX_NAME, true) ?? '';
      return { type: 'agent', agent, model: textAt(reading, path, row, 'model', MAX_REF), description };
    }
    default:
      return complain(reading, path, '`type` must be agent or approval');
  }
}

function rowsOf(reading: Reading, path: Path, rows: unknown, limit: number): readonly unknown[] {
  if (rows === undefined || rows === null) return [];
  if (Array.isArray(rows) && rows.length <= limit) return rows;
  complain(reading, path, `must be a list of at most ${limit} entries`);
  return [];
}

function textAt(
  reading: Reading,
  path: Path,
  row: Row,
  name: string,
  limit: number,
  isNeeded = false,
): string | undefined {
  const value = row[name] ?? undefined;
  if (value === undefined && !isNeeded) return undefined;
  if (typeof value === 'string' && value.trim() !== '' && value.length <= limit) return value.trim();
  return complain(reading, [...path, name], `must be text of at most ${limit} characters`);
}

function hasOnly(reading: Reading, path: Path, row: Row, names: readonly string[]): void {
  for (const name of Object.keys(row)) {
    if (!names.includes(name))
      complain(reading, [...path, name], `is not known here; known are ${names.join(', ')}`);
  }
}

/** `agents[2].default_model must be …` */
function complain({ file, problems, lineAt }: Reading, path: Path, reason: string): undefined {
  const place = path
    .map((part) => (typeof part === 'number' ? `[${part + 1}]` : `.${part}`))
    .join('')
    .slice(1);
  problems.push({ file, line: lineAt(path), reason: `${place} ${reason}` });
  return undefined;
}
