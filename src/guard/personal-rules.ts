/** What tells of a person by its form: e-mail addresses, bank accounts, cards, addresses of machines, marked phone numbers. */
import { type Rule, rule, type Span } from './finding.ts';

export const personalRules: readonly Rule[] = [
  rule(
    'e-mail',
    ['@'],
    /[\w.%+'-]{1,64}@[A-Za-z0-9](?:[A-Za-z0-9-]{0,62}\.){1,8}[A-Za-z]{2,24}(?![A-Za-z0-9-])/,
    { before: { part: /[\w.%+'-]/, max: 64 } },
  ),
  rule(
    'phone',
    ['phone', 'mobile', 'tel:', 'tel.', 'tel ', 'telefon', 'cell:', 'fax', 'whatsapp', 'call me at'],
    /(?:tele)?(?:phone|mobile|tel|telefon|cell|fax|whatsapp|call me at)(?: ?(?:number|no\.?|nr\.?|#))?["']?[ \t]{0,3}[:.=#]?[ \t]{0,3}["']?(\+?\(?\d[\d ()./-]{5,22}\d)(?!\w)/i,
    { isInWord: true, check: (found) => found.replace(/\D/g, '').length >= 7 },
  ),
];

/** Numbers have no trigger: these are looked for by one pattern each. */
export interface NumberRule {
  readonly kind: string;
  /** Global. What it takes at one place is bounded. */
  readonly pattern: RegExp;
  /** How much of a match it is, from its beginning; undefined = nothing. */
  take(found: string): number | undefined;
}

export const numberRules: readonly NumberRule[] = [
  {
    kind: 'iban',
    pattern: /(?<![A-Za-z0-9])[A-Z]{2}\d{2}(?:[ -]?[A-Z0-9]){10,30}/g,
    take: takeIban,
  },
  {
    kind: 'card',
    pattern: /(?<![\w.,+-])[2-6]\d{3}(?:[ -]?\d){9,15}(?![\w])/g,
    take: (found) => (isCard(found) ? found.length : undefined),
  },
  {
    kind: 'ip',
    pattern: /(?<![\w.])(?:25[0-5]|2[0-4]\d|1?\d?\d)(?:\.(?:25[0-5]|2[0-4]\d|1?\d?\d)){3}(?![\w]|\.\d)/g,
    take: (found) => (ownAddresses.has(found) ? undefined : found.length),
  },
  {
    kind: 'ip',
    pattern:
      /(?<![\w:.])(?:[0-9a-fA-F]{1,4}:){1,7}(?::[0-9a-fA-F]{1,4}|[0-9a-fA-F]{1,4}|:)(?::[0-9a-fA-F]{1,4}){0,6}(?![\w:])/g,
    take: (found) => (isIpv6(found) ? found.length : undefined),
  },
];

/** Every machine has these: they tell of nobody. */
const ownAddresses = new Set(['127.0.0.1', '0.0.0.0', '255.255.255.255']);

export function findNumbers(text: string, { pattern, take }: NumberRule): readonly Span[] {
  const spans: Span[] = [];
  for (const { index, 0: found } of text.matchAll(pattern)) {
    const length = take(found);
    if (length !== undefined) spans.push({ start: index, end: index + length });
  }
  return spans;
}

/** Length of an account number by its country. */
const ibanLengths = new Map(
  (
    'AD24 AE23 AL28 AT20 AZ28 BA20 BE16 BG22 BH22 BR29 BY28 CH21 CR22 CY28 CZ24 DE22 DK18 DO28 EE20 EG29 ES24 FI18 ' +
    'FO18 FR27 GB22 GE22 GI23 GL18 GR27 GT28 HR21 HU28 IE22 IL23 IQ23 IS26 IT27 JO30 KW30 KZ20 LB28 LC32 LI21 LT20 ' +
    'LU20 LV21 LY25 MC27 MD24 ME22 MK19 MR27 MT31 MU30 NL18 NO15 PK24 PL28 PS29 PT25 QA29 RO24 RS22 SA24 SC31 SD18 ' +
    'SE24 SI19 SK24 SM27 ST25 SV28 TL23 TN24 TR26 UA29 VA22 VG24 XK20'
  )
    .split(' ')
    .map((row) => [row.slice(0, 2), Number(row.slice(2))]),
);

function takeIban(found: string): number | undefined {
  const wanted = ibanLengths.get(found.slice(0, 2));
  if (wanted === undefined) return undefined;
  let taken = '';
  let at = 0;
  for (; at < found.length && taken.length < wanted; at += 1)
    if (found[at] !== ' ' && found[at] !== '-') taken += found[at];
  return taken.length === wanted && isIbanSum(taken) ? at : undefined;
}

/** ISO 7064: the number with its head at its end leaves 1 when divided by 97. */
function isIbanSum(iban: string): boolean {
  let rest = 0;
  for (const char of iban.slice(4) + iban.slice(0, 4))
    for (const digit of String(Number.parseInt(char, 36))) rest = (rest * 10 + Number(digit)) % 97;
  return rest === 1;
}

/** Luhn: every second digit from the right counts twice. */
function isCard(found: string): boolean {
  const digits = found.replace(/\D/g, '');
  if (digits.length < 13 || digits.length > 19 || /^(\d)\1+$/.test(digits)) return false;
  let sum = 0;
  for (let at = 0; at < digits.length; at += 1) {
    const digit = Number(digits[digits.length - 1 - at]);
    const counted = at % 2 === 1 ? digit * 2 : digit;
    sum += counted > 9 ? counted - 9 : counted;
  }
  return sum % 10 === 0;
}

/** Times of day and addresses of network cards look alike: eight groups, or a gap; and a digit somewhere. */
function isIpv6(found: string): boolean {
  const groups = found.split(':').filter((group) => group !== '').length;
  const gaps = found.split('::').length - 1;
  if (gaps > 1 || !/\d/.test(found)) return false;
  return gaps === 1 ? groups >= 2 && groups <= 7 : groups === 8;
}
