/** Reads the data fields of a server-sent event stream. */

/** A line beyond this is no event of a chat stream. */
const MAX_LINE_CHARS = 4 * 1024 * 1024;

/** Yields the content of each `data:` line. Events of one line each, as every model API sends them. */
export async function* readEvents(body: AsyncIterable<Uint8Array>): AsyncGenerator<string> {
  const decoder = new TextDecoder();
  let held = '';
  for await (const chunk of body) {
    held += decoder.decode(chunk, { stream: true });
    const lines = held.split(/\r\n|\n|\r(?!$)/);
    held = lines.pop() ?? '';
    if (held.length > MAX_LINE_CHARS) throw new Error(`an event is longer than ${MAX_LINE_CHARS} characters`);
    for (const line of lines) if (line.startsWith('data:')) yield line.slice(5).trimStart();
  }
  if (held.startsWith('data:')) yield held.slice(5).trim();
}
