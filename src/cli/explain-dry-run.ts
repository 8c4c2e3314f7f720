/** `turnpike explain … --dry-run`: which model a request would get and why, and who would be asked; nothing is sent. */
import type { DryRunQuery, DryRunRecord } from '../admin/dry-run.ts';
import { withServer } from './connect.ts';
import { describePrice, describeSkipped, printLayers, printNamed } from './explain-print.ts';
import { type ExitCode, type Io, usageError } from './io.ts';
import { printJson, printLine, printTable } from './print.ts';

export interface DryRunOptions {
  readonly model?: string;
  readonly requestModel?: string;
  readonly agent?: string;
  readonly prompt?: string;
  readonly pipeline?: string;
  readonly step?: string;
  readonly forKey?: string;
  readonly session?: string;
  readonly tokens?: number;
  readonly needs?: readonly string[];
}

const NEEDS = [
  'tools',
  'vision',
  'documents',
  'audio',
  'thinking',
  'structured-output',
  'prompt-cache',
] as const;
type Need = (typeof NEEDS)[number];

/** Exit code 1 where the request would be refused. */
export async function explainDryRun(
  io: Io,
  { tokens, needs, forKey, ...asked }: DryRunOptions,
  isJson: boolean,
): Promise<ExitCode> {
  const query: DryRunQuery = {
    ...asked,
    ...(forKey !== undefined && { key: forKey }),
    ...(tokens !== undefined && { inputTokens: tokens }),
    ...(needs !== undefined && { capabilities: needs.map(readNeed) }),
  };
  const record = await withServer(io, (client) => client.dryRun(query));
  if (isJson) printJson(io, record);
  else print(io, record);
  return record.refusal === null ? 0 : 1;
}

function readNeed(text: string): Need {
  const found = NEEDS.find((need) => need === text);
  if (!found)
    throw usageError(`"${text}" is nothing a model can be asked to have`, `One of ${NEEDS.join(', ')}.`);
  return found;
}

function print(io: Io, record: DryRunRecord): void {
  const { choice, candidates, skipped, refusal } = record;
  printNamed(io, [
    ['asks for', record.asked ?? 'nothing'],
    ...(choice?.prompt ? [['prompt', choice.prompt] as const] : []),
    ...skipped.map((one) => ['passed over', describeSkipped(one)] as const),
    ['revision', String(record.revision)],
  ]);
  if (choice) {
    printLine(io.stdout);
    printLayers(io, choice);
  }
  if (candidates.length > 0) {
    printLine(io.stdout);
    printTable(
      io,
      [{ title: 'candidate' }, { title: 'because' }, { title: 'health' }, { title: 'price' }, { title: '' }],
      candidates.map(({ ref, standIn, health, price, isAsked }) => [
        ref,
        standIn ?? 'asked for',
        health.reason === null ? health.state : `${health.state} (${health.reason})`,
        price ? describePrice(price) : 'price unknown',
        isAsked ? '' : 'not asked',
      ]),
    );
  }
  if (refusal) {
    printLine(io.stdout);
    printLine(io.stdout, `It would be refused: ${refusal.message}`);
    printLine(io.stdout, refusal.fix);
  }
}
