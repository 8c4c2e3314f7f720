/** What the metrics say of the configuration files. */
import { Counter, Gauge, type Registry } from 'prom-client';

export interface ConfigStats {
  /** What the files say is in force, but for what counts from the next start. */
  readonly isOk: boolean;
  /** Since the start: changes taken, and contents that could not be. */
  readonly done: number;
  readonly failed: number;
}

export function addConfigMetrics(registers: Registry[], stats: () => ConfigStats): void {
  new Gauge({
    name: 'turnpike_config_ok',
    help: '1 when the configuration files could be taken as they are, else 0 and the last good state serves.',
    registers,
    collect() {
      this.set(stats().isOk ? 1 : 0);
    },
  });
  new Counter({
    name: 'turnpike_config_reloads_total',
    help: 'Changes of the configuration files while serving, by what came of them.',
    labelNames: ['outcome'],
    registers,
    collect() {
      const { done, failed } = stats();
      this.reset();
      this.inc({ outcome: 'done' }, done);
      this.inc({ outcome: 'failed' }, failed);
    },
  });
}
