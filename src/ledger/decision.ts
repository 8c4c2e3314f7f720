/**
 * What the decision record of an exchange says of an attempt beyond its entry: what was asked for, and what a
 * translation lost. Paths and notes only, never content. Bounded and cleaned when it is written.
 */
import type { ExchangeId } from '../base/ids.ts';
import type { Store } from '../store/store.ts';

/** One thing a translation could not carry as it was. */
export interface Loss {
  readonly kind: 'dropped' | 'approximated';
  /** Where, in canonical names: `turns[2].parts[0].cache`. */
  readonly path: string;
  /** What was done instead, one short sentence. */
  readonly note: string;
}

/** A deployment of the plan that nothing was sent to. */
export interface Skipped {
  readonly ref: string;
  /** A code of docs/reference/refusals.md, or one that docs/guide/explain.md lists. */
  readonly reason: string;
  /** One sentence. */
  readonly note?: string;
}

/** One layer that named a model. */
export interface Said {
  readonly layer: string;
  readonly ref: string;
  /** Where that is written. */
  readonly source: string;
}

/** How the model ref came to be. */
export interface ChoiceFacts {
  /** The layer that won: the first of `said`. */
  readonly layer: string;
  /** `kind:name`; undefined = it belongs to none that is known. */
  readonly prompt?: string;
  /** How that is known. */
  readonly promptBy?: string;
  /** Every layer that named a model, highest first; those that are not here said nothing. */
  readonly said: readonly Said[];
}

/** A deployment in the order it was to be tried. */
export interface Candidate {
  readonly ref: string;
  /** Why it is there though it was not asked for: `model_fallback`, `chain`, `default`. */
  readonly standIn?: string;
}

/** Where the time went, in milliseconds. */
export interface Phases {
  /** Until the body was read. */
  readonly bodyMs: number;
  /** In the ledger before the last attempt: its hold, and waiting for room in a budget. */
  readonly heldMs: number;
  /** Of the last attempt, until its first byte; undefined = none came. */
  readonly firstByteMs?: number;
  /** Until it was booked. */
  readonly totalMs: number;
}

interface Facts {
  /** The model ref as it was asked for: an alias, a route or `provider/model`. */
  readonly asked: string;
  /** Of the snapshot that the exchange was decided by. */
  readonly revision: number;
  /** The format that was spoken to the upstream. */
  readonly upstreamFormat: string;
  /** What this process added before the first byte of the reply, in milliseconds. */
  readonly overheadMs: number;
  readonly skipped: readonly Skipped[];
  /** Of calls whose model is chosen by layers. */
  readonly choice?: ChoiceFacts;
  /** Absent = there was but one. */
  readonly order?: readonly Candidate[];
  /** Absent = it was not measured. */
  readonly phases?: Phases;
}

/** As the road tells it, when the attempt is settled. */
export interface DecisionFacts extends Facts {
  readonly requestLosses: readonly Loss[];
  readonly replyLosses: readonly Loss[];
}

export interface Losses {
  readonly named: readonly Loss[];
  /** How many more there were. */
  readonly unnamed: number;
}

/** As it is kept. */
export interface Decision extends Facts {
  readonly requestLosses: Losses;
  readonly replyLosses: Losses;
}

/** Losses that are named of one attempt: a long conversation may lose the same thing in each turn. */
const MAX_NAMED = 100;
/** A note is one sentence; what is longer quotes something. */
const MAX_NOTE_CHARS = 300;
const MAX_PATH_CHARS = 200;
/** As long as a ref may be asked for. */
const MAX_REF_CHARS = 300;
/** Routes are short lists. */
const MAX_SKIPPED = 20;
/** Of the whole text: settles wait in memory until they are durable. */
export const MAX_DECISION_CHARS = 32 * 1024;

/** The JSON that is kept. Fewer losses are named where it would be too long; every loss is counted. */
export function renderDecision(facts: DecisionFacts): string {
  const different: DecisionFacts = {
    ...facts,
    requestLosses: withoutRepeats(facts.requestLosses),
    replyLosses: withoutRepeats(facts.replyLosses),
  };
  for (let limit = MAX_NAMED; ; limit = Math.floor(limit / 2)) {
    const text = JSON.stringify(boundFacts(different, limit));
    if (text.length <= MAX_DECISION_CHARS || limit === 0) return text;
  }
}

/** The same loss told twice, as a stream does it with each delta, is one. */
function withoutRepeats(losses: readonly Loss[]): readonly Loss[] {
  if (losses.length < 2) return losses;
  return [...new Map(losses.map((loss) => [`${loss.kind} ${loss.path} ${loss.note}`, loss])).values()];
}

function boundFacts(facts: DecisionFacts, limit: number): Decision {
  // There are few in a reply, and they are told nowhere else: a long request may not crowd them out.
  const replyLosses = nameLosses(facts.replyLosses, Math.ceil(limit / 2));
  return {
    asked: clean(facts.asked, MAX_REF_CHARS),
    revision: facts.revision,
    upstreamFormat: facts.upstreamFormat,
    overheadMs: hundredths(facts.overheadMs),
    skipped: facts.skipped.slice(0, MAX_SKIPPED).map(({ ref, reason, note }) => ({
      ref: clean(ref, MAX_REF_CHARS),
      reason,
      ...(note !== undefined && { note: clean(note, MAX_NOTE_CHARS) }),
    })),
    ...(facts.choice && { choice: boundChoice(facts.choice) }),
    ...(facts.order && {
      order: facts.order.slice(0, MAX_SKIPPED).map((candidate) => ({
        ...candidate,
        ref: clean(candidate.ref, MAX_REF_CHARS),
      })),
    }),
    ...(facts.phases && { phases: roundPhases(facts.phases) }),
    requestLosses: nameLosses(facts.requestLosses, limit - replyLosses.named.length),
    replyLosses,
  };
}

function boundChoice({ layer, prompt, promptBy, said }: ChoiceFacts): ChoiceFacts {
  return {
    layer,
    ...(prompt !== undefined && { prompt: clean(prompt, MAX_REF_CHARS) }),
    ...(promptBy !== undefined && { promptBy }),
    said: said.map((one) => ({
      layer: one.layer,
      ref: clean(one.ref, MAX_REF_CHARS),
      source: clean(one.source, MAX_NOTE_CHARS),
    })),
  };
}

function roundPhases({ bodyMs, heldMs, firstByteMs, totalMs }: Phases): Phases {
  return {
    bodyMs: hundredths(bodyMs),
    heldMs: hundredths(heldMs),
    ...(firstByteMs !== undefined && { firstByteMs: hundredths(firstByteMs) }),
    totalMs: hundredths(totalMs),
  };
}

function hundredths(ms: number): number {
  return Math.round(ms * 100) / 100;
}

function nameLosses(losses: readonly Loss[], limit: number): Losses {
  const named = losses.slice(0, limit).map(({ kind, path, note }) => ({
    kind,
    path: maskAndClean(path, MAX_PATH_CHARS),
    note: maskAndClean(note, MAX_NOTE_CHARS),
  }));
  return { named, unnamed: losses.length - named.length };
}

/** Masked first: the rest of a word that was cut might pass for a harmless one. */
function maskAndClean(text: string, limit: number): string {
  // Nearly every path and note there is.
  if (text.length <= limit && PRINTABLE_ASCII.test(text) && !LONG_WORD.test(text)) return text;
  return clean(maskLongWords(text.slice(0, 2 * limit)), limit);
}

/** Cut, and without what would move the cursor of a terminal or turn the direction of writing. */
function clean(text: string, limit: number): string {
  const printable = text
    .slice(0, limit)
    .replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu, ' ')
    .toWellFormed();
  return text.length > limit ? `${printable.slice(0, -1)}…` : printable;
}

const PRINTABLE_ASCII = /^[ -~]*$/;
const LONG_WORD = /[\w+/=-]{20,}/;
const LONG_WORDS = new RegExp(LONG_WORD, 'g');
const LONG_RUN = /[A-Za-z0-9]{20,}/g;
const SHOWN_OF_WORD = 6;

/**
 * Names of fields, tools and media types are the client's own. Where one holds a long run of letters and digits
 * mixed, as keys and ids do and names do not, only its beginning is kept.
 */
function maskLongWords(text: string): string {
  return text.replace(LONG_WORDS, (word) => {
    const runs = word.match(LONG_RUN) ?? [];
    const isMixed = runs.some((run) => /\d/.test(run) && /[A-Za-z]/.test(run));
    return isMixed ? `${word.slice(0, SHOWN_OF_WORD)}…` : word;
  });
}

/** By attempt, in order. Attempts whose entry says all have none. */
export async function decisionsOf(
  store: Store,
  exchangeId: ExchangeId,
): Promise<ReadonlyMap<number, Decision>> {
  const rows = await store.kysely
    .selectFrom('decisions')
    .select(['attempt', 'facts'])
    .where('exchange_id', '=', exchangeId)
    .orderBy('attempt')
    .execute();
  return new Map(rows.map(({ attempt, facts }) => [attempt, JSON.parse(facts) as Decision]));
}
