/** One flush for all who wait: whoever comes while one is under way shares the next. */

/**
 * A flush under way does not cover what its caller has just written; the one after it does. The function returned
 * resolves when a flush that began after the call has ended well, and rejects when that one failed.
 */
export function shareFlush(flush: () => Promise<void>): () => Promise<void> {
  let running: Promise<void> | undefined;
  let next: Promise<void> | undefined;
  const start = (): Promise<void> => {
    const begun = flush().finally(() => {
      if (running === begun) running = undefined;
    });
    running = begun;
    return begun;
  };
  return () => {
    if (!running) return start();
    next ??= running
      .catch(() => undefined)
      .then(() => {
        next = undefined;
        return start();
      });
    return next;
  };
}
