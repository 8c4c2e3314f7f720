/** Reads a stream of server-sent events as they come, for tests: which there are, and when it has ended. */

export interface HeardEvent {
  readonly id: string | undefined;
  readonly type: string;
  readonly data: Record<string, unknown>;
}

export interface Ear {
  readonly events: HeardEvent[];
  /** Lines that clients do not see. */
  readonly comments: string[];
  isOver: boolean;
  /** Those of a type. */
  of(type: string): Record<string, unknown>[];
  /** Resolves when there are so many of a type. Throws when that takes too long. */
  until(type: string, count?: number): Promise<Record<string, unknown>[]>;
  close(): Promise<void>;
}

const LIMIT_MS = 10_000;

export function hear(stream: ReadableStream<Uint8Array>): Ear {
  const reader = stream.getReader();
  const decoder = new TextDecoder();
  let held = '';
  const ear: Ear = {
    events: [],
    comments: [],
    isOver: false,
    of: (type) => ear.events.filter((event) => event.type === type).map(({ data }) => data),
    async until(type, count = 1) {
      const giveUpAt = Date.now() + LIMIT_MS;
      while (ear.of(type).length < count) {
        if (Date.now() > giveUpAt)
          throw new Error(`no ${count} of ${type}, but ${JSON.stringify(ear.events)}`);
        await new Promise((done) => setTimeout(done, 5));
      }
      return ear.of(type);
    },
    close: () => reader.cancel().catch(() => undefined),
  };
  const take = (text: string): void => {
    const fields = new Map(
      text.split('\n').map((line) => [line.split(': ', 1)[0]!, line.slice(line.indexOf(': ') + 2)]),
    );
    if (fields.has('')) ear.comments.push(fields.get('')!);
    const data = fields.get('data');
    if (data !== undefined)
      ear.events.push({
        id: fields.get('id'),
        type: fields.get('event') ?? 'message',
        data: JSON.parse(data),
      });
  };
  void (async () => {
    try {
      for (;;) {
        const { done, value } = await reader.read();
        if (done) break;
        held += decoder.decode(value, { stream: true });
        const blocks = held.split('\n\n');
        held = blocks.pop()!;
        blocks.forEach(take);
      }
    } catch {
      // The other side broke off: over as well.
    }
    ear.isOver = true;
  })();
  return ear;
}
