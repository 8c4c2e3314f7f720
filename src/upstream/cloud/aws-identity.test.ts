// Whose keys sign for AWS: the environment's, a profile's, a container's, by AWS's own library.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, onTestFinished, vi } from 'vitest';
import { systemClock } from '../../base/clock.ts';
import type { Environment } from '../provider.ts';
import { createAwsIdentity } from './aws-identity.ts';

const startIdentity = (environment: Environment, profile?: string) =>
  createAwsIdentity(profile, { clock: systemClock, environment });

/** AWS's library reads the process's environment, of which nothing is left but what a test puts there. */
beforeEach(() => {
  for (const name of Object.keys(process.env)) if (name.startsWith('AWS_')) vi.stubEnv(name, undefined);
  vi.stubEnv('AWS_EC2_METADATA_DISABLED', 'true');
  const folder = mkdtempSync(join(tmpdir(), 'turnpike-aws-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  writeFileSync(
    join(folder, 'credentials'),
    '[default]\naws_access_key_id=AKDEFAULT\naws_secret_access_key=s\n[work]\naws_access_key_id=AKWORK\naws_secret_access_key=s\naws_session_token=t\n',
  );
  writeFileSync(join(folder, 'config'), '');
  vi.stubEnv('AWS_SHARED_CREDENTIALS_FILE', join(folder, 'credentials'));
  vi.stubEnv('AWS_CONFIG_FILE', join(folder, 'config'));
});
afterEach(() => {
  vi.unstubAllEnvs();
});

const inEnvironment = { AWS_ACCESS_KEY_ID: ' AKENV ', AWS_SECRET_ACCESS_KEY: 's' };

describe('createAwsIdentity', () => {
  it('takes the keys in the environment at once', () => {
    expect(startIdentity(inEnvironment).current()).toEqual({ accessKeyId: 'AKENV', secretAccessKey: 's' });
    const temporary = { ...inEnvironment, AWS_SESSION_TOKEN: 't' };
    expect(startIdentity(temporary).current()).toMatchObject({ sessionToken: 't' });
  });

  it('takes them although a profile is named in the environment too', () => {
    expect(startIdentity({ ...inEnvironment, AWS_PROFILE: 'work' }).current()).toMatchObject({
      accessKeyId: 'AKENV',
    });
  });

  it.each<[string, Environment, string | undefined, string]>([
    ["the default profile's", {}, undefined, 'AKDEFAULT'],
    ['those of the profile in the environment', { AWS_PROFILE: 'work' }, undefined, 'AKWORK'],
    ['those of the profile that is set', { AWS_PROFILE: 'other' }, 'work', 'AKWORK'],
    ['those of the profile that is set, whatever the environment holds', inEnvironment, 'work', 'AKWORK'],
    ["the default profile's with half a key", { AWS_ACCESS_KEY_ID: 'AK' }, undefined, 'AKDEFAULT'],
  ])('finds %s', async (_name, environment, profile, accessKeyId) => {
    expect(await startIdentity(environment, profile).current()).toMatchObject({ accessKeyId });
  });

  it("hands on a profile's session token", async () => {
    expect(await startIdentity({}, 'work').current()).toEqual({
      accessKeyId: 'AKWORK',
      secretAccessKey: 's',
      sessionToken: 't',
    });
  });

  it('asks the container, once for many', async () => {
    let asked = 0;
    const server = createServer((_request, response) => {
      asked += 1;
      const Expiration = new Date(Date.now() + 3_600_000).toISOString();
      response.writeHead(200, { 'content-type': 'application/json' });
      response.end(JSON.stringify({ AccessKeyId: 'AKBOX', SecretAccessKey: 's', Token: 't', Expiration }));
    });
    onTestFinished(() => void server.close().closeAllConnections());
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    vi.stubEnv('AWS_SHARED_CREDENTIALS_FILE', join(tmpdir(), 'not-there'));
    const { port } = server.address() as AddressInfo;
    vi.stubEnv('AWS_CONTAINER_CREDENTIALS_FULL_URI', `http://127.0.0.1:${port}/creds`);
    const identity = startIdentity({});
    const found = await Promise.all([identity.current(), identity.current()]);
    expect(found[0]).toEqual({ accessKeyId: 'AKBOX', secretAccessKey: 's', sessionToken: 't' });
    expect(identity.current()).toEqual(found[1]);
    expect(asked).toBe(1);
  });

  it('says that it found none', async () => {
    vi.stubEnv('AWS_SHARED_CREDENTIALS_FILE', join(tmpdir(), 'not-there'));
    await expect(Promise.resolve(startIdentity({}).current())).rejects.toThrow(/^no AWS credentials: ./);
    await expect(Promise.resolve(startIdentity({}, 'nobody').current())).rejects.toThrow(/nobody/);
  });

  it('says nothing on the console', async () => {
    const warn = vi.spyOn(console, 'warn').mockImplementation(() => {});
    onTestFinished(() => warn.mockRestore());
    vi.stubEnv('AWS_ACCESS_KEY_ID', 'AKENV');
    vi.stubEnv('AWS_SECRET_ACCESS_KEY', 's');
    await startIdentity(inEnvironment, 'work').current();
    expect(warn).not.toHaveBeenCalled();
  });
});
