/**
 * One PostgreSQL server for a run of vitest, started when the first test file asks for a database and stopped at the
 * end, whatever the tests did. Test files are other processes, so they ask over http: see postgres.ts.
 */
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { TestProject } from 'vitest/node';
import type { PostgresServer } from './postgres-server.ts';

declare module 'vitest' {
  interface ProvidedContext {
    /** URL that answers a POST with the URL of a fresh database. */
    readonly postgresDoor: string;
  }
}

export default async function openDoor(project: TestProject): Promise<() => Promise<void>> {
  let starting: Promise<PostgresServer> | undefined;
  const start = async () => (await import('./postgres-server.ts')).startPostgres();
  const door = createServer((_request, response) => {
    starting ??= start();
    starting
      .then((server) => server.createDatabase())
      .then(
        (url) => response.end(url),
        (error: unknown) => response.writeHead(500).end(String(error)),
      );
  });
  await new Promise<void>((resolve) => door.listen(0, '127.0.0.1', resolve));
  project.provide('postgresDoor', `http://127.0.0.1:${(door.address() as AddressInfo).port}/`);
  return async () => {
    door.close();
    door.closeAllConnections();
    const server = await starting?.catch(() => undefined);
    await server?.stop();
  };
}
