/** What the rules of this room find in a text, and how a rule says where to look. */

/** A stretch of text, as UTF-16 offsets. */
export interface Span {
  readonly start: number;
  readonly end: number;
}

export interface Finding extends Span {
  /** One word for people, such as `api-key`. */
  readonly kind: string;
}

/** Looks only where one of its triggers stands: a text without any costs one pass, however many rules there are. */
export interface Rule {
  readonly kind: string;
  /** Plain texts in lower case, one of which stands in every match; letter case does not count. */
  readonly triggers: readonly string[];
  /** What there is around the trigger at `at`; undefined = nothing. In time linear in what it returns, or bounded. */
  find(text: string, at: number): Span | undefined;
}

/** How a pattern is tried at a trigger. */
export interface Place {
  /** Characters that belong to it before its trigger, and how many of them at most. */
  readonly before?: { readonly part: RegExp; readonly max: number };
  /** It may be the middle of a word. */
  readonly isInWord?: boolean;
  /** False = it only looks like one. */
  check?(found: string): boolean;
}

/** No letter or digit right before; the letter of an escape that was left undecoded is none. */
const WORD_BEGINS = String.raw`(?:(?<![A-Za-z0-9])|(?<=\\[nrt]))`;

/** A rule by a pattern. Where that has a group, the group alone is what was found. */
export function rule(kind: string, triggers: readonly string[], pattern: RegExp, place: Place = {}): Rule {
  const { before, isInWord = false } = place;
  const begins = before || isInWord ? '' : WORD_BEGINS;
  const sticky = new RegExp(begins + pattern.source, `${pattern.flags}dy`);
  return {
    kind,
    triggers,
    find(text, at) {
      sticky.lastIndex = before ? beginOf(text, at, before) : at;
      const found = sticky.exec(text);
      if (!found) return undefined;
      const [start, end] = found.indices![1] ?? found.indices![0]!;
      return place.check?.(text.slice(start, end)) === false ? undefined : { start, end };
    },
  };
}

function beginOf(text: string, at: number, { part, max }: NonNullable<Place['before']>): number {
  let start = at;
  while (start > 0 && at - start < max && part.test(text[start - 1]!)) start -= 1;
  return start;
}

/** All that the rules find, in order and without overlaps: of two that overlap the one that is met first stays. */
export function createFinder(rules: readonly Rule[]): (text: string) => readonly Finding[] {
  const byTrigger = rulesByTrigger(rules);
  const longestFirst = [...byTrigger.keys()].sort((a, b) => b.length - a.length);
  const triggers = new RegExp(longestFirst.map(escaped).join('|'), 'gi');
  return (text) => {
    const found: Finding[] = [];
    let taken = 0;
    triggers.lastIndex = 0;
    for (let hit = triggers.exec(text); hit; hit = triggers.exec(text)) {
      const finding = findAt(text, hit.index, taken, byTrigger.get(hit[0].toLowerCase())!);
      if (finding) {
        found.push(finding);
        taken = finding.end;
      }
      // Other triggers may begin inside of this one.
      triggers.lastIndex = Math.max(hit.index + 1, taken);
    }
    return found;
  };
}

function findAt(text: string, at: number, taken: number, rules: readonly Rule[]): Finding | undefined {
  for (const { kind, find } of rules) {
    const span = find(text, at);
    if (span && span.start >= taken && span.end > at) return { kind, ...span };
  }
  return undefined;
}

/** With the rules of those shorter triggers that a trigger begins with. */
function rulesByTrigger(rules: readonly Rule[]): ReadonlyMap<string, readonly Rule[]> {
  const triggers = new Set(rules.flatMap((one) => one.triggers));
  const ofTrigger = (trigger: string) =>
    rules.filter((one) => one.triggers.some((shorter) => trigger.startsWith(shorter)));
  return new Map([...triggers].map((trigger) => [trigger, ofTrigger(trigger)]));
}

function escaped(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\/]/g, '\\$&');
}
