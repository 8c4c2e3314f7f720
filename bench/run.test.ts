/** The pure parts of the bench: bodies, statistics, tables, profiles. Nothing here is timed. */
import { describe, expect, it } from 'vitest';
import { renderBody } from './bodies.ts';
import type { Round } from './measure.ts';
import { renderNginxConfig } from './nginx.ts';
import { busyUs, type CpuProfile, rankCallers, rankFiles, rankFunctions, renderShares } from './profile.ts';
import { renderReport, renderResultsFile, renderTable } from './report.ts';
import { findFaults, judgeBars, type Results, type Row } from './results.ts';
import { chooseScenarios, SCENARIOS, type Scenario } from './scenarios.ts';
import { median, pairedDifference, pairedRatio, rotate } from './statistics.ts';

const round = (values: Partial<Round>): Round => ({
  requests: 100,
  requests_total: 120,
  errors: 0,
  unfinished: 0,
  bytes: 120_000,
  rps: 1000,
  p50_us: 100,
  p95_us: 200,
  p99_us: 300,
  first_p50_us: 90,
  events_total: 0,
  event_p50_us: 0,
  event_p99_us: 0,
  error: '',
  cpuUs: 40,
  cpuPerEventUs: 0,
  replyBytes: 1000,
  rssBytes: 100 * 2 ** 20,
  streamBytes: 0,
  ...values,
});

const scenario = (name: string): Scenario => {
  const found = SCENARIOS.find((candidate) => candidate.name === name);
  if (!found) throw new Error(`no row ${name}`);
  return found;
};

const row = (name: string, rounds: Row['rounds']): Row => ({ scenario: scenario(name), rounds });

describe('statistics', () => {
  it.each([
    [[], undefined],
    [[3], 3],
    [[9, 1, 5], 5],
    [[4, 1, 2, 100], 3],
  ])('the median of %j is %j', (values, expected) => {
    expect(median(values)).toBe(expected);
  });

  it('takes ratios and differences within a round, and skips rounds that lack one', () => {
    expect(pairedRatio([10, 30, undefined, 8], [20, 10, 5, 0])).toBe(1.75);
    expect(pairedDifference([10, 30, undefined], [20, 10, 5])).toBe(5);
    expect(pairedRatio([], [])).toBeUndefined();
  });

  it.each([
    [0, 'abc'],
    [1, 'bca'],
    [5, 'cab'],
  ])('turned by %i the list is %s', (by, expected) => {
    expect(rotate(['a', 'b', 'c'], by).join('')).toBe(expected);
    expect(rotate([], by)).toEqual([]);
  });
});

describe('bodies', () => {
  it.each([
    ['openai-chat', 1000, false],
    ['openai-chat', 200_000, true],
    ['anthropic-messages', 1000, true],
    ['anthropic-messages', 200_000, false],
  ] as const)('%s of %i bytes (stream: %j) is that long and whole', (format, bytes, isStream) => {
    const text = renderBody({ format, bytes, isStream, model: 'fake/bench-model' });
    expect(Buffer.byteLength(text)).toBe(bytes);
    const body = JSON.parse(text) as { stream?: boolean; messages: unknown[] };
    expect(body).toMatchObject({ model: 'fake/bench-model', max_tokens: 1024, tools: expect.any(Array) });
    expect(body.stream).toBe(isStream ? true : undefined);
    expect(body.messages.length).toBeGreaterThan(2);
    // The fake upstream looks for exactly these bytes.
    expect(text.includes('"stream":true')).toBe(isStream);
    expect(text.startsWith('{"model":"fake/bench-model"')).toBe(true);
  });
});

describe('scenarios', () => {
  it('have names of their own', () => {
    expect(new Set(SCENARIOS.map(({ name }) => name)).size).toBe(SCENARIOS.length);
  });

  it('are chosen by how their names begin, or by --quick', () => {
    expect(chooseScenarios('latency-1k,streams', true).map(({ name }) => name)).toEqual([
      'streams-2000',
      'latency-1k',
    ]);
    expect(chooseScenarios(undefined, false)).toHaveLength(SCENARIOS.length);
    const quick = chooseScenarios(undefined, true).map(({ name }) => name);
    expect(quick).toContain('relay-1k-c32');
    expect(quick).not.toContain('relay-1k-c256');
  });
});

describe('faults and bars', () => {
  it('finds failed, unanswered and changed replies', () => {
    const faults = findFaults(
      row('relay-1k-c32', {
        direct: [round({})],
        turnpike: [round({ replyBytes: 900 })],
        portkey: [round({ errors: 3, unfinished: 2, error: 'unexpected status, status 500' })],
      }),
    );
    expect(faults).toEqual([
      'relay-1k-c32: portkey failed 3 requests (unexpected status, status 500)',
      'relay-1k-c32: portkey left 2 requests unanswered',
      "relay-1k-c32: turnpike's replies have 900 bytes, the upstream's 1000",
    ]);
    const translated = { direct: [round({})], turnpike: [round({ replyBytes: 900 })] };
    expect(findFaults(row('translate-1k-c32', translated))).toEqual([]);
  });

  it('holds each bar against its row', () => {
    const judged = judgeBars([
      row('relay-1k-c32', { nginx: [round({ rps: 5000 })], turnpike: [round({ rps: 1000 })] }),
      row('latency-1k', { direct: [round({ p50_us: 100 })], turnpike: [round({ p50_us: 450 })] }),
      row('streams-2000', { turnpike: [round({ streamBytes: 50 * 1024 })] }),
    ]);
    expect(judged).toEqual([
      { text: 'MISSED relay-1k-c32: throughput, share of nginx: 0.20 (at least 0.3)', isMet: false },
      {
        text: 'met latency-1k: p50 added to a direct call at 1,000 req/s, microseconds: 350 (at most 400)',
        isMet: true,
      },
      { text: 'MISSED streams-2000: memory for each idle open stream, KB: 50 (at most 40)', isMet: false },
    ]);
  });
});

describe('tables', () => {
  it('line up', () => {
    expect(
      renderTable(
        ['row', 'n'],
        [
          ['a', '1,000'],
          ['long', '-'],
        ],
      ),
    ).toBe(['| row  |     n |', '|------|------:|', '| a    | 1,000 |', '| long |     - |'].join('\n'));
  });

  it('show every kind of row once, with ratios from the same round', () => {
    const results: Results = {
      date: '2026-01-02T03:04:05.000Z',
      machine: { cores: 2, memoryGb: 24, node: 'v20.0.0', system: 'linux x64' },
      commit: 'abc1234',
      seconds: 3,
      roundCount: 2,
      missing: ['portkey: not asked for'],
      rows: [
        row('streams-2000', {
          nginx: [round({ streamBytes: 10 * 1024 })],
          turnpike: [round({ streamBytes: 20 * 1024 })],
        }),
        row('relay-1k-c32', {
          direct: [round({ rps: 100_000 }), round({ rps: 90_000 })],
          nginx: [round({ rps: 40_000 }), round({ rps: 20_000 })],
          turnpike: [round({ rps: 20_000 }), round({ rps: 12_000 })],
        }),
        row('latency-1k', {
          direct: [round({})],
          nginx: [round({ p50_us: 160 })],
          turnpike: [round({ unfinished: 5 })],
        }),
        row('paced-relay', {
          turnpike: [round({ event_p50_us: 1500, event_p99_us: 2500, cpuPerEventUs: 30 })],
        }),
      ],
    };
    const file = renderResultsFile(results);
    expect(file).toContain('2 cores, 24 GB, linux x64, Node v20.0.0; 2026-01-02; commit abc1234.');
    expect(file).toMatch(/\| relay-1k-c32 +\| 95,000 \| 30,000 \| +16,000 \| +0\.55 \| +- \|/);
    expect(file).toMatch(
      /\| latency-1k +\| 0\.10 \/ 0\.20 \/ 0\.30 \| 0\.06 \/ 0\.00 \/ 0\.00 \| +saturated \|/,
    );
    expect(file).toMatch(/\| paced-relay +\| 1\.50 \/ 2\.50 \| +30 \|/);
    expect(file).toMatch(/\| streams-2000 +\| +10\.0 \| +20\.0 \|/);
    expect(file).toContain('- met relay-1k-c32: throughput, share of nginx: 0.55 (at least 0.3)');
    expect(file).toContain('- portkey: not asked for');
  });

  it('leave out what was not run', () => {
    const empty: Results = {
      date: '2026-01-02T03:04:05.000Z',
      machine: { cores: 1, memoryGb: 1, node: 'v20.0.0', system: 'linux x64' },
      commit: 'abc1234',
      seconds: 1,
      roundCount: 1,
      missing: [],
      rows: [],
    };
    expect(renderReport(empty)).toBe('');
  });
});

describe('profiles', () => {
  const frame = (functionName: string, url: string, lineNumber = 0) => ({ functionName, url, lineNumber });
  const profile: CpuProfile = {
    nodes: [
      { id: 0, callFrame: frame('(root)', ''), children: [1, 2, 6] },
      { id: 1, callFrame: frame('(idle)', '') },
      {
        id: 2,
        callFrame: frame('handle', 'file:///home/x/turnpike/dist/gateway/handle.js', 9),
        children: [3, 4],
      },
      {
        id: 3,
        callFrame: frame('handle', 'file:///home/x/turnpike/dist/gateway/handle.js', 9),
        children: [5],
      },
      { id: 4, callFrame: frame('', 'file:///home/x/turnpike/node_modules/@scope/name/lib/a.js', 4) },
      { id: 5, callFrame: frame('writev', 'node:internal/net', 1) },
      { id: 6, callFrame: frame('(garbage collector)', '') },
    ],
    samples: [1, 2, 3, 4, 5, 6],
    timeDeltas: [5000, 100, 200, 250, 400, 50],
  };

  it('adds the self time of a function over all places it is called from, without idle time', () => {
    expect(rankFunctions(profile)).toEqual([
      { name: 'writev node:internal/net:2', us: 400 },
      { name: 'handle dist/gateway/handle.js:10', us: 300 },
      { name: '(anonymous) node_modules/@scope/name/lib/a.js:5', us: 250 },
      { name: '(garbage collector)', us: 50 },
    ]);
  });

  it('adds what our functions call, recursion once', () => {
    expect(rankCallers(profile)).toEqual([{ name: 'handle dist/gateway/handle.js:10', us: 950 }]);
  });

  it('adds files, and packages as a whole', () => {
    expect(rankFiles(profile).map(({ name }) => name)).toEqual([
      'node:internal/net',
      'dist/gateway/handle.js',
      '@scope/name',
      '(garbage collector)',
    ]);
  });

  it('shows the share of busy time', () => {
    const table = renderShares('function', rankFunctions(profile), busyUs(profile), 2);
    expect(table.split('\n')).toHaveLength(4);
    expect(table).toContain('40.0 %');
  });
});

describe('nginx', () => {
  it('is a plain proxy that keeps bodies in memory, with a second door for paced streams', () => {
    const config = renderNginxConfig({ folder: '/tmp/x', port: 1001, pacedPort: 1002, upstreamPort: 1003 });
    expect(config.match(/listen 127\.0\.0\.1:\d+/g)).toEqual([
      'listen 127.0.0.1:1001',
      'listen 127.0.0.1:1002',
    ]);
    expect(config.match(/proxy_buffering off/g)).toHaveLength(1);
    expect(config).toContain('server 127.0.0.1:1003;');
    expect(config).toContain('worker_processes 1;');
  });
});
