/** What the tests of failures share: one client, one upstream, one short exchange that goes wrong. */
import { expect } from 'vitest';
import type { Conversation, Driver } from '../drivers/index.ts';
import type { Column, MatrixHouse } from '../matrix-house.ts';
import type { Said } from '../voices/index.ts';

export interface Row {
  readonly driver: Driver;
  readonly column: Column;
  house(): MatrixHouse;
}

export const asked: Conversation = { turns: [{ role: 'user', text: 'Say something.' }] };
export const said: Said = {
  text: 'Half of this is never said.',
  stop: 'end',
  usage: { input: 9, output: 9 },
};

export async function thrownBy(promise: Promise<unknown>): Promise<unknown> {
  const outcome = await promise.then(
    (value) => ({ value }),
    (error: unknown) => ({ error }),
  );
  expect(outcome).toHaveProperty('error');
  return (outcome as { error: unknown }).error;
}
