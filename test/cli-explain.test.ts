/** `turnpike explain`: what a person reads of one exchange. */
import { describe, expect, it } from 'vitest';
import { behind, resetBehind, turnpike } from './support/cli-harness.ts';

resetBehind();

/** Nothing kept beside the entries: what follows from them alone. */
function keepNothing(): void {
  const { deps } = behind.house;
  behind.house.deps = { ...deps, spending: { ...deps.spending, decisionsOf: async () => new Map() } };
}

describe('explain', () => {
  it('tells attempts and losses', async () => {
    const { code, out } = await turnpike('explain exc_1');
    expect(code).toBe(0);
    expect(out).toMatchInlineSnapshot(`
      "exchange    exc_1, ok, $0.00125
      asked for   fast
      answered by openai/gpt-4o
      passed over openai/o3 (model_not_allowed)
      price       $2.50 in, $10.00 out per million tokens (catalog)
      budgets     team
      client      openai-chat (chat), key_1, ws_1
      began       2026-11-21 11:59 UTC, revision 7, 1.25 ms added by Turnpike

      attempt          lane       upstream format     status          error        ms
      1 openai/gpt-4o  relay      openai-chat         upstream_error  status_503   80
      2 openai/gpt-4o  translate  anthropic-messages  ok                          300

      lost in translation  of         how           note
      topK                 request 2  dropped       the provider knows no such field
      turns[2].parts[0]    request 2  approximated  sent as user text
      stop.sequence        reply 2    dropped       there is no field for it
      Of request 2, 12 more were counted and not named.
      "
    `);
  });
  it('says what nobody knows', async () => {
    keepNothing();
    const { out } = await turnpike('explain exc_1');
    expect(out).toContain('Of request 2 it is not known what was lost.');
    expect(out).not.toContain('Of request 1');
    expect(out).not.toContain('asked for');
  });
  it('says when nothing was lost', async () => {
    keepNothing();
    const { deps } = behind.house;
    const { entriesOf } = deps.spending;
    const first = async (id: never) => (await entriesOf(id)).slice(0, 1);
    behind.house.deps = { ...deps, spending: { ...deps.spending, entriesOf: first } };
    const { out } = await turnpike('explain exc_1');
    expect(out).toContain('last tried  openai/gpt-4o\n');
    expect(out.trimEnd().split('\n').at(-1)).toBe('Nothing was lost in translation.');
  });
  it('prints all of it as JSON', async () => {
    const { out } = await turnpike('explain exc_1 --json');
    const { decision, entries } = JSON.parse(out);
    expect(decision).toMatchObject({ asked: 'fast', attempts: [{}, { requestLosses: { unnamed: 12 } }] });
    expect(entries).toHaveLength(2);
  });
  it.each(['exc_9', 'exc_1/../keys', 'exc_1%20or%201'])('knows no %s', async (id) => {
    const { code, out, err } = await turnpike(`explain ${id}`);
    expect([code, out]).toEqual([1, '']);
    expect(err).toContain('a refused or open exchange has none');
  });

  it('explains what is not sent', async () => {
    const { code, out } = await turnpike(
      'explain fast --agent coder --tokens 500 --needs tools,vision --for-key bot',
    );
    expect(code).toBe(0);
    expect(behind.house.asked.at(-1)).toEqual({
      model: 'fast',
      prompt: { kind: 'agent', name: 'coder' },
      agent: 'coder',
      inputTokens: 500,
      capabilities: ['tools', 'vision'],
      key: 'bot',
    });
    expect(out).toMatchInlineSnapshot(`
      "asks for    fast
      prompt      agent:coder
      passed over openai/o3 (lacks_vision: the request needs vision)
      revision    7

      layer        says  where
      explicit     fast  x-turnpike-model  <- chosen
      step         -
      setting      -
      project      -
      user         -
      frontmatter  -
      agent        -
      request      -
      key          -
      workspace    -
      default      -

      candidate                   because    health             price
      openai/gpt-4o               asked for  open (status_503)  $2.50 in, $10.00 out per million tokens (catalog)  not asked
      anthropic/claude-haiku-4-5  chain      healthy            price unknown
      "
    `);
  });
  it.each([
    ['explain', 2, 'nothing to explain'],
    ['explain --dry-run --needs wings', 2, 'wings'],
    ['explain --dry-run --prompt coder', 1, 'agent:name'],
    ['explain --dry-run --for-key nobody', 1, 'nobody'],
  ])('%s ends with %i', async (line, code, text) => {
    const ended = await turnpike(line);
    expect(ended.code).toBe(code);
    expect(ended.err).toContain(text);
  });
  it('ends with 1 where it would be refused', async () => {
    const { code, out } = await turnpike('explain gone');
    expect(code).toBe(1);
    expect(out).toContain('It would be refused: there is no model "gone"');
  });
  it.each(['explain agent:coder', 'models explain agent:coder', 'explain --prompt agent:coder'])(
    '%s asks for what the prompt would get',
    async (line) => {
      const { code } = await turnpike(line);
      expect([code, behind.house.asked.at(-1)]).toEqual([0, { prompt: { kind: 'agent', name: 'coder' } }]);
    },
  );
});
