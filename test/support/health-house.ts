/** A board with a clock that a test moves, and what is sent to it. */
import { createBoard } from '../../src/health/board.ts';
import type { HealthBoard, HealthEvent, HealthState, Observation, Place } from '../../src/health/health.ts';
import type { HealthSettings } from '../../src/health/settings.ts';

export const DOWN: Observation = { kind: 'down', reason: 'status 529' };
export const OK: Observation = { kind: 'ok' };
export const NEUTRAL: Observation = { kind: 'neutral' };
export const LIMITED: Observation = { kind: 'limited', retryAfterMs: undefined };
export const REFUSED: Observation = { kind: 'credential', reason: 'status 401' };

export const opus: Place = { ref: 'anthropic/opus', provider: 'anthropic', credential: '' };

export interface House {
  readonly board: HealthBoard;
  readonly events: HealthEvent[];
  pass(ms: number): void;
  /** Sends it, and says how it ended. False = it was not let through. */
  send(observation: Observation, place?: Place, isPanic?: boolean): boolean;
  state(place?: Place): HealthState;
}

export function openHouse(settings: Partial<HealthSettings> = {}, random = () => 0.5): House {
  let nowMono = 1_000;
  const events: HealthEvent[] = [];
  const clock = { now: () => 1_700_000_000_000 + nowMono, monotonic: () => nowMono };
  const board = createBoard({ clock, random, settings, onEvent: (event) => events.push(event) });
  return {
    board,
    events,
    pass: (ms) => {
      nowMono += ms;
    },
    send(observation, place = opus, isPanic = false) {
      const trial = board.admit(place, isPanic);
      trial?.observe(observation);
      trial?.end();
      return trial !== undefined;
    },
    state: (place = opus) => board.standing(place).state,
  };
}

export const fail = (house: House, times: number, place = opus): void => {
  for (let time = 0; time < times; time += 1) house.send(DOWN, place);
};
export const told = ({ events }: House): string[] => events.map(({ from, to }) => `${from} > ${to}`);
