/** The board, state by state: what was observed, what it is then, and what may be sent. */
import { describe, expect, it } from 'vitest';
import {
  DOWN,
  fail,
  LIMITED,
  NEUTRAL,
  OK,
  openHouse,
  opus,
  REFUSED,
  told,
} from '../../test/support/health-house.ts';

describe('a breaker', () => {
  it('is closed for what nobody has asked, and leaves no trace of the question', () => {
    const { board, state } = openHouse();
    expect(state()).toBe('healthy');
    expect(board.standing(opus)).toBe(board.standing({ ...opus }));
    expect(board.list()).toEqual([]);
  });

  it.each([
    ['four failures', [DOWN, DOWN, DOWN, DOWN], 'healthy'],
    ['five in a row', [DOWN, DOWN, DOWN, DOWN, DOWN], 'open'],
    ['five with a good answer between', [DOWN, DOWN, DOWN, DOWN, OK, DOWN], 'healthy'],
    ['five with refused requests between', [DOWN, DOWN, NEUTRAL, DOWN, DOWN, NEUTRAL, DOWN], 'open'],
    ['any number of refused requests', Array.from({ length: 40 }, () => NEUTRAL), 'healthy'],
  ])('after %s', (_, observations, expected) => {
    const house = openHouse();
    for (const observation of observations) house.send(observation);
    expect(house.state()).toBe(expected);
  });

  it.each([
    [9, 10, 'healthy'],
    [10, 10, 'open'],
    [12, 16, 'healthy'],
    [15, 15, 'open'],
  ])('after %i failures and %i good answers', (failures, good, expected) => {
    const house = openHouse();
    // The good ones that have no counterpart come first.
    for (let turn = Math.max(failures, good); turn > 0; turn -= 1) {
      if (turn <= good) house.send(OK);
      if (turn <= failures) house.send(DOWN);
    }
    expect(house.state()).toBe(expected);
  });

  it('does not count what is older than half a minute', () => {
    const house = openHouse();
    for (let turn = 0; turn < 9; turn += 1) {
      house.send(OK);
      house.send(DOWN);
    }
    house.pass(30_000);
    for (let turn = 0; turn < 9; turn += 1) {
      house.send(OK);
      house.send(DOWN);
    }
    expect(house.state()).toBe('healthy');
  });

  it('lets one through after its wait, and closes after two good ones', () => {
    const house = openHouse();
    fail(house, 5);
    expect(house.board.standing(opus)).toMatchObject({ untilMono: 31_000, reason: 'status 529' });
    house.pass(29_999);
    expect(house.board.admit(opus)).toBeUndefined();
    house.pass(1);
    expect(house.state()).toBe('half-open');
    const trial = house.board.admit(opus);
    expect(house.board.admit(opus)).toBeUndefined();
    trial?.observe(OK);
    trial?.end();
    expect(house.state()).toBe('half-open');
    expect(house.send(OK)).toBe(true);
    expect(house.state()).toBe('healthy');
    expect(told(house)).toEqual(['healthy > open', 'open > half-open', 'half-open > healthy']);
  });

  it('gives the trial to the next when it showed nothing', () => {
    const house = openHouse();
    fail(house, 5);
    house.pass(30_000);
    expect(house.send(NEUTRAL)).toBe(true);
    const abandoned = house.board.admit(opus);
    abandoned?.end();
    expect(house.state()).toBe('half-open');
    expect(house.send(OK)).toBe(true);
    expect(house.send(OK)).toBe(true);
    expect(house.state()).toBe('healthy');
  });

  it('waits twice as long each time, up to five minutes', () => {
    const house = openHouse();
    fail(house, 5);
    const waits: number[] = [];
    for (let turn = 0; turn < 6; turn += 1) {
      const { untilMono = 0 } = house.board.standing(opus);
      const before = house.board.admit(opus);
      expect(before).toBeUndefined();
      let waited = 0;
      while (house.state() === 'open') {
        house.pass(1_000);
        waited += 1_000;
      }
      waits.push(waited);
      expect(untilMono).toBeGreaterThan(0);
      house.send(DOWN);
    }
    expect(waits).toEqual([30_000, 60_000, 120_000, 240_000, 300_000, 300_000]);
  });

  it('begins with the short wait again once it was well for five minutes', () => {
    const house = openHouse();
    const recover = (): void => {
      while (house.state() === 'open') house.pass(1_000);
      house.send(OK);
      house.send(OK);
    };
    const waitOf = (): number => {
      let waited = 0;
      while (house.state() === 'open') {
        house.pass(1_000);
        waited += 1_000;
      }
      return waited;
    };
    fail(house, 5);
    recover();
    fail(house, 5);
    expect(waitOf()).toBe(60_000);
    recover();
    house.pass(300_000);
    fail(house, 5);
    expect(waitOf()).toBe(30_000);
  });

  it.each([
    [0, 27_000],
    [0.5, 30_000],
    [0.999_999_999, 33_000],
  ])('waits by chance a tenth more or less (%d)', (chance, expected) => {
    const house = openHouse({}, () => chance);
    fail(house, 5);
    expect((house.board.standing(opus).untilMono ?? 0) - 1_000).toBeCloseTo(expected, 1);
  });

  it('does not listen to what was sent before it changed', () => {
    const house = openHouse();
    const early = Array.from({ length: 10 }, () => house.board.admit(opus));
    fail(house, 5);
    house.pass(30_000);
    for (const trial of early.slice(5)) trial?.observe(DOWN);
    expect(house.state()).toBe('half-open');
    house.send(OK);
    house.send(OK);
    expect(house.state()).toBe('healthy');
    for (const trial of early) trial?.observe(DOWN);
    expect(house.state()).toBe('healthy');
  });

  it('does not take the outcome of an earlier trial for that of this one', () => {
    const house = openHouse();
    fail(house, 5);
    house.pass(30_000);
    const first = house.board.admit(opus);
    first?.observe(DOWN);
    house.pass(60_000);
    const second = house.board.admit(opus);
    first?.end();
    expect(house.board.admit(opus)).toBeUndefined();
    second?.observe(OK);
    expect(house.state()).toBe('half-open');
  });
});

describe('in a panic', () => {
  it('lets through what is open, but only so many at once', () => {
    const house = openHouse({ panicAtOnce: 2 });
    fail(house, 5);
    const first = house.board.admit(opus, true);
    expect(first).toBeDefined();
    expect(house.board.admit(opus, true)).toBeDefined();
    expect(house.board.admit(opus, true)).toBeUndefined();
    expect(house.board.admit(opus)).toBeUndefined();
    first?.end();
    expect(house.board.admit(opus, true)).toBeDefined();
  });

  it('opens the way for trials once one was answered', () => {
    const house = openHouse();
    fail(house, 5);
    house.send(DOWN, opus, true);
    expect(house.state()).toBe('open');
    house.send(OK, opus, true);
    expect(house.state()).toBe('half-open');
  });

  it.each([
    ['a credential that was refused', REFUSED],
    ['what is limited', LIMITED],
  ])('does not ask %s', (_, observation) => {
    const house = openHouse();
    house.send(observation);
    expect(house.board.admit(opus, true)).toBeUndefined();
  });

  it('does not ask what is drained', () => {
    const house = openHouse();
    house.board.drain('anthropic', true);
    expect(house.board.admit(opus, true)).toBeUndefined();
  });
});

describe('a limit', () => {
  it.each([
    ['as long as the provider says', 42_000, 42_000],
    ['ten seconds without a word', undefined, 10_000],
    ['at least a second', 0, 1_000],
    ['at most a quarter of an hour', 86_400_000, 900_000],
    ['ten seconds where it says nonsense', Number.NaN, 10_000],
    ['ten seconds where it says less than nothing', -1, 10_000],
  ])('lasts %s', (_, retryAfterMs, expected) => {
    const house = openHouse();
    house.send({ kind: 'limited', retryAfterMs });
    expect(house.board.standing(opus)).toMatchObject({ state: 'limited', untilMono: 1_000 + expected });
    house.pass(expected - 1);
    expect(house.board.admit(opus)).toBeUndefined();
    house.pass(1);
    expect(house.state()).toBe('healthy');
    expect(house.send(OK)).toBe(true);
  });

  it('is not made shorter by a later word, and counts for no breaker', () => {
    const house = openHouse();
    const trials = Array.from({ length: 8 }, () => house.board.admit(opus));
    trials[0]?.observe({ kind: 'limited', retryAfterMs: 60_000 });
    for (const trial of trials.slice(1)) trial?.observe({ kind: 'limited', retryAfterMs: 1_000 });
    expect(house.board.standing(opus)).toMatchObject({ state: 'limited', untilMono: 61_000 });
    house.pass(60_000);
    expect(house.state()).toBe('healthy');
  });

  it('is of one model', () => {
    const house = openHouse();
    house.send(LIMITED);
    expect(house.state({ ...opus, ref: 'anthropic/haiku' })).toBe('healthy');
  });
});

describe('a probe', () => {
  it('lets trials through, no more', () => {
    const house = openHouse();
    fail(house, 5);
    house.board.probed(opus, { isReachable: false, isCredentialGood: false });
    expect(house.state()).toBe('open');
    house.board.probed(opus, { isReachable: true, isCredentialGood: true });
    expect(house.state()).toBe('half-open');
    house.board.probed(opus, { isReachable: true, isCredentialGood: true });
    expect(house.state()).toBe('half-open');
  });

  it('does not end a limit', () => {
    const house = openHouse();
    house.send(LIMITED);
    house.board.probed(opus, { isReachable: true, isCredentialGood: true });
    expect(house.state()).toBe('limited');
  });
});

describe('what is drained', () => {
  it('takes nothing new, while what runs may end', () => {
    const house = openHouse();
    const running = house.board.admit(opus);
    house.board.drain('anthropic', true);
    expect(house.send(OK)).toBe(false);
    expect(house.state({ ...opus, ref: 'anthropic/never-asked' })).toBe('draining');
    expect(house.board.standing(opus).inFlight).toBe(1);
    running?.observe(OK);
    running?.end();
    expect(house.board.standing(opus).inFlight).toBe(0);
    house.board.drain('anthropic', false);
    expect(house.send(OK)).toBe(true);
    expect(told(house)).toEqual(['healthy > draining', 'draining > healthy']);
  });
});
