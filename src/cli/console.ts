/** `turnpike console`: where people sign in, and while there is no owner the link that makes one. */
import { RefusedError } from './client.ts';
import { findServer, withServer } from './connect.ts';
import type { ExitCode, Io } from './io.ts';
import { moment, paintFor, printJson, printLine } from './print.ts';

export async function openConsole(io: Io, { json }: { readonly json?: boolean }): Promise<ExitCode> {
  const made = await withServer(io, (client) =>
    client.membership.ownerLink().catch((error: unknown) => {
      if (error instanceof RefusedError && error.code === 'owner_exists') return undefined;
      throw error;
    }),
  );
  const url = `${findServer(io).url}/console/sign-in`;
  if (json) {
    printJson(io, { url, ownerLink: made?.link ?? null, expiresAt: made?.expiresAt ?? null });
    return 0;
  }
  printLine(io.stdout, made?.link ?? url);
  if (made) {
    const paint = paintFor(io.stderr, io.env);
    printLine(
      io.stderr,
      `${paint.green('✓')} Open it to become the owner. Good once, until ${moment(made.expiresAt)}; the link before it is good no more.`,
    );
  }
  return 0;
}
