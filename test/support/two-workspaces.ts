/** A running Turnpike with two workspaces beside its own, and services that call its admin API in each role of each. */
import { generateKeyPairSync, type KeyObject, sign } from 'node:crypto';
import { ROLES, type Role } from '../../src/base/role.ts';
import { type OpenHouse, openHouse } from './open-house.ts';

export const SIDES = ['alpha', 'beta'] as const;
export type Side = (typeof SIDES)[number];

export interface Answered {
  readonly status: number;
  readonly text: string;
  readonly headers: Headers;
}

export interface TwoWorkspaces {
  readonly house: OpenHouse;
  readonly ids: Readonly<Record<Side, string>>;
  /** A virtual key of each. */
  readonly keys: Readonly<Record<Side, string>>;
  /** The path from behind `/api/v1`. */
  call(side: Side, role: Role, method: string, path: string, body?: unknown): Promise<Answered>;
  /** As `call`; throws where it is refused. */
  must<T>(side: Side, role: Role, method: string, path: string, body?: unknown): Promise<T>;
  close(): Promise<void>;
}

const ISSUER = 'https://issuer.test';
/** Of the token of a service. */
const LIFE_S = 3_600;

/** @param config beside the services */
export async function openTwoWorkspaces(config: string): Promise<TwoWorkspaces> {
  const { publicKey, privateKey } = generateKeyPairSync('ed25519');
  const pem = publicKey.export({ type: 'spki', format: 'pem' }).toString();
  const services = SIDES.flatMap((workspace) =>
    ROLES.map((role) =>
      JSON.stringify({ issuer: ISSUER, audience: `${workspace}-${role}`, public_key: pem, workspace, role }),
    ),
  );
  const house = await openHouse(
    `${config}\nsign_in:\n  services:\n${services.map((one) => `    - ${one}`).join('\n')}\n`,
  );
  const call = async (side: Side, role: Role, method: string, path: string, body?: unknown) => {
    const answer = await fetch(`${house.url}/api/v1${path}`, {
      method,
      headers: {
        authorization: `Bearer ${tokenOf(privateKey, `${side}-${role}`)}`,
        'content-type': 'application/json',
      },
      ...(body !== undefined && { body: JSON.stringify(body) }),
      redirect: 'manual',
    });
    return { status: answer.status, text: await answer.text(), headers: answer.headers };
  };
  const must = async <T>(
    side: Side,
    role: Role,
    method: string,
    path: string,
    body?: unknown,
  ): Promise<T> => {
    const { status, text } = await call(side, role, method, path, body);
    if (status >= 300) throw new Error(`${method} ${path} was answered with ${status}: ${text}`);
    return JSON.parse(text) as T;
  };
  const ids = {} as Record<Side, string>;
  const keys = {} as Record<Side, string>;
  for (const side of SIDES) {
    ids[side] = (await house.admin<{ id: string }>('POST', '/workspaces', { name: side })).id;
    keys[side] = (
      await must<{ token: string }>(side, 'owner', 'POST', '/keys', { name: `${side} key` })
    ).token;
  }
  return { house, ids, keys, call, must, close: () => house.close() };
}

function tokenOf(key: KeyObject, audience: string): string {
  const part = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url');
  const nowS = Math.floor(Date.now() / 1000);
  const claims = { iss: ISSUER, aud: audience, sub: audience, iat: nowS, exp: nowS + LIFE_S };
  const signed = `${part({ alg: 'EdDSA', typ: 'JWT' })}.${part(claims)}`;
  return `${signed}.${sign(null, Buffer.from(signed), key).toString('base64url')}`;
}
