// Paths that mean something at the sandbox, and the ones it is called by.
import { describe, expect, it } from 'vitest';
import { formats } from '../../wire/formats.ts';
import type { Operation } from '../provider.ts';
import { sandbox } from '../providers/sandbox.ts';
import { findEndpoint } from './endpoint.ts';

const models = ['scribe', 'a/b', 'with:colon', 'per%cent', 'ümlaut'];
const operations: readonly Operation[] = ['chat', 'count-tokens'];

it('speaks every format there is', () => {
  expect(sandbox.formats).toEqual(Object.keys(formats));
});

describe.each(sandbox.formats)('%s', (format) => {
  it.each(operations.flatMap((operation) => models.map((model) => [operation, model] as const)))(
    'finds %s of %s again',
    (operation, model) => {
      for (const isStream of [false, true]) {
        const path = sandbox.path(format, operation, { model, isStream });
        if (path === undefined && operation !== 'chat') continue;
        const found = findEndpoint('POST', path!);
        expect(found).toMatchObject({ operation, format });
        if (!found || !('model' in found)) continue;
        expect(found.model).toBe(model);
        if (operation === 'chat') expect(found).toMatchObject({ isStream });
      }
    },
  );
  it('finds its list of models again', () => {
    const path = sandbox.path(format, 'list-models', { model: '', isStream: false });
    expect(findEndpoint('GET', path!)).toMatchObject({ operation: 'list-models' });
  });
});

it('takes a broken encoding for the name itself', () => {
  const found = findEndpoint('POST', '/v1beta/models/50%:generateContent');
  expect(found).toMatchObject({ format: 'gemini-generate', model: '50%' });
});
