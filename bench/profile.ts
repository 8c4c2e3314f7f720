/** Reads V8's .cpuprofile files: where the processor time went. Pure. */
import { renderTable } from './report.ts';

export interface CpuProfile {
  readonly nodes: readonly {
    readonly id: number;
    readonly callFrame: {
      readonly functionName: string;
      readonly url: string;
      /** From 0. */
      readonly lineNumber: number;
    };
    /** Ids of the nodes called from this one. */
    readonly children?: readonly number[];
  }[];
  /** Node id of each sample. */
  readonly samples: readonly number[];
  /** Microseconds since the sample before. */
  readonly timeDeltas: readonly number[];
}

export interface Share {
  readonly name: string;
  readonly us: number;
}

/** Self time of each function, largest first; time in which nothing ran is left out. */
export function rankFunctions(profile: CpuProfile): Share[] {
  return rank(profile, nameFunction);
}

/** Time of each of our own functions with all that they call, largest first; recursion is counted once. */
export function rankCallers(profile: CpuProfile): Share[] {
  const own = selfTimes(profile);
  const nodes = new Map(profile.nodes.map((node) => [node.id, node]));
  const called = new Set(profile.nodes.flatMap(({ children = [] }) => children));
  const totals = new Map<string, number>();
  const visit = (id: number, above: ReadonlySet<string>): number => {
    const node = nodes.get(id);
    if (!node) return 0;
    const name = nameFunction(node.callFrame);
    const below = new Set(above).add(name);
    const us = (node.children ?? []).reduce((sum, child) => sum + visit(child, below), own.get(id) ?? 0);
    if (!above.has(name)) totals.set(name, (totals.get(name) ?? 0) + us);
    return us;
  };
  for (const { id } of profile.nodes) if (!called.has(id)) visit(id, new Set());
  return sortShares(totals).filter(({ name }) => / dist\//.test(name));
}

/** Self time of each file or package, largest first. */
export function rankFiles(profile: CpuProfile): Share[] {
  return rank(profile, ({ functionName, url }) => {
    const place = shortenUrl(url);
    if (place === '') return functionName.startsWith('(') ? functionName : '(native)';
    return place.replace(/^node_modules\/((@[^/]+\/)?[^/]+)\/.*/, '$1');
  });
}

/** All busy time of a profile, microseconds. */
export function busyUs(profile: CpuProfile): number {
  return [...selfTimes(profile).values()].reduce((sum, us) => sum + us, 0);
}

/** The first `limit` shares with their part of `ofUs`. */
export function renderShares(title: string, shares: readonly Share[], ofUs: number, limit: number): string {
  const lines = shares
    .slice(0, limit)
    .map(({ name, us }) => [name, (us / 1000).toFixed(0), `${((100 * us) / ofUs).toFixed(1)} %`]);
  return renderTable([title, 'ms', 'share'], lines);
}

type CallFrame = CpuProfile['nodes'][number]['callFrame'];

function nameFunction({ functionName, url, lineNumber }: CallFrame): string {
  const place = shortenUrl(url);
  return `${functionName || '(anonymous)'}${place === '' ? '' : ` ${place}:${lineNumber + 1}`}`;
}

function rank(profile: CpuProfile, nameOf: (frame: CallFrame) => string): Share[] {
  const own = selfTimes(profile);
  const totals = new Map<string, number>();
  for (const { id, callFrame } of profile.nodes) {
    const name = nameOf(callFrame);
    totals.set(name, (totals.get(name) ?? 0) + (own.get(id) ?? 0));
  }
  return sortShares(totals);
}

/** Microseconds spent in each node itself, without idle time. */
function selfTimes({ nodes, samples, timeDeltas }: CpuProfile): Map<number, number> {
  const idle = new Set(
    nodes.filter(({ callFrame }) => callFrame.functionName === '(idle)').map(({ id }) => id),
  );
  const own = new Map<number, number>();
  samples.forEach((id, i) => {
    if (!idle.has(id)) own.set(id, (own.get(id) ?? 0) + Math.max(0, timeDeltas[i] ?? 0));
  });
  return own;
}

function sortShares(totals: ReadonlyMap<string, number>): Share[] {
  return [...totals]
    .map(([name, us]) => ({ name, us }))
    .filter(({ us }) => us > 0)
    .sort((a, b) => b.us - a.us || a.name.localeCompare(b.name));
}

/** Paths from the checkout down; built files as `dist/…`, packages as `node_modules/…`. */
function shortenUrl(url: string): string {
  return url.replace(/^file:\/\//, '').replace(/^.*?\/(?=(dist|node_modules)\/)/, '');
}
