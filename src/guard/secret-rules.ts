/** Secrets by their looks: keys of vendors, private keys, tokens, and passwords where something says that they are one. */
import { type Rule, rule } from './finding.ts';
import { vendorKeys } from './vendor-keys.ts';

const apiKeys = vendorKeys.map(([prefix, rest]) => {
  const spelled = prefix.replaceAll('.', '\\.');
  return rule('api-key', [prefix.toLowerCase()], new RegExp(`${spelled}${rest.source}=*`));
});

/** A cut one ends where the text does. */
const privateKey = rule(
  'private-key',
  ['-----begin '],
  /-----BEGIN [A-Z0-9 ]{0,40}PRIVATE KEY[A-Z ]{0,10}-----(?:[^-]|-(?!----)){0,20000}(?:-----END[A-Z0-9 ]{0,60}-----)?/,
  { isInWord: true },
);

/** Words alone are no secret; letters with digits or signs between them may be. */
const isRandom = (value: string): boolean => /[A-Za-z]/.test(value) && /[\d!@#$%^&*+=/~]/.test(value);

/** What may stand between the name of a secret and its value: `: `, `=`, `' => "`. */
const BETWEEN = String.raw`["'\x60]{0,2}[ \t]{0,4}(?:=>|:=|[:=])[ \t]{0,4}["'\x60]{0,2}`;
/** Written out: no variable, placeholder or call. The group inside of the lookahead takes all of it or nothing. */
const VALUE = String.raw`(?![$<{*(])(?=([^\s"'\x60,;<>{}()[\]\\]{8,500}))\1(?![([])`;
const names = [
  'password',
  'passwd',
  'passphrase',
  'pwd',
  'secret',
  'token',
  'apikey',
  'api_key',
  'api-key',
  'access_key',
  'access-key',
  'accesskey',
  'accountkey',
  'credential',
  '_key',
  '-key',
  ' key',
  '_pass',
];

const assigned = rule(
  'secret',
  names,
  new RegExp(`[ _-]?[a-z]{3,10}(?:[_-]?key)?(?:[_.-][\\w.-]{0,30}|s)?${BETWEEN}${VALUE}`, 'i'),
  { isInWord: true, check: isRandom },
);

export const secretRules: readonly Rule[] = [
  privateKey,
  rule('token', ['eyj'], /eyJ[\w-]{8,}\.eyJ[\w-]{8,}(?:\.[\w-]*)?/),
  rule('token', ['bearer '], /bearer ["'\x60]?([\w.~+/-]{16,2000}=*)/i, { check: isRandom }),
  rule('token', ['basic '], /basic ["'\x60]?([A-Za-z0-9+/]{12,2000}={0,2})/i, { check: isRandom }),
  ...apiKeys,
  rule('webhook', ['hooks.slack.com/'], /hooks\.slack\.com\/(?:services|workflows)\/([\w/-]{20,200})/, {
    isInWord: true,
  }),
  rule(
    'webhook',
    ['discord.com/api/webhooks/', 'discordapp.com/api/webhooks/'],
    /discord(?:app)?\.com\/api\/webhooks\/([\w/-]{30,200})/,
    { isInWord: true },
  ),
  // Of Telegram's bots, and of Azure's applications.
  rule('api-key', [':aa'], /\d{8,10}:AA[\w-]{32,40}/, { before: { part: /\d/, max: 10 } }),
  rule('api-key', ['q~'], /[\w~.-]{3}\dQ~[\w~.-]{31,34}/, { before: { part: /[\w~.-]/, max: 4 } }),
  rule('password', ['-u ', '--user '], /(?:-u|--user) ["']?[^\s:"']{1,64}:([^\s"']{3,200})/, {
    isInWord: true,
  }),
  // A password between a scheme and a host.
  rule('password', ['://'], /:\/\/[^\s/:@"'<>]{0,200}:([^\s/@"'<>]{1,300})@/, { isInWord: true }),
  assigned,
];
