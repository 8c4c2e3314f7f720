/** What the metrics say of contents that are kept: how many, never of what. */
import { Counter, Gauge, type Registry } from 'prom-client';
import type { ContentStats } from './content-queue.ts';

export function addContentMetrics(registers: Registry[], stats: () => ContentStats): void {
  new Counter({
    name: 'turnpike_contents_total',
    help: 'Exchanges whose content was to be kept, by what became of it.',
    labelNames: ['outcome'],
    registers,
    collect() {
      this.reset();
      const { kept, dropped, failed } = stats();
      this.inc({ outcome: 'kept' }, kept);
      this.inc({ outcome: 'dropped' }, dropped);
      this.inc({ outcome: 'failed' }, failed);
    },
  });
  new Gauge({
    name: 'turnpike_contents_waiting_bytes',
    help: 'Memory of contents that wait to be written.',
    registers,
    collect() {
      this.set(stats().waitingBytes);
    },
  });
}
