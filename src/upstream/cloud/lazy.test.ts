// The clouds' libraries take their time to load: nobody pays it who calls no cloud.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { listFiles, ROOT } from '../../../test/support/source-tree.ts';

const LIBRARIES = [
  'google-auth-library',
  '@aws-sdk/credential-provider-node',
  '@aws-crypto/sha256-js',
  '@smithy/signature-v4',
  '@smithy/eventstream-codec',
];

const sources = listFiles(['src'])
  .filter((path) => path.endsWith('.ts') && !path.endsWith('.test.ts'))
  .map((path) => readFileSync(join(ROOT, path), 'utf8'));

it.each(LIBRARIES)('%s is imported when needed, and else for its types alone', (library) => {
  const statement = new RegExp(`^(import|export) (?!type )[^;]* from '${library}'`, 'm');
  expect(sources.filter((text) => statement.test(text))).toEqual([]);
  expect(sources.filter((text) => text.includes(`import('${library}')`))).toHaveLength(1);
});
