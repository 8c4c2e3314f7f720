/** Places that serve the same model, side by side: who is slow, who is out of line, and who is remembered. */
import { describe, expect, it } from 'vitest';
import { createBoard } from './board.ts';
import type { HealthBoard, HealthState, Place } from './health.ts';
import { peerNameOf } from './peers.ts';
import type { HealthSettings } from './settings.ts';

const placeOf = (provider: string, model = 'opus'): Place => ({
  ref: `${provider}/${model}`,
  provider,
  credential: '',
});

function openBoard(settings: Partial<HealthSettings> = {}) {
  let nowMono = 0;
  const clock = { now: () => nowMono, monotonic: () => nowMono };
  const board = createBoard({ clock, random: () => 0.5, settings });
  return {
    board,
    pass: (ms: number) => {
      nowMono += ms;
    },
    state: (place: Place): HealthState => board.standing(place).state,
  };
}

function answer(board: HealthBoard, place: Place, firstByteMs: number): void {
  const trial = board.admit(place);
  trial?.observe({ kind: 'first-byte', firstByteMs });
  trial?.observe({ kind: 'ok' });
  trial?.end();
}

function fail(board: HealthBoard, place: Place): void {
  const trial = board.admit(place);
  trial?.observe({ kind: 'down', reason: 'status 500' });
  trial?.end();
}

describe('a slow place', () => {
  it.each([
    [300, 'healthy'],
    [301, 'degraded'],
    [5_000, 'degraded'],
  ])('whose first bytes take %i ms beside 100 ms is %s', (slowMs, expected) => {
    const { board, pass, state } = openBoard();
    for (let time = 0; time < 25; time += 1) {
      answer(board, placeOf('fast'), 100);
      answer(board, placeOf('slow'), slowMs);
      pass(1_000);
    }
    expect(state(placeOf('slow'))).toBe(expected);
    expect(state(placeOf('fast'))).toBe('healthy');
    if (expected === 'degraded') {
      expect(board.standing(placeOf('slow')).reason).toContain(`${slowMs} ms`);
      expect(board.admit(placeOf('slow'))).toBeDefined();
    }
  });

  it('is not slow for what another model does, nor where nobody can be compared with', () => {
    const { board, pass, state } = openBoard();
    for (let time = 0; time < 25; time += 1) {
      answer(board, placeOf('fast', 'haiku'), 10);
      answer(board, placeOf('slow', 'opus'), 10_000);
      pass(1_000);
    }
    expect(state(placeOf('slow', 'opus'))).toBe('healthy');
  });

  it('is well again once it answers as its peers do, long before 200 answers have passed', () => {
    const { board, pass, state } = openBoard();
    const turn = (slowMs: number): void => {
      answer(board, placeOf('fast'), 100);
      answer(board, placeOf('slow'), slowMs);
      pass(1_000);
    };
    for (let time = 0; time < 150; time += 1) turn(1_000);
    expect(state(placeOf('slow'))).toBe('degraded');
    for (let time = 0; time < 50; time += 1) turn(50);
    expect(state(placeOf('slow'))).toBe('healthy');
  });

  it('is no longer held slow when nothing was heard of it for ten minutes', () => {
    const { board, pass, state } = openBoard();
    for (let time = 0; time < 25; time += 1) {
      answer(board, placeOf('fast'), 100);
      answer(board, placeOf('slow'), 1_000);
      pass(1_000);
    }
    pass(600_000);
    expect(state(placeOf('slow'))).toBe('healthy');
  });
});

describe('a place that fails more often than its peers', () => {
  /** One in three fails there; never often enough in a row, or of all, to open by itself. */
  const play = (providers: readonly string[], odd: readonly string[]): Record<string, HealthState> => {
    const { board, pass, state } = openBoard();
    for (let time = 0; time < 60; time += 1) {
      for (const name of providers) {
        if (time % 3 === 0 && odd.includes(name)) fail(board, placeOf(name));
        else answer(board, placeOf(name), 100);
      }
      pass(200);
    }
    return Object.fromEntries(providers.map((name) => [name, state(placeOf(name))]));
  };

  it.each([
    ['of three is put out', ['a', 'b', 'c'], ['c'], ['healthy', 'healthy', 'open']],
    ['of two stays: there is nobody to say which is odd', ['a', 'b'], ['b'], ['healthy', 'healthy']],
    ['stays when all do so', ['a', 'b', 'c'], ['a', 'b', 'c'], ['healthy', 'healthy', 'healthy']],
    [
      'is put out, but not a second one of three',
      ['a', 'b', 'c'],
      ['b', 'c'],
      ['healthy', 'open', 'healthy'],
    ],
    [
      'may be one of two, of five',
      ['a', 'b', 'c', 'd', 'e'],
      ['d', 'e'],
      ['healthy', 'healthy', 'healthy', 'open', 'open'],
    ],
  ])('%s', (_, providers, odd, expected) => {
    expect(Object.values(play(providers, odd))).toEqual(expected);
  });
});

it('a place that was put out and is back leaves its place to the next', () => {
  const { board, pass, state } = openBoard();
  const play = (odd: string): void => {
    for (let time = 0; time < 60; time += 1) {
      for (const name of ['a', 'b', 'c']) {
        if (time % 3 === 0 && name === odd) fail(board, placeOf(name));
        else answer(board, placeOf(name), 100);
      }
      pass(200);
    }
  };
  play('c');
  expect(state(placeOf('c'))).toBe('open');
  pass(30_000);
  for (let time = 0; time < 2; time += 1) answer(board, placeOf('c'), 100);
  expect(state(placeOf('c'))).toBe('healthy');
  play('b');
  expect(state(placeOf('b'))).toBe('open');
});

describe('peers', () => {
  it.each([
    ['anthropic/claude-opus-4-1', 'claude-opus-4-1'],
    ['openrouter/anthropic/Claude-Opus-4-1', 'claude-opus-4-1'],
    ['ollama/llama3:8b', 'llama3:8b'],
  ])('%s are those of %s', (ref, expected) => {
    expect(peerNameOf({ ref, provider: '', credential: '' })).toBe(expected);
  });
});

describe('what is remembered', () => {
  it('is bounded: the well that were unused for longest go, the unwell and the busy stay', () => {
    const { board, pass } = openBoard({ maxPlaces: 8 });
    const numbered = (number: number): Place => placeOf(`p${number}`);
    for (let time = 0; time < 5; time += 1) fail(board, numbered(0));
    board.admit(numbered(1));
    for (let number = 2; number < 60; number += 1) {
      pass(1);
      answer(board, numbered(number), 100);
    }
    const refs = board.list().map(({ place }) => place.ref);
    expect(refs.length).toBeLessThanOrEqual(8);
    expect(refs).toEqual(expect.arrayContaining(['p0/opus', 'p1/opus', 'p59/opus']));
    expect(board.standing(numbered(0)).state).toBe('open');
  });

  it('is given up for what is configured no more; an attempt that still runs may end', () => {
    const { board } = openBoard();
    const trial = board.admit(placeOf('gone'));
    answer(board, placeOf('kept'), 100);
    board.keepOnly(({ provider }) => provider !== 'gone');
    expect(board.list().map(({ place }) => place.ref)).toEqual(['kept/opus']);
    trial?.observe({ kind: 'down', reason: 'cut' });
    trial?.end();
    expect(board.standing(placeOf('gone'))).toMatchObject({ state: 'healthy', inFlight: 0 });
  });

  it('is the same for two objects that name one place', () => {
    const { board } = openBoard();
    board.admit(placeOf('a'));
    board.admit(placeOf('a'));
    expect(board.standing(placeOf('a')).inFlight).toBe(2);
  });
});
