/** Sink: an incoming webhook of Slack, or of a chat that takes the same (Mattermost, Rocket.Chat, Discord's `/slack`). */
import type { HookSettings } from '../base/alert-settings.ts';
import { createPoster } from './post.ts';
import type { Message, Sink } from './sink.ts';

/** Of Slack: longer ones are refused whole. */
const MAX_HEADER_LENGTH = 150;
const MAX_SECTION_LENGTH = 3_000;

export function createSlack(settings: HookSettings): Sink {
  const poster = createPoster(settings);
  return {
    name: `slack:${poster.label}`,
    deliver: (message, signal) => poster.post(JSON.stringify(bodyOf(message)), {}, signal),
    close: () => poster.close(),
  };
}

/** Blocks are plain text, in which nothing is a command; `text`, which phones show, is not, and is escaped. */
function bodyOf({ title, lines, hint }: Message) {
  const plain = (text: string, most: number) => ({ type: 'plain_text', text: cut(text, most), emoji: false });
  return {
    text: escapeMarkup([title, ...lines, hint].join('\n')),
    blocks: [
      { type: 'header', text: plain(title, MAX_HEADER_LENGTH) },
      { type: 'section', text: plain(lines.join('\n'), MAX_SECTION_LENGTH) },
      { type: 'context', elements: [plain(hint, MAX_SECTION_LENGTH)] },
    ],
  };
}

/** `<!channel>` would ring everybody's phone. */
function escapeMarkup(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}

/** Never in the middle of a character of two halves. */
function cut(text: string, most: number): string {
  if (text.length <= most) return text;
  return `${text.slice(0, most - 1).replace(/[\ud800-\udbff]$/, '')}…`;
}
