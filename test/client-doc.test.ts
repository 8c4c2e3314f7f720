/**
 * Holds the types of the client equal to the document that the routes make. After a change:
 * `npx vitest run test/client-doc.test.ts -u`.
 */
import openapiTypes, { astToString, type OpenAPI3 } from 'openapi-typescript';
import ts from 'typescript';
import { expect, it } from 'vitest';
import { createApp } from '../src/admin/app.ts';
import { documentOf } from '../src/admin/document.ts';
import { fakeHouse } from './support/fake-house.ts';

const { deps } = fakeHouse();
const document = documentOf(createApp(deps), deps.describeInstallation().version);

const HEAD = `/** Made from the routes of the admin API; held equal to them by test/client-doc.test.ts. Not to be changed by hand. */
`;

/** What is optional may be given as undefined, too: JSON leaves it out. */
function orUndefined(property: ts.PropertySignature): ts.PropertySignature {
  const { modifiers, name, questionToken, type } = property;
  if (!questionToken || !type) return property;
  const nothing = ts.factory.createKeywordTypeNode(ts.SyntaxKind.UndefinedKeyword);
  const either = ts.factory.createUnionTypeNode([type, nothing]);
  return ts.factory.updatePropertySignature(property, modifiers, name, questionToken, either);
}

it('the types are those of the document', async () => {
  const types = await openapiTypes(document as OpenAPI3, {
    alphabetize: true,
    // What has a default may be left out of a body.
    defaultNonNullable: false,
    transformProperty: orUndefined,
  });
  await expect(HEAD + astToString(types)).toMatchFileSnapshot('../src/client/paths.d.mts');
});
