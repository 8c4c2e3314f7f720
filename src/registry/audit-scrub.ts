/** What of a request or a row may be written into the audit: no secrets, by name and by look, and no more than fits. */

const REMOVED = '[removed]';

/** Longer texts are prompts or pasted files: their beginning says which. */
const MAX_TEXT = 300;
const MAX_ITEMS = 100;
/** Deeper than any body that the API takes; also what keeps hostile nesting off the stack. */
const MAX_DEPTH = 8;
/** Of one event. A hundred budgets changed by one file are as much. */
const MAX_DETAIL = 16 * 1024;

/** Names whose last word is one of these hold a secret. */
const SECRET_ENDS = new Set([
  ...['token', 'authorization', 'cookie', 'cookies', 'code', 'otp', 'totp', 'pin', 'salt', 'signature'],
  ...['bearer', 'answer', 'state', 'nonce', 'jwt', 'assertion', 'pem'],
]);
/** And those that have one of these anywhere. */
const SECRET_WORDS = new Set([
  ...['secret', 'secrets', 'password', 'passphrase', 'passwd', 'hash', 'sealed', 'cipher', 'wrapped'],
  ...['private', 'recovery', 'backup', 'verifier'],
]);
/** `key` alone names a record; with one of these before it, what opens something. */
const KEY_KINDS = new Set([
  'api',
  'admin',
  'access',
  'master',
  'signing',
  'private',
  'license',
  'provisioning',
]);

/** Secrets by their look, wherever they stand in a text. */
const SECRET_TEXT = new RegExp(
  [
    // Ours: virtual keys and operator tokens (with characters enough that a preview is none), sealed texts.
    'tpo?-[A-Za-z0-9_-]{16,}',
    '\\bv\\d\\.[0-9a-f]{16}\\.[A-Za-z0-9_.-]{20,}',
    // Recovery keys of the vault.
    '\\bTPR1(?:[\\s-]?[0-9A-Za-z]{4}){6,}',
    // As vendors begin theirs.
    '\\b(?:sk|rk|pk|gsk|hf|pplx|nvapi|xai|ghp|gho|ghs|glpat|xox[abps])[-_][A-Za-z0-9_-]{12,}',
    '\\b(?:AIza|AKIA|ASIA|ABSK|AQ\\.)[A-Za-z0-9_.-]{12,}',
    // JSON web tokens, keys in PEM, what follows `Bearer`, and what stands in an address before the @.
    '\\beyJ[A-Za-z0-9_-]{10,}(?:\\.[A-Za-z0-9_-]+)*',
    '-----BEGIN [A-Z ]*PRIVATE KEY-----[\\s\\S]*?(?:-----END [A-Z ]*-----|$)',
    '(?<=\\b(?:[Bb]earer|[Bb]asic) )[A-Za-z0-9._~+/=-]{8,}',
    '(?<=://)[^\\s/@]+(?=@)',
    // Digests, and what is as long and mixed as only drawn texts are.
    '\\b[0-9a-f]{64}\\b',
    '(?<![\\w+-])(?=[\\w+-]*[a-z])(?=[\\w+-]*[A-Z])(?=[\\w+-]*\\d)[\\w+-]{32,}',
  ].join('|'),
  'g',
);

/** A copy that may be kept and shown. Whatever it is given; never throws. */
export function withoutSecrets(value: unknown): unknown {
  return scrub(value, 0);
}

/** As one line of JSON of bounded length, without secrets. */
export function detailText(detail: object): string {
  const text = JSON.stringify(withoutSecrets(detail));
  if (text.length <= MAX_DETAIL) return text;
  return JSON.stringify({ cut: text.slice(0, MAX_DETAIL / 2), length: text.length });
}

export function isSecretName(name: string): boolean {
  const words = name
    .replaceAll(/([a-z0-9])([A-Z])/g, '$1 $2')
    .toLowerCase()
    .split(/[^a-z0-9]+/)
    .filter((word) => word !== '');
  const last = words.at(-1) ?? '';
  if (SECRET_ENDS.has(last) || words.some((word) => SECRET_WORDS.has(word))) return true;
  return last === 'key' && KEY_KINDS.has(words.at(-2) ?? '');
}

function scrub(value: unknown, depth: number): unknown {
  switch (typeof value) {
    case 'string':
      return scrubText(value, depth);
    case 'number':
    case 'boolean':
      return value;
    case 'bigint':
      return String(value);
    case 'object':
      return value === null ? null : scrubObject(value, depth);
    default:
      return undefined;
  }
}

function scrubObject(value: object, depth: number): unknown {
  if (depth >= MAX_DEPTH) return '[deeper]';
  if (Array.isArray(value)) {
    const kept = value.slice(0, MAX_ITEMS).map((item) => scrub(item, depth + 1));
    return value.length > MAX_ITEMS ? [...kept, `[${value.length - MAX_ITEMS} more]`] : kept;
  }
  const kept: [string, unknown][] = [];
  for (const [name, field] of Object.entries(value).slice(0, MAX_ITEMS)) {
    kept.push([scrubPlain(name), isRemoved(name, field) ? REMOVED : scrub(field, depth + 1)]);
  }
  return Object.fromEntries(kept);
}

/** Whether there is one, and null, are no secrets. */
function isRemoved(name: string, value: unknown): boolean {
  return typeof value !== 'boolean' && value !== null && value !== undefined && isSecretName(name);
}

/** Columns and bodies hold JSON in texts: looked into as what it is. */
function scrubText(text: string, depth: number): string {
  if (/^\s*[{[]/.test(text) && text.length < MAX_DETAIL) {
    try {
      return scrubPlain(JSON.stringify(scrub(JSON.parse(text), depth + 1)));
    } catch {
      // No JSON after all.
    }
  }
  return scrubPlain(text);
}

function scrubPlain(text: string): string {
  // A secret must not be cut into something that looks like none: looked through before it is cut.
  const near = text.slice(0, 4 * MAX_TEXT);
  const clean = near.replace(SECRET_TEXT, REMOVED);
  if (clean.length <= MAX_TEXT && near === text) return clean;
  return `${clean.slice(0, MAX_TEXT).toWellFormed()}… (${text.length} characters)`;
}
