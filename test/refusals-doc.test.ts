/** Holds `docs/reference/refusals.md` equal to the table of refusals. After a change: `npx vitest run test/refusals-doc.test.ts -u`. */
import { expect, it } from 'vitest';
import { type RefusalRow, refusals } from '../src/base/refusal.ts';

const HEAD = `# Refusals

What Turnpike itself says no to. An error that a provider sent is not among these: it passes as it came.

A refusal is answered with the status below, in the shape of the client's own format (Anthropic, OpenAI, Gemini, Ollama),
also inside a stream that has already begun. The code stands in the message's own field where the format has one, and
always in the log line and the metrics of the exchange. \`kind\` is the class of error, from which each format takes its
own word; OpenAI's clients act on its codes \`insufficient_quota\` and \`rate_limit_exceeded\`, and are told those.

This page is held equal to \`src/base/refusal.ts\` by a test.

| code | status | kind | what to do |
|---|---|---|---|
`;

/** The page as it must be. Rows in the order of the table: by where on the road a request meets them. */
function renderPage(rows: Readonly<Record<string, RefusalRow>>): string {
  const lines = Object.entries(rows).map(
    ([code, row]) => `| \`${code}\` | ${row.status} | ${row.kind} | ${row.fix.replaceAll('|', '\\|')} |`,
  );
  return `${HEAD}${lines.join('\n')}\n`;
}

it('lists every refusal with its status, kind and fix', async () => {
  await expect(renderPage(refusals)).toMatchFileSnapshot('../docs/reference/refusals.md');
});

it.each(Object.entries(refusals))('%s can be acted on', (code, row) => {
  expect(code).toMatch(/^[a-z]+(_[a-z]+)*$/);
  expect(row.status).toBeGreaterThanOrEqual(400);
  expect(row.status).toBeLessThan(600);
  expect(row.fix).toMatch(/^[A-Z].*\.$/s);
  expect(row.fix).not.toContain('\n');
});
