/** A conversation of which nothing can be said here still makes a request that servers take. */
import { expect, it } from 'vitest';
import { openaiChat } from './index.ts';

it('sends an empty user turn where nothing of the turns is left', () => {
  const { body, warnings } = openaiChat.renderRequest({
    model: 'gpt-4o',
    turns: [
      { role: 'user', parts: [{ type: 'text', text: '' }] },
      { role: 'assistant', parts: [{ type: 'thinking', text: 'hm' }] },
    ],
    tools: [],
    stream: false,
  });
  expect(body.messages).toEqual([{ role: 'user', content: '' }]);
  expect(warnings).toContainEqual(expect.objectContaining({ kind: 'approximated', path: 'turns' }));
});
