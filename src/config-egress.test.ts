// What a file may allow beside the public internet.
import { describe, expect, it } from 'vitest';
import { egressOf, egressSchema } from './config-egress.ts';

const file = (path: string, ...allow: string[]) => ({ path, content: { egress: { allow } } });

describe('egress.allow', () => {
  it('is hosts with their ports, in one spelling', () => {
    const sources: Record<string, string> = {};
    const files = [file('a', 'x.example:1'), file('b', 'LOCALHOST:11434', '[0::1]:80', '2130706433:9')];
    expect(egressOf(files, sources)).toEqual({ allow: ['localhost:11434', '::1:80', '127.0.0.1:9'] });
    expect(sources).toEqual({ 'egress.allow': 'b' });
  });

  it('is nothing by itself', () => {
    expect(egressOf([{ path: 'a', content: {} }], {})).toEqual({ allow: [] });
  });

  it.each(['localhost', 'http://localhost:80', '169.254.169.254:80', '[fd00:ec2::254]:80', 'a:0'])(
    'is never %s',
    (text) => {
      expect(egressSchema.safeParse({ allow: [text] }).success).toBe(false);
    },
  );
});
