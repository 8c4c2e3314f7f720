/** Gauges of health, read from the board when somebody looks: a request adds nothing for them. */
import { Counter, Gauge, type Registry } from 'prom-client';
import type { HealthBoard, HealthState, ListedPlace } from '../health/health.ts';

export interface HealthMetricsInput {
  readonly board: HealthBoard;
  /** How often breakers of a provider have opened since the start, by its name. */
  readonly opened: ReadonlyMap<string, number>;
}

/** Deployments told of; of more, the ones that are worst off. */
const MAX_DEPLOYMENTS = 500;

const ORDER: Readonly<Record<HealthState, number>> = {
  disabled: 0,
  open: 1,
  'half-open': 2,
  limited: 3,
  degraded: 4,
  draining: 5,
  healthy: 6,
};

export function addHealthMetrics(registers: Registry[], { board, opened }: HealthMetricsInput): void {
  new Gauge({
    name: 'turnpike_deployment_state',
    help: '1 for the state that a deployment is in, with one of its credentials.',
    labelNames: ['deployment', 'credential', 'state'],
    registers,
    collect() {
      // A state that was left is no series any more.
      this.reset();
      for (const { place, standing } of worst(board.list()))
        this.set({ deployment: place.ref, credential: place.credential, state: standing.state }, 1);
    },
  });
  new Gauge({
    name: 'turnpike_deployment_in_flight',
    help: 'Attempts under way at a deployment, with one of its credentials.',
    labelNames: ['deployment', 'credential'],
    registers,
    collect() {
      this.reset();
      for (const { place, standing } of worst(board.list()))
        this.set({ deployment: place.ref, credential: place.credential }, standing.inFlight);
    },
  });
  new Counter({
    name: 'turnpike_breaker_opens_total',
    help: 'Times that a breaker of a provider opened.',
    labelNames: ['provider'],
    registers,
    collect() {
      this.reset();
      for (const [provider, times] of opened) this.inc({ provider }, times);
    },
  });
  new Gauge({
    name: 'turnpike_retry_budget_left',
    help: 'Retries into deployments that are unwell that could be made now.',
    registers,
    collect() {
      this.set(board.retriesLeft());
    },
  });
}

function worst(places: readonly ListedPlace[]): readonly ListedPlace[] {
  if (places.length <= MAX_DEPLOYMENTS) return places;
  return places
    .toSorted((a, b) => ORDER[a.standing.state] - ORDER[b.standing.state])
    .slice(0, MAX_DEPLOYMENTS);
}
