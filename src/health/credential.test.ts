/** Credentials that are refused: at every model of their provider, until one request or a probe was let in. */
import { describe, expect, it } from 'vitest';
import { OK, openHouse, opus, REFUSED, told } from '../../test/support/health-house.ts';
import type { Place } from './health.ts';

describe('a credential that was refused', () => {
  const haiku: Place = { ...opus, ref: 'anthropic/haiku' };
  const second: Place = { ...opus, credential: 'second' };

  it('is of no use at any model of its provider, though nothing was sent there; another is', () => {
    const house = openHouse();
    house.send(REFUSED);
    expect(house.board.standing(haiku)).toMatchObject({ state: 'disabled', reason: 'status 401' });
    expect(house.send(OK, haiku)).toBe(false);
    expect(house.state(second)).toBe('healthy');
    expect(house.send(OK, second)).toBe(true);
  });

  it('is known to be on trial at models that nobody had asked for', () => {
    const house = openHouse();
    house.send(REFUSED);
    house.board.probed(opus, { isReachable: true, isCredentialGood: true });
    expect(house.state(haiku)).toBe('half-open');
    house.send(OK, haiku);
    expect(
      house.events.filter(({ place }) => place === haiku).map(({ from, to }) => `${from} > ${to}`),
    ).toEqual(['half-open > healthy']);
  });

  it('is tried by one request after its wait, of whatever model', () => {
    const house = openHouse();
    house.send(OK, haiku);
    house.send(REFUSED);
    house.pass(299_999);
    expect(house.send(OK)).toBe(false);
    house.pass(1);
    expect(house.state()).toBe('half-open');
    const trial = house.board.admit(haiku);
    expect(house.board.admit(opus)).toBeUndefined();
    trial?.observe({ kind: 'first-byte', firstByteMs: 80 });
    expect(house.state()).toBe('healthy');
    expect(house.state(haiku)).toBe('healthy');
    expect(told(house)).toEqual([
      'healthy > disabled',
      'healthy > disabled',
      'disabled > half-open',
      'disabled > half-open',
      'half-open > healthy',
      'half-open > healthy',
    ]);
  });

  it('waits longer each time it is refused again', () => {
    const house = openHouse();
    house.send(REFUSED);
    house.pass(300_000);
    house.send(REFUSED);
    house.pass(599_999);
    expect(house.state()).toBe('disabled');
    house.pass(1);
    expect(house.state()).toBe('half-open');
  });

  it('is tried once a probe was let in, and not before', () => {
    const house = openHouse();
    house.send(REFUSED);
    house.board.probed(opus, { isReachable: true, isCredentialGood: false });
    expect(house.state()).toBe('disabled');
    house.board.probed(opus, { isReachable: true, isCredentialGood: true });
    expect(house.state()).toBe('half-open');
    house.send(OK);
    expect(house.state()).toBe('healthy');
  });

  it('may be refused for one model alone: that one waits at once, the others are as they were', () => {
    const house = openHouse();
    house.send(OK, haiku);
    house.send({ kind: 'credential', reason: 'status 403', isOfModel: true });
    expect(house.board.standing(opus)).toMatchObject({ state: 'open', reason: 'status 403' });
    expect(house.state(haiku)).toBe('healthy');
    house.pass(30_000);
    house.send({ kind: 'credential', reason: 'status 403', isOfModel: true });
    expect(house.board.standing(opus)).toMatchObject({ state: 'open', untilMono: 91_000 });
    house.pass(60_000);
    house.send(OK);
    house.send(OK);
    expect(house.state()).toBe('healthy');
  });

  it('is not tried for every probe: one that was let in for nothing makes the next count later', () => {
    const house = openHouse();
    const probe = () => house.board.probed(opus, { isReachable: true, isCredentialGood: true });
    house.send(REFUSED);
    probe();
    house.send(REFUSED);
    house.pass(299_999);
    probe();
    expect(house.state()).toBe('disabled');
    house.pass(1);
    probe();
    expect(house.state()).toBe('half-open');
    house.send(OK);
    house.send(REFUSED);
    probe();
    expect(house.state()).toBe('half-open');
  });

  it('is not refused again by what was sent before', () => {
    const house = openHouse();
    const early = house.board.admit(opus);
    house.send(REFUSED);
    house.board.probed(opus, { isReachable: true, isCredentialGood: true });
    early?.observe(REFUSED);
    expect(house.state()).toBe('half-open');
    house.send(OK);
    expect(house.state()).toBe('healthy');
  });
});
