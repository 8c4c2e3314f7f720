/** The scribe's words: a fixed welcome for a newcomer, sentences drawn by seed for everything else. */
import { pick, type Random } from './random.ts';

const WELCOME =
  'Hello! You are talking to a simulated model in Turnpike’s sandbox: no provider was called and no key was ' +
  'needed. Everything around me is real, though. This exchange was admitted, routed, priced and written to the ' +
  'ledger like any other, and `turnpike usage` shows what it would have cost. When you are ready for a ' +
  'model that thinks, set a provider key such as ANTHROPIC_API_KEY or OPENAI_API_KEY and start again. Until ' +
  'then, ask me anything: I answer in pleasant prose that means nothing in particular.';

const GREETING =
  /^\s*(hello|hi|hey|hallo|moin|servus|bonjour|hola|ciao|good (morning|afternoon|evening)|ping|test(ing)?)\b.{0,24}$/i;

const OPENINGS: readonly string[] = [
  'This is the sandbox speaking, so take it as weather rather than advice.',
  'A simulated answer, from a model that has never read a book.',
  'What follows was drawn by a seeded hand in Turnpike’s sandbox and is meant kindly.',
];

const SUBJECTS: readonly string[] = [
  'The gatekeeper',
  'A patient traveller',
  'The clerk at the counter',
  'An old road',
  'The evening coach',
  'A careful mapmaker',
  'The lantern by the gate',
  'A small brass bell',
];

const VERBS: readonly string[] = [
  'counts every coin twice',
  'waits for the rain to pass',
  'keeps a tidy book',
  'remembers the way home',
  'lets the slow carts go first',
  'writes the hour beside each name',
  'listens to the wheels on the gravel',
  'leaves the gate as it was found',
];

const ENDINGS: readonly string[] = [
  'and thinks nothing of it.',
  'because somebody has to.',
  'while the kettle sings.',
  'as the hills turn blue.',
  'before the lamps are lit.',
  'and the valley is quiet again.',
  'for the sake of those who come later.',
  'with a nod to the next in line.',
];

/** Words for made-up values. */
export const SAMPLE_WORDS: readonly string[] = [
  'lantern',
  'gravel',
  'meadow',
  'harbour',
  'copper',
  'willow',
  'compass',
  'ledger',
];

const DEFAULT_WORDS = 60;

/** Text of exactly `words` words; where no number is asked for, of about a paragraph. */
export function writeProse(random: Random, prompt: string, words: number | undefined): string {
  if (words === undefined && (prompt.trim() === '' || GREETING.test(prompt))) return WELCOME;
  const wanted = words ?? DEFAULT_WORDS;
  const sentences = [pick(random, OPENINGS)];
  let count = countWords(sentences[0]!);
  while (count < wanted) {
    const sentence = `${pick(random, SUBJECTS)} ${pick(random, VERBS)} ${pick(random, ENDINGS)}`;
    sentences.push(sentence);
    count += countWords(sentence);
  }
  return cutWords(sentences.join(' '), words === undefined ? count : wanted);
}

/** The thoughts before an answer. */
export function writeThought(random: Random, prompt: string, words: number): string {
  const topic = prompt.split(/\s+/, 8).join(' ');
  const opening = `The question reads "${topic}". Let me weigh it.`;
  const sentences = [opening];
  let count = countWords(opening);
  while (count < words) {
    const sentence = `Perhaps ${pick(random, SUBJECTS).toLowerCase()} ${pick(random, VERBS)}.`;
    sentences.push(sentence);
    count += countWords(sentence);
  }
  return cutWords(sentences.join(' '), words);
}

/** Runs of what is no space. */
export function countWords(text: string): number {
  let count = 0;
  for (let at = nextWordEnd(text, 0); at !== -1; at = nextWordEnd(text, at)) count += 1;
  return count;
}

/** The first `words` words, without trailing space. */
export function cutWords(text: string, words: number): string {
  let end = 0;
  for (let left = words; left > 0; left--) {
    const next = nextWordEnd(text, end);
    if (next === -1) return text;
    end = next;
  }
  return text.slice(0, end);
}

/** End of the next word at or after `from`; -1 = there is none. By code units: a pattern costs three times as much. */
export function nextWordEnd(text: string, from: number): number {
  let at = from;
  while (at < text.length && isSpace(text.charCodeAt(at))) at += 1;
  if (at >= text.length) return -1;
  while (at < text.length && !isSpace(text.charCodeAt(at))) at += 1;
  return at;
}

const SPACE = 0x20;
const NO_BREAK_SPACE = 0xa0;
const LINE_SEPARATOR = 0x2028;
const IDEOGRAPHIC_SPACE = 0x3000;

/** The rarer spaces stay inside words: nothing depends on where a word ends. */
function isSpace(code: number): boolean {
  return code <= SPACE || code === NO_BREAK_SPACE || code === LINE_SEPARATOR || code === IDEOGRAPHIC_SPACE;
}
