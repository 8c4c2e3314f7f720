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
  }[];
  /** Node id of each sample. */
  readonly samples: readonly number[];
  /** Microseconds since the sample before. */
  readonly timeDeltas: readonly number[];
}

export interface Share {
  readonly name: string;
  readonly selfUs: number;
}

/** Self time of each function, largest first; time in which nothing ran is left out. */
export function rankFunctions(profile: CpuProfile): Share[] {
  return rank(profile, ({ functionName, url, lineNumber }) => {
    const place = shortenUrl(url);
    return `${functionName || '(anonymous)'}${place === '' ? '' : ` ${place}:${lineNumber + 1}`}`;
  });
}

/** Self time of each file or package, largest first. */
export function rankFiles(profile: CpuProfile): Share[] {
  return rank(profile, ({ functionName, url }) => {
    const place = shortenUrl(url);
    if (place === '') return functionName.startsWith('(') ? functionName : '(native)';
    return place.replace(/^node_modules\/((@[^/]+\/)?[^/]+)\/.*/, '$1');
  });
}

/** The first `limit` shares with their part of all busy time. */
export function renderShares(title: string, shares: readonly Share[], limit: number): string {
  const busyUs = shares.reduce((sum, { selfUs }) => sum + selfUs, 0);
  const lines = shares
    .slice(0, limit)
    .map(({ name, selfUs }) => [
      name,
      (selfUs / 1000).toFixed(0),
      `${((100 * selfUs) / busyUs).toFixed(1)} %`,
    ]);
  return renderTable([title, 'self ms', 'share'], lines);
}

function rank(
  profile: CpuProfile,
  nameOf: (frame: CpuProfile['nodes'][number]['callFrame']) => string,
): Share[] {
  const names = new Map(profile.nodes.map(({ id, callFrame }) => [id, nameOf(callFrame)]));
  const totals = new Map<string, number>();
  profile.samples.forEach((id, i) => {
    const name = names.get(id) ?? '(unknown)';
    totals.set(name, (totals.get(name) ?? 0) + Math.max(0, profile.timeDeltas[i] ?? 0));
  });
  totals.delete('(idle)');
  return [...totals]
    .map(([name, selfUs]) => ({ name, selfUs }))
    .sort((a, b) => b.selfUs - a.selfUs || a.name.localeCompare(b.name));
}

/** Paths from the checkout down; built files as `dist/…`, packages as `node_modules/…`. */
function shortenUrl(url: string): string {
  return url.replace(/^file:\/\//, '').replace(/^.*?\/(?=(dist|node_modules)\/)/, '');
}
