/** A connection whose process can be paused or killed: what it asks is held before it is sent and before it is heard. */
import type { PostgresSession } from '../../src/store/postgres-session.ts';

export interface Gate {
  readonly session: PostgresSession;
  close(): void;
  open(): void;
  /** Nothing more is sent, and nothing more is heard. */
  kill(): void;
}

export function createGate(session: PostgresSession): Gate {
  let waiting: Promise<void> = Promise.resolve();
  let release: () => void = () => undefined;
  let isDead = false;
  const pass = async () => {
    await waiting;
    if (isDead) throw new Error('this process was killed');
  };
  const open = () => release();
  return {
    session: {
      async ask(text, values) {
        await pass();
        const answer = await session.ask<never>(text, values);
        await pass();
        return answer;
      },
      close: () => session.close(),
    },
    close() {
      open();
      waiting = new Promise((resolve) => {
        release = resolve;
      });
    },
    open,
    kill() {
      isDead = true;
      open();
    },
  };
}
