/**
 * Holds the types of the client equal to the document that the routes make. After a change:
 * `npx vitest run test/client-doc.test.ts -u`.
 */
import openapiTypes, { astToString, type OpenAPI3 } from 'openapi-typescript';
import { expect, it } from 'vitest';
import { createApp } from '../src/admin/app.ts';
import { documentOf } from '../src/admin/document.ts';
import { fakeHouse } from './support/fake-house.ts';

const { deps } = fakeHouse();
const document = documentOf(createApp(deps), deps.describeInstallation().version);

const HEAD = `/** Made from the routes of the admin API; held equal to them by test/client-doc.test.ts. Not to be changed by hand. */
`;

it('the types are those of the document', async () => {
  const types = await openapiTypes(document as OpenAPI3, { alphabetize: true, immutable: true });
  await expect(HEAD + astToString(types)).toMatchFileSnapshot('../src/client/paths.d.mts');
});
