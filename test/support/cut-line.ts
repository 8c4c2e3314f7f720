/** A line between a process and a PostgreSQL server that a test can cut, hold and join again. */

import type { AddressInfo } from 'node:net';
import { connect, createServer, type Server, type Socket } from 'node:net';

export interface CutLine {
  /** The URL of the database, by this line. */
  url(database: string): string;
  /** Ends every connection and lets none be made. */
  cut(): void;
  /** Lets nothing of what the server answers come through; what is asked arrives. */
  holdAnswers(): void;
  /** When the text is next asked it does not arrive: `act` is called in its stead, once. */
  insteadOf(text: string, act: () => void): void;
  join(): void;
  close(): Promise<void>;
}

/** @param socketPath of the server */
export async function openLine(socketPath: string): Promise<CutLine> {
  const open = new Set<Socket>();
  let state: 'whole' | 'cut' | 'held' = 'whole';
  let trap: { readonly text: string; readonly act: () => void } | undefined;
  const server: Server = createServer((near) => {
    if (state === 'cut') return void near.destroy();
    const far = connect(socketPath);
    for (const socket of [near, far]) {
      open.add(socket);
      socket.on('error', () => undefined);
      socket.on('close', () => {
        open.delete(socket);
        near.destroy();
        far.destroy();
      });
    }
    near.on('data', (bytes) => {
      if (!trap || !bytes.includes(trap.text)) return void far.write(bytes);
      const { act } = trap;
      trap = undefined;
      act();
    });
    far.on('data', (bytes) => {
      if (state === 'whole') near.write(bytes);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  const cutAll = () => {
    for (const socket of open) socket.destroy();
  };
  return {
    url(database) {
      const url = new URL(database);
      url.search = '';
      url.host = `127.0.0.1:${port}`;
      return url.href;
    },
    cut() {
      state = 'cut';
      cutAll();
    },
    holdAnswers() {
      state = 'held';
    },
    insteadOf(text, act) {
      trap = { text, act };
    },
    join() {
      state = 'whole';
    },
    async close() {
      cutAll();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
