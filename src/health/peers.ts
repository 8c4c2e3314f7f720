/** A place beside others that serve the same model: whether it is slower, or fails more often, than they do. */
import type { Place } from './health.ts';
import type { PlaceRecord } from './place-record.ts';
import type { HealthSettings } from './settings.ts';

/** Peers looked at in one comparison: with more of them, those first seen speak for all. */
const MAX_COMPARED = 32;

/** The name that peers share: the model's own, without the provider and the maker a reseller puts before it. */
export function peerNameOf({ ref }: Place): string {
  return ref.slice(ref.lastIndexOf('/') + 1).toLowerCase();
}

/**
 * Why it is slow; undefined = it is not, or nobody can tell. Its 95th percentile is beyond the factor, and so is what
 * it does of late: else a bad minute would count for as long as 200 answers take.
 */
export function slowness(record: PlaceRecord, nowMono: number, settings: HealthSettings): string | undefined {
  const own = record.firstBytes.p95(nowMono);
  if (own === undefined) return undefined;
  const others: number[] = [];
  for (const peer of peersOf(record)) {
    const p95 = peer.firstBytes.p95(nowMono);
    if (p95 !== undefined) others.push(p95);
  }
  const theirs = median(others);
  if (theirs === undefined || own <= theirs * settings.slowFactor) return undefined;
  if ((record.firstBytes.smoothed(nowMono) ?? 0) <= theirs) return undefined;
  return `its first byte takes ${Math.round(own)} ms (p95), that of its peers ${Math.round(theirs)} ms`;
}

/** Why it is put out; undefined = it is not out of line, or there are too few to say, or enough of them are out. */
export function strangeness(
  record: PlaceRecord,
  nowMono: number,
  settings: HealthSettings,
): string | undefined {
  if (record.peers.size < settings.outlierPeers) return undefined;
  const own = failureShare(record, nowMono, settings);
  if (own === undefined || own < settings.outlierShare) return undefined;
  let out = 1;
  const others: number[] = [];
  for (const peer of peersOf(record)) {
    if (peer.isOutlier) out += 1;
    const share = failureShare(peer, nowMono, settings);
    if (share !== undefined) others.push(share);
  }
  const theirs = median(others);
  if (theirs === undefined || others.length < settings.outlierPeers - 1) return undefined;
  if (own <= theirs * settings.outlierFactor || out > record.peers.size * settings.maxOutliers)
    return undefined;
  return `${percent(own)} of its answers failed, of its peers' ${percent(theirs)}`;
}

function failureShare(
  { outcomes }: PlaceRecord,
  nowMono: number,
  settings: HealthSettings,
): number | undefined {
  const { failed, all } = outcomes.counts(nowMono);
  return all < settings.windowSamples ? undefined : failed / all;
}

function* peersOf(record: PlaceRecord): Generator<PlaceRecord> {
  let seen = 0;
  for (const peer of record.peers) {
    if (peer === record) continue;
    seen += 1;
    if (seen > MAX_COMPARED) return;
    yield peer;
  }
}

function median(values: number[]): number | undefined {
  const ascending = values.sort((a, b) => a - b);
  return ascending[(ascending.length - 1) >> 1];
}

function percent(share: number): string {
  return `${Math.round(share * 100)} %`;
}
