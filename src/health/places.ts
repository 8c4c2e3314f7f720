/** The places that are remembered, found by what they are or by the object that names them; at most so many. */
import { goodCredential } from './credential.ts';
import type { Place } from './health.ts';
import { peerNameOf } from './peers.ts';
import {
  type CredentialRecord,
  createPlaceRecord,
  type Peers,
  type PlaceRecord,
  type ProviderRecord,
  stateOf,
} from './place-record.ts';
import type { HealthSettings } from './settings.ts';

export interface Places {
  /** undefined = nothing was sent there, or it is forgotten. Leaves no trace. */
  find(place: Place): PlaceRecord | undefined;
  findOrMake(place: Place, nowMono: number): PlaceRecord;
  /** What is known of its credential from other places; undefined = nothing. */
  credentialOf(place: Place): CredentialRecord | undefined;
  providerOf(name: string): ProviderRecord;
  forget(record: PlaceRecord): void;
  all(): Iterable<PlaceRecord>;
}

/** Of an object that names a place: its key, made once, and the record that was last found by it. */
interface Slot {
  readonly key: string;
  readonly credentialKey: string;
  record: PlaceRecord | undefined;
}

/** Of all places, those that go at once when there are too many: looking for the oldest costs a walk over all. */
const FORGOTTEN_SHARE = 1 / 8;

export function createPlaces(settings: HealthSettings): Places {
  const slots = new WeakMap<Place, Slot>();
  const records = new Map<string, PlaceRecord>();
  const credentials = new Map<string, CredentialRecord>();
  const providers = new Map<string, ProviderRecord>();
  const groups = new Map<string, Peers>();

  const slotOf = (place: Place): Slot => {
    const known = slots.get(place);
    if (known) return known;
    const credentialKey = `${place.provider}\n${place.credential}`;
    const made: Slot = { key: `${place.ref}\n${credentialKey}`, credentialKey, record: undefined };
    slots.set(place, made);
    return made;
  };
  const recordOf = (slot: Slot): PlaceRecord | undefined => {
    if (slot.record && !slot.record.isForgotten) return slot.record;
    slot.record = records.get(slot.key);
    return slot.record;
  };
  const providerOf = (name: string): ProviderRecord =>
    getOrMake(providers, name, () => ({ isDraining: false, places: new Set() }));

  const make = (place: Place, { key, credentialKey }: Slot, nowMono: number): PlaceRecord => {
    if (records.size >= settings.maxPlaces) forgetOldest(records, settings, forget);
    const credential = getOrMake(credentials, credentialKey, newCredential);
    const peers = getOrMake(groups, peerNameOf(place), () => new Set<PlaceRecord>());
    const shared = { provider: providerOf(place.provider), credential, peers };
    const record = createPlaceRecord(place, key, shared, settings);
    record.usedMono = nowMono;
    // Its credential may have been refused at another model before.
    record.told = stateOf(record, nowMono);
    records.set(key, record);
    for (const set of [shared.provider.places, credential.places, peers]) set.add(record);
    return record;
  };
  const forget = (record: PlaceRecord): void => {
    const { place, provider, credential, peers } = record;
    record.isForgotten = true;
    records.delete(record.key);
    for (const set of [provider.places, credential.places, peers]) set.delete(record);
    if (provider.places.size === 0 && !provider.isDraining) providers.delete(place.provider);
    if (credential.places.size === 0) credentials.delete(slotOf(place).credentialKey);
    if (peers.size === 0) groups.delete(peerNameOf(place));
  };

  return {
    find: (place) => recordOf(slotOf(place)),
    findOrMake(place, nowMono) {
      const slot = slotOf(place);
      const record = recordOf(slot) ?? make(place, slot, nowMono);
      slot.record = record;
      return record;
    },
    credentialOf: (place) => credentials.get(slotOf(place).credentialKey),
    providerOf,
    forget,
    all: () => records.values(),
  };
}

function newCredential(): CredentialRecord {
  return { state: goodCredential, changes: 0, isTrialOut: false, places: new Set() };
}

function getOrMake<T>(map: Map<string, T>, key: string, make: () => T): T {
  const known = map.get(key);
  if (known !== undefined) return known;
  const made = make();
  map.set(key, made);
  return made;
}

/** Those in use stay while there are others, and so do those that are unwell: what was learnt of them was dear. */
function forgetOldest(
  records: ReadonlyMap<string, PlaceRecord>,
  { maxPlaces }: HealthSettings,
  forget: (record: PlaceRecord) => void,
): void {
  const worth = (record: PlaceRecord): number =>
    record.inFlight > 0 ? 2 : record.told === 'healthy' || record.told === 'degraded' ? 0 : 1;
  const leastWorth = [...records.values()].sort((a, b) => worth(a) - worth(b) || a.usedMono - b.usedMono);
  for (const record of leastWorth.slice(0, Math.max(1, Math.floor(maxPlaces * FORGOTTEN_SHARE))))
    forget(record);
}
