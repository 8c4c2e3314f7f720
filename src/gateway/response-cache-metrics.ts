/** What the metrics say of the cache of answers. */
import { Counter, Gauge, type Registry } from 'prom-client';
import type { CacheStats } from './response-cache.ts';

export function addCacheMetrics(registers: Registry[], stats: () => CacheStats): void {
  addCounter(registers, 'hits', 'Requests answered from the cache of answers.', () => stats().hits);
  addCounter(registers, 'misses', 'Requests that the cache had no answer for.', () => stats().misses);
  addCounter(registers, 'evicted', 'Answers that made room for others.', () => stats().evicted);
  addGauge(registers, 'answers', 'Answers kept.', () => stats().answers);
  addGauge(registers, 'coming_bytes', 'Memory of answers that may be kept at their end.', () => {
    return stats().comingBytes;
  });
  addGauge(registers, 'bytes', 'Memory that kept answers take.', () => stats().bytes);
}

function addCounter(registers: Registry[], name: string, help: string, read: () => number): void {
  new Counter({
    name: `turnpike_cache_${name}_total`,
    help,
    registers,
    collect() {
      this.reset();
      this.inc(read());
    },
  });
}

function addGauge(registers: Registry[], name: string, help: string, read: () => number): void {
  new Gauge({
    name: `turnpike_cache_${name}`,
    help,
    registers,
    collect() {
      this.set(read());
    },
  });
}
