/** Counters of the data plane in Prometheus form. Children are bound once per label set, so that a request only adds. */
import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client';
import type { Ledger, Settled } from '../ledger/ledger.ts';
import { addConfigMetrics, type ConfigStats } from './config-metrics.ts';
import { addContentMetrics } from './content-metrics.ts';
import type { ContentStats } from './content-queue.ts';
import { addHealthMetrics, type HealthMetricsInput } from './health-metrics.ts';
import type { CacheStats } from './response-cache.ts';
import { addCacheMetrics } from './response-cache-metrics.ts';

export interface Metrics {
  exchange(format: string, outcome: string, durationMs: number): void;
  attempt(ref: string, status: string): void;
  /** Another than the first of a plan answered. */
  fallback(first: string, answeredBy: string): void;
  settled(settled: Settled): void;
  text(): Promise<string>;
  readonly contentType: string;
}

/** Client-chosen texts become labels only through known refs; still, more series than this fold into `other`. */
const MAX_SERIES = 500;

export function createMetrics(probe: {
  openExchanges(): number;
  ledger(): ReturnType<Ledger['health']>;
  cache(): CacheStats;
  contents(): ContentStats;
  configuration(): ConfigStats;
  readonly health: HealthMetricsInput;
}): Metrics {
  const registry = new Registry();
  collectDefaultMetrics({ register: registry, prefix: 'turnpike_' });
  const registers = [registry];
  const { exchanges, durations, attempts, fallbacks, tokens, cost, unpriced } = addCounters(registers);
  addGauges(registers, probe);
  addCacheMetrics(registers, probe.cache);
  addContentMetrics(registers, probe.contents);
  addConfigMetrics(registers, probe.configuration);
  addHealthMetrics(registers, probe.health);
  const exchangeOf = bound((format: string, outcome: string) => exchanges.labels(format, outcome));
  const durationOf = bound((format: string) => durations.labels(format));
  const attemptOf = bound((ref: string, status: string) => attempts.labels(ref, status));
  const fallbackOf = bound((first: string, answeredBy: string) => fallbacks.labels(first, answeredBy));
  const classes = {
    input: tokens.labels('input'),
    cache: tokens.labels('cache'),
    output: tokens.labels('output'),
  };
  return {
    exchange(format, outcome, durationMs) {
      exchangeOf(format, outcome).inc();
      durationOf(format, '').observe(durationMs / 1000);
    },
    attempt: (ref, status) => attemptOf(ref, status).inc(),
    fallback: (first, answeredBy) => fallbackOf(first, answeredBy).inc(),
    settled({ counts, cost: amount }) {
      classes.input.inc(counts.input);
      classes.cache.inc(counts.cacheRead + counts.cacheWrite5m + counts.cacheWrite1h);
      classes.output.inc(counts.output);
      if (amount === undefined) unpriced.inc();
      else cost.inc(Number(amount) / 1e9);
    },
    text: () => registry.metrics(),
    contentType: registry.contentType,
  };
}

function addCounters(registers: Registry[]) {
  const exchanges = new Counter({
    name: 'turnpike_exchanges_total',
    help: 'Client requests ended, by format and outcome.',
    labelNames: ['format', 'outcome'],
    registers,
  });
  const durations = new Histogram({
    name: 'turnpike_exchange_seconds',
    help: 'Time from request to end of reply.',
    labelNames: ['format'],
    buckets: [0.005, 0.025, 0.1, 0.5, 1, 2.5, 5, 10, 30, 60, 300],
    registers,
  });
  const attempts = new Counter({
    name: 'turnpike_attempts_total',
    help: 'Attempts at upstreams, by deployment and how they ended.',
    labelNames: ['deployment', 'status'],
    registers,
  });
  const fallbacks = new Counter({
    name: 'turnpike_fallbacks_total',
    help: 'Replies of another model than the first of the plan.',
    labelNames: ['first', 'answered_by'],
    registers,
  });
  const tokens = new Counter({
    name: 'turnpike_tokens_total',
    help: 'Tokens booked.',
    labelNames: ['class'],
    registers,
  });
  const cost = new Counter({
    name: 'turnpike_cost_usd_total',
    help: 'Cost booked, US dollars (approximate; the ledger is exact).',
    registers,
  });
  const unpriced = new Counter({
    name: 'turnpike_unpriced_total',
    help: 'Attempts booked without a known price.',
    registers,
  });
  return { exchanges, durations, attempts, fallbacks, tokens, cost, unpriced };
}

function addGauges(registers: Registry[], probe: Parameters<typeof createMetrics>[0]): void {
  new Gauge({
    name: 'turnpike_open_exchanges',
    help: 'Client requests under way.',
    registers,
    collect() {
      this.set(probe.openExchanges());
    },
  });
  new Gauge({
    name: 'turnpike_ledger_pending_settles',
    help: 'Entries not durable yet.',
    registers,
    collect() {
      this.set(probe.ledger().pendingSettles);
    },
  });
  new Gauge({
    name: 'turnpike_budget_waiting',
    help: 'Requests that wait for room in a budget.',
    registers,
    collect() {
      this.set(probe.ledger().waitingForBudget);
    },
  });
  new Gauge({
    name: 'turnpike_ledger_writable',
    help: '1 when the ledger can record, else 0 and nothing is forwarded.',
    registers,
    collect() {
      this.set(probe.ledger().isWritable ? 1 : 0);
    },
  });
}

/** Remembers the child for a label pair; hashing labels on every request would cost more than the count. */
function bound<T>(make: (first: string, second: string) => T): (first: string, second: string) => T {
  const known = new Map<string, T>();
  return (first, second) => {
    const key = `${first}\n${second}`;
    const child = known.get(key);
    if (child) return child;
    if (known.size >= MAX_SERIES) return make('other', 'other');
    const made = make(first, second);
    known.set(key, made);
    return made;
  };
}
