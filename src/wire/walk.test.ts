/** The walk against JSON.parse: on any spelling of any object, on broken texts, and on what the hostile send. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  decodeJsonString,
  type Edit,
  insertField,
  MAX_FIELDS,
  spliceValues,
  type Walk,
  walkTopLevel,
} from './walk.ts';

const wanted = ['model', 'stream', 'max_tokens'];

function walkText(text: string): Walk {
  return walkTopLevel(Buffer.from(text), wanted);
}

function found(text: string): Walk & { ok: true } {
  const walk = walkText(text);
  if (!walk.ok) throw new Error(walk.message);
  return walk;
}

/** JSON in every spelling the grammar allows, so that nothing rests on how one serialiser writes. */
const space = fc.constantFrom('', '', '', ' ', '\n', '\t\r\n  ');
const scalar = fc.constantFrom('0', '-0', '1.0', '1E+2', '12e-7', '-3.25', '1e200', 'true', 'false', 'null');
const piece = fc.oneof(
  fc.string({ unit: 'grapheme', maxLength: 40 }).map((text) => JSON.stringify(text).slice(1, -1)),
  fc.constantFrom('\\"', '\\\\', '\\u0022', '\\/', '{', ']', ',', ':', '\\ud83d\\ude00', "'", '//', '\u2028'),
);
const stringText = fc.array(piece, { maxLength: 6 }).map((pieces) => `"${pieces.join('')}"`);
const keyText = fc.oneof(
  stringText,
  fc.constantFrom('"model"', '"mod\\u0065l"', '"stream"', '"\\u006dax_tokens"', '"models"', '"__proto__"'),
);
const { value, object } = fc.letrec<{ value: string; object: string; array: string }>((tie) => ({
  value: fc.oneof({ maxDepth: 4 }, scalar, stringText, tie('object'), tie('array')),
  object: fc
    .array(fc.tuple(space, keyText, space, space, tie('value'), space), { maxLength: 5 })
    .chain((fields) => space.map((inside) => `{${fields.map(spellField).join(',') || inside}}`)),
  array: fc
    .array(fc.tuple(space, tie('value'), space), { maxLength: 5 })
    .chain((items) => space.map((inside) => `[${items.map((item) => item.join('')).join(',') || inside}]`)),
}));

function spellField([before, key, beforeColon, afterColon, text, after]: readonly string[]): string {
  return `${before}${key}${beforeColon}:${afterColon}${text}${after}`;
}

const body = fc.tuple(space, object, space).map((parts) => parts.join(''));

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}

/** Numbers that are read as infinite are refused. */
function isFiniteJson(text: string): boolean {
  if (!isJson(text)) return false;
  let isBounded = true;
  JSON.parse(text, (_, value: unknown) => {
    if (typeof value === 'number' && !Number.isFinite(value)) isBounded = false;
    return value;
  });
  return isBounded;
}

describe('walkTopLevel', () => {
  it('finds in any spelling what JSON.parse finds', () => {
    fc.assert(
      fc.property(body, (text) => {
        const bytes = Buffer.from(text);
        const walk = found(text);
        const parsed = JSON.parse(text) as Record<string, unknown>;
        for (const name of wanted) {
          const span = walk.fields.get(name);
          expect(span !== undefined).toBe(Object.hasOwn(parsed, name));
          if (!span) continue;
          const spelled = bytes.toString('utf8', span.start, span.end);
          expect(spelled).toBe(spelled.trim());
          expect(JSON.parse(spelled)).toEqual(parsed[name]);
          expect(span.kind).toBe(kindOf(parsed[name]));
        }
        expect(text.slice(0, text.indexOf('{'))).toHaveLength(walk.start);
        expect(bytes.toString('utf8', walk.end).trim()).toBe('');
      }),
      { numRuns: 600 },
    );
  });

  it('splices a value and leaves every other byte', () => {
    const replacement = JSON.stringify('openai/gpt-4o "new"');
    fc.assert(
      fc.property(body, (text) => {
        const bytes = Buffer.from(text);
        const walk = found(text);
        const span = walk.fields.get('model');
        const edit: Edit = span
          ? { start: span.start, end: span.end, text: replacement }
          : insertField(walk, 'model', replacement);
        const changed = Buffer.concat(spliceValues(bytes, [edit]));
        const tail = bytes.subarray(edit.end);
        expect(changed.subarray(0, edit.start)).toEqual(bytes.subarray(0, edit.start));
        expect(changed.subarray(changed.length - tail.length)).toEqual(tail);
        expect(JSON.parse(changed.toString())).toEqual({
          ...(JSON.parse(text) as object),
          model: JSON.parse(replacement),
        });
      }),
      { numRuns: 600 },
    );
  });

  it('accepts of broken texts no more than JSON.parse does, bad strings aside, and never less', () => {
    const damage = fc.tuple(fc.nat(), fc.nat({ max: 2 }), fc.constantFrom('', ...'{}[]",:0-.e+x/\''));
    fc.assert(
      fc.property(body, damage, (text, [place, removed, added]) => {
        const at = place % text.length;
        const broken = Buffer.from(text.slice(0, at) + added + text.slice(at + removed)).toString();
        // What stands inside strings is not the walker's business: blanked, the rest must be JSON.
        const blanked = broken.replace(/"(?:[^"\\]|\\[\s\S])*"/g, '"x"');
        const walk = walkText(broken);
        if (walk.ok) expect(isJson(blanked), broken).toBe(true);
        else expect(isFiniteJson(broken) && broken.trimStart().startsWith('{'), broken).toBe(false);
      }),
      { numRuns: 3000 },
    );
  });

  it('takes the last of two, and names them', () => {
    const text = '{"model":"a","stream":true,"x":{"model":"no"},"mod\\u0065l":"b"}';
    const walk = found(text);
    expect(decodeJsonString(Buffer.from(text), walk.fields.get('model')!)).toBe('b');
    expect(walk).toMatchObject({ duplicates: ['model'], lookalikes: [], fieldCount: 4 });
  });

  it.each(['Model', 'MODEL', 'max_to\u212aens', '\u017ftream', '\\u004dodel'])(
    'names %s, which a Go server would take for a field',
    (key) => {
      const walk = found(`{"${key}":1}`);
      expect(walk.fields.size).toBe(0);
      expect(walk.lookalikes).toEqual([JSON.parse(`"${key}"`)]);
    },
  );

  it.each<[string, string | Buffer, string]>([
    ['nothing', '', 'not-json'],
    ['white space only', ' \n', 'not-json'],
    ['an array', '[{"model":1}]', 'not-object'],
    ['a string', '"model"', 'not-object'],
    ['prose', 'model=gpt', 'not-json'],
    ['a byte order mark', '\ufeff{}', 'not-json'],
    ['UTF-16', Buffer.from('{"a":1}', 'utf16le'), 'not-json'],
    ['bad UTF-8 before a quote', Buffer.from([0x7b, 0x22, 0xc3, 0x22, 0x3a, 0x31, 0x7d]), 'not-utf8'],
    ['an overlong quote', Buffer.from([0x7b, 0x22, 0xc0, 0xa2, 0x22, 0x3a, 0x31, 0x7d]), 'not-utf8'],
    ['two objects', '{}{}', 'not-json'],
    ['a trailing comma', '{"a":1,}', 'not-json'],
    ['a leading comma', '{,"a":1}', 'not-json'],
    ['no colon', '{"a" 1}', 'not-json'],
    ['no value', '{"a":}', 'not-json'],
    ['a bare key', '{model:1}', 'not-json'],
    ['single quotes', `{'model':1}`, 'not-json'],
    ['a comment', '{"a":[/*"*/]}', 'not-json'],
    ['a line comment', '{"a":1 // "\n}', 'not-json'],
    ['crossed brackets', '{"a":[}]}', 'not-json'],
    ['an open end', '{"a":[1,2', 'not-json'],
    ['an open string', '{"a":"b', 'not-json'],
    ['a string ended by an escaped quote', '{"a":"b\\"}', 'not-json'],
    ['a lone backslash at the end', '{"a":"\\', 'not-json'],
    ['a long string with a lone backslash at the end', `{"a":"${'x'.repeat(100)}\\`, 'not-json'],
    ['an escape at the edge of the inline search', `{"a":"${'x'.repeat(23)}\\"}`, 'not-json'],
    ['NaN', '{"a":NaN}', 'not-json'],
    ['a cut word', '{"a":tru', 'not-json'],
    ['a leading zero', '{"a":01}', 'not-json'],
    ['a lone minus', '{"a":[-]}', 'not-json'],
    ['a lone point', '{"a":1.}', 'not-json'],
    ['an empty exponent', '{"a":1e+}', 'not-json'],
    ['a key with a bad escape', '{"mod\\x":1}', 'not-json'],
    ['arrays one too deep', `{"a":${'['.repeat(64)}${']'.repeat(64)}}`, 'too-deep'],
    ['a number beyond all', '{"a":1e400}', 'not-json'],
    ['a nested number beyond all', '{"a":[-1.0E+309]}', 'not-json'],
    ['a number beyond all, written out', `{"a":${'9'.repeat(310)}}`, 'not-json'],
    ['too many keys', `{"a":{${Array.from({ length: 200_001 }, () => '"k":0').join()}}}`, 'too-many-fields'],
    ['deep arrays', `{"a":${'['.repeat(1_000_000)}`, 'too-deep'],
    ['deep objects', `{"a":${'{"a":'.repeat(1_000_000)}`, 'too-deep'],
    [
      'many fields',
      `{${Array.from({ length: MAX_FIELDS + 1 }, (_, at) => `"${at}":0`).join()}}`,
      'too-many-fields',
    ],
  ])('refuses %s', (_name, text, problem) => {
    const walk = walkTopLevel(Buffer.from(text), wanted);
    expect(walk).toMatchObject({ ok: false, problem });
    expect(walk.ok ? '' : walk.message).toMatch(/ at byte \d+$/);
  });

  it.each([
    ['arrays 64 deep with the body', `{"a":${'['.repeat(63)}${']'.repeat(63)}}`],
    ['large numbers', '{"a":[1.7e308,-1.7E+308,1e-400,0.00001e312]}'],
    ['many keys', `{"a":[${Array.from({ length: 200_000 }, () => '{"k":0}').join()}]}`],
    ['exactly so many fields', `{${Array.from({ length: MAX_FIELDS }, (_, at) => `"${at}":0`).join()}}`],
    ['a string of backslashes', `{"a":"${'\\\\'.repeat(100)}","model":1}`],
    ['a quote after many backslashes', `{"a":"${'x'.repeat(50)}${'\\\\'.repeat(9)}\\"","model":1}`],
  ])('accepts %s', (_name, text) => {
    expect(isJson(text)).toBe(true);
    expect(walkText(text).ok).toBe(true);
  });

  it('says where', () => {
    expect(walkText('{"model":"x" "y"}')).toEqual({
      ok: false,
      problem: 'not-json',
      offset: 13,
      message: 'expected a comma or the closing brace at byte 13',
    });
  });
});

function kindOf(parsed: unknown): string {
  if (parsed === null) return 'null';
  return Array.isArray(parsed) ? 'array' : typeof parsed;
}

describe('decodeJsonString', () => {
  it.each([
    ['"plain"', 'plain'],
    ['"\\u00e9\\n\\ud83d\\ude00"', '\u00e9\n\u{1f600}'],
    ['"bad \\x"', undefined],
    ['12', undefined],
  ])('%s', (text, expected) => {
    expect(decodeJsonString(Buffer.from(text), { start: 0, end: text.length })).toBe(expected);
  });
});

describe('spliceValues', () => {
  const bytes = Buffer.from('{"a":1,"b":2}');

  it('makes several edits in any order without copying the rest', () => {
    const pieces = spliceValues(bytes, [
      { start: 11, end: 12, text: 'true' },
      { start: 5, end: 6, text: '"\u00e9"' },
      { start: 1, end: 1, text: '"c":0,' },
    ]);
    expect(Buffer.concat(pieces).toString()).toBe('{"c":0,"a":"\u00e9","b":true}');
    expect(pieces[0]!.buffer).toBe(bytes.buffer);
  });

  it('removes with an empty text', () => {
    expect(Buffer.concat(spliceValues(bytes, [{ start: 1, end: 7, text: '' }])).toString()).toBe('{"b":2}');
  });

  it('gives the body itself when there is nothing to do', () => {
    expect(spliceValues(bytes, [])).toEqual([bytes]);
  });

  it.each([
    [
      { start: 2, end: 6, text: '' },
      { start: 5, end: 7, text: '' },
    ],
    [{ start: 2, end: 1, text: '' }],
    [{ start: 2, end: 99, text: '' }],
  ])('throws on edits that cannot be made', (...edits) => {
    expect(() => spliceValues(bytes, edits)).toThrow('overlaps');
  });
});

describe('insertField', () => {
  it.each(['{}', ' { "a" : 1 } ', '{"a":1}'])('gives %s a field', (text) => {
    const edit = insertField(found(text), 'stream', 'true');
    const changed = Buffer.concat(spliceValues(Buffer.from(text), [edit])).toString();
    expect(JSON.parse(changed)).toEqual({ stream: true, ...(JSON.parse(text) as object) });
  });
});

it('generates values of every kind', () => {
  const kinds = new Set(fc.sample(value, { numRuns: 300, seed: 7 }).map((text) => kindOf(JSON.parse(text))));
  expect([...kinds].sort()).toEqual(['array', 'boolean', 'null', 'number', 'object', 'string']);
});
