/** `turnpike providers`, `routes` and `aliases`: what is asked of the admin API, and what is shown of its answers. */
import { describe, expect, it } from 'vitest';
import { behind, resetBehind, turnpike } from './support/cli-harness.ts';

resetBehind();

describe('providers', () => {
  it('are listed with where they are declared, and no secret of their addresses', async () => {
    const { code, out, err } = await turnpike('providers list', { columns: 200 });
    expect([code, err]).toEqual([0, '']);
    expect(out).toMatch(/^provider +kind +declared in +address +key/);
    expect(out).toMatch(/house +openai-compatible +file +https:\/\/models\.example\/v1 +missing/);
    expect(out).not.toContain('hunter');
  });

  it('are added with all that was said of them', async () => {
    const { code, out } = await turnpike(
      'providers add mine --kind openai-compatible --base-url https://m.example/v1 --model a --model b --header x-a=1=2 --format openai-chat --region eu',
    );
    expect([code, out]).toEqual([0, '✓ Declared mine (openai-compatible).\n']);
    expect(behind.house.made.at(-1)).toEqual([
      'mine',
      {
        kind: 'openai-compatible',
        baseUrl: 'https://m.example/v1',
        models: ['a', 'b'],
        headers: { 'x-a': '1=2' },
        formats: ['openai-chat'],
        timeouts: {},
        settings: { region: 'eu' },
      },
      'operator',
    ]);
  });

  it.each([
    ['inside', /private/, /egress\.allow/],
    ['fixed', /which wins/, /another name/],
    ['held', /vault holds credentials/, /credentials remove/],
  ])('that cannot be (%s) are refused with the mend', async (name, message, mend) => {
    const { code, err } = await turnpike(`providers add ${name} --kind openai-compatible`);
    expect(code).not.toBe(0);
    expect(err).toMatch(message);
    expect(err).toMatch(mend);
  });

  it('are tried', async () => {
    expect(await turnpike('providers test house')).toMatchObject({ code: 0, out: '✓ house: status 200\n' });
    expect((await turnpike('providers test nobody')).err).toMatch(/no provider nobody/);
  });

  it('are removed when that is confirmed', async () => {
    expect((await turnpike('providers remove house')).err).toMatch(/Nothing was removed/);
    expect(await turnpike('providers remove house --yes')).toMatchObject({
      code: 0,
      out: '✓ Removed house, and 2 of its keys from the vault.\n',
    });
  });
});

describe('routes', () => {
  it('are listed, set and removed', async () => {
    const { out } = await turnpike('routes list', { columns: 200 });
    expect(out).toMatch(
      /fixed +weighted +openai\/gpt-4o \(2\) > fast +\/etc\/turnpike\.yaml +nobody serves it/,
    );
    expect(out).toMatch(/mine +weighted +.*the workspace/);
    const set = await turnpike('routes set new a/b c/d=3 --strategy weighted --cache 60 --hedge --force');
    expect(set).toMatchObject({ code: 0, out: '✓ new -> a/b > c/d (3)\n' });
    expect(behind.house.made.at(-1)).toMatchObject([
      'new',
      {
        strategy: 'weighted',
        targets: [
          { ref: 'a/b', weight: 1 },
          { ref: 'c/d', weight: 3 },
        ],
        isHedged: true,
      },
      'operator',
      true,
    ]);
    expect((await turnpike('routes set new a/b=x')).err).toMatch(/whole number/);
    expect((await turnpike('routes remove mine')).out).toMatch(/Removed mine/);
    expect((await turnpike('routes remove fixed')).code).not.toBe(0);
  });
});

describe('aliases', () => {
  it('are listed, set and removed', async () => {
    const { out } = await turnpike('aliases list', { columns: 200 });
    expect(out).toMatch(/mine +openai\/gpt-4o +the workspace/);
    expect(await turnpike('aliases set new a/b')).toMatchObject({ code: 0, out: '✓ new -> a/b\n' });
    expect((await turnpike('aliases set loop a/b')).err).toMatch(/back to itself/);
    expect((await turnpike('aliases remove mine')).out).toMatch(/Removed mine, which was openai\/gpt-4o/);
    const json = await turnpike('aliases list --json');
    expect(JSON.parse(json.out)).toMatchObject({ aliases: [{ name: 'fixed' }, { name: 'mine' }] });
  });
});
