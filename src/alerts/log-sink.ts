/** Sink: a line in the log. There is always one, so that alerts are not lost where nobody has declared another. */
import type { Log } from '../base/log.ts';
import { type Sink, taken } from './sink.ts';

export function createLogSink(log: Log): Sink {
  return {
    name: 'log',
    async deliver({ id, topic, title, data }) {
      log.warn({ alert: id, topic, data }, title);
      return taken('written');
    },
    close: async () => undefined,
  };
}
