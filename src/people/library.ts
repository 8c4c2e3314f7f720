/**
 * better-auth, as we use it: the password and the code of a sign-in, and what changes them. It has no endpoints of its
 * own on the network, keeps nothing in cookies but the session's name, and sends nothing anywhere. It is loaded when the
 * first person signs in; that takes some 0.4 s and 30 MB.
 */
import type { IdPrefix } from '../base/ids.ts';
import { newId } from '../base/ids.ts';
import type { Log } from '../base/log.ts';
import type { Secret } from '../base/secret.ts';
import type { Store } from '../store/store.ts';
import { SESSION_COOKIE } from './cookie.ts';
import { createLibraryStore, STORE_CONFIG, TABLES } from './library-store.ts';
import { CHALLENGE_MS, SESSION_MAX_MS } from './lifetimes.ts';
import { MAX_PASSWORD_LENGTH, MIN_PASSWORD_LENGTH, type Passwords } from './passwords.ts';
import type { From } from './people.ts';

export interface LibraryInput {
  readonly store: Store;
  readonly log: Log;
  /** 32 random bytes as text, the same at every start: authenticators' secrets are encrypted with it. */
  readonly secret: Secret;
  readonly passwords: Passwords;
}

export type Library = Awaited<ReturnType<typeof loadLibrary>>;

/** Nothing is ever sent there: the library wants to know where it is, for links that we do not let it make. */
const NOWHERE = 'https://turnpike.invalid';
/** A header that no client can send us: we make these requests. */
const ADDRESS_HEADER = 'x-turnpike-address';
/** Whom `beginSession` begins one for. */
export const PERSON_HEADER = 'x-turnpike-person';

export async function loadLibrary({ store, log, secret, passwords }: LibraryInput) {
  const [{ betterAuth }, { createAdapterFactory }, { twoFactor }, sessions] = await Promise.all([
    import('better-auth/minimal'),
    import('better-auth/adapters'),
    import('better-auth/plugins/two-factor'),
    loadSessionMaker(),
  ]);
  const { twoFactor: codes, ...tables } = TABLES;
  const { twoFactorEnabled, ...ofUser } = tables.user.fields;
  return betterAuth({
    appName: 'Turnpike',
    baseURL: NOWHERE,
    trustedOrigins: [],
    // Named here, so that no variable of the environment names others.
    secrets: [{ version: 1, value: secret.reveal() }],
    database: createAdapterFactory({ config: STORE_CONFIG, adapter: () => createLibraryStore(store) }),
    user: { ...tables.user, fields: ofUser },
    account: { ...tables.account, accountLinking: { enabled: false } },
    verification: tables.verification,
    session: {
      ...tables.session,
      expiresIn: SESSION_MAX_MS / 1000,
      // A session ends when it said it would; that it is used is kept by us.
      disableSessionRefresh: true,
      cookieCache: { enabled: false },
    },
    emailAndPassword: {
      enabled: true,
      disableSignUp: true,
      minPasswordLength: MIN_PASSWORD_LENGTH,
      maxPasswordLength: MAX_PASSWORD_LENGTH,
      password: {
        hash: (password) => passwords.hash(password),
        verify: ({ hash, password }) => passwords.verify(hash, password),
      },
    },
    plugins: [
      twoFactor({
        issuer: 'Turnpike',
        twoFactorCookieMaxAge: CHALLENGE_MS / 1000,
        schema: {
          user: { fields: { twoFactorEnabled } },
          twoFactor: codes,
        },
      }),
      sessions,
    ],
    // Ours stand in front, and know proxies.
    rateLimit: { enabled: false },
    telemetry: { enabled: false },
    logger: {
      level: 'error',
      // The text alone: what comes with it may hold what the person typed.
      log: (_level, message) => log.error({ message }, 'the library of signing in reports an error'),
    },
    advanced: {
      database: { generateId: ({ model }) => newId(prefixOf(model)) },
      useSecureCookies: false,
      cookiePrefix: 'turnpike',
      cookies: { session_token: { name: SESSION_COOKIE } },
      defaultCookieAttributes: { secure: true, httpOnly: true, sameSite: 'lax', path: '/' },
      ipAddress: { ipAddressHeaders: [ADDRESS_HEADER], ipv6Subnet: 128 },
    },
  });
}

/** The request as the library gets it: what it may see of the client's, and nothing else. */
export function libraryHeaders(from: From, cookie?: string): Headers {
  return new Headers({
    ...(from.address !== undefined && { [ADDRESS_HEADER]: from.address }),
    ...(from.userAgent !== undefined && { 'user-agent': from.userAgent }),
    ...(cookie !== undefined && { cookie }),
  });
}

/** For who has shown in another way who it is. */
async function loadSessionMaker() {
  const [{ createAuthEndpoint }, { setSessionCookie }] = await Promise.all([
    import('better-auth/api'),
    import('better-auth/cookies'),
  ]);
  return {
    id: 'turnpike-sessions',
    endpoints: {
      beginSession: createAuthEndpoint.serverOnly({ method: 'POST', requireHeaders: true }, async (c) => {
        const { internalAdapter } = c.context;
        const user = await internalAdapter.findUserById(c.headers.get(PERSON_HEADER) ?? '');
        if (!user) throw new Error('there is no such person to begin a session for');
        const session = await internalAdapter.createSession(user.id);
        await setSessionCookie(c, { session, user });
        return c.json({});
      }),
    },
  };
}

const PREFIXES: Readonly<Record<string, IdPrefix>> = {
  user: 'per',
  account: 'sgn',
  session: 'ses',
  verification: 'vrf',
  twoFactor: 'tfa',
};

function prefixOf(model: string): IdPrefix {
  const prefix = PREFIXES[model];
  if (!prefix) throw new Error(`the library makes a record of a kind we do not know: ${model}`);
  return prefix;
}

/** The authenticator does not open with the secret at hand: the one before was lost with its master key. */
export const UNREADABLE = 'UNREADABLE';

/** What the library says no with; undefined = it is another error. */
export function libraryRefusal(
  error: unknown,
): { readonly code: string; readonly status: number } | undefined {
  if (!(error instanceof Error)) return undefined;
  // In the words of its cipher: the secret of the authenticator was encrypted with another one than ours.
  if (error.message === 'invalid tag') return { code: UNREADABLE, status: 401 };
  if (error.name !== 'APIError') return undefined;
  const { body, statusCode } = error as { body?: { code?: string }; statusCode?: number };
  return { code: body?.code ?? '', status: statusCode ?? 500 };
}

/** The cookies of an answer that are the browser's: the session's and nothing else. */
export function sessionCookies(headers: Headers): string[] {
  return headers.getSetCookie().filter((line) => line.startsWith(`${SESSION_COOKIE}=`));
}
