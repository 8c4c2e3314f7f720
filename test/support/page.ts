/** A page of ours as a browser would run it, as far as its script goes: elements by their ids, texts, and what is hidden. */
import { runInNewContext } from 'node:vm';
import type { Browser } from './browser.ts';

export interface OpenPage {
  /** The text of an element; undefined = it is hidden, or not there. */
  text(id: string): string | undefined;
  /** What an issuer's link leads to. */
  links(): readonly string[];
  fill(id: string, value: string): void;
  /** Sends the form, or presses the button; done when the page has done what it does. */
  press(id: string): Promise<void>;
  /** Where the page went. */
  went(): string | undefined;
}

interface Element {
  readonly id: string;
  textContent: string;
  value: string;
  hidden: boolean;
  search: string;
  readonly href: string;
  readonly listeners: Map<string, (event: object) => unknown>;
  addEventListener(name: string, run: (event: object) => unknown): void;
  focus(): void;
  toggleAttribute(): void;
}

/** Everything the page does is done when nothing is asked for a while. */
const QUIET_MS = 20;

export async function openPage(browser: Browser, path: string): Promise<OpenPage> {
  const { text: html } = await browser.call('GET', path);
  const elements = elementsOf(html);
  const by = (id: string) => elements.find((one) => one.id === id) ?? null;
  const [pathname = '', search = ''] = path.split(/(?=\?)/);
  let asking = 0;
  let went: string | undefined;
  const script = /<script nonce="[^"]+">([\s\S]*)<\/script>/.exec(html)?.[1] ?? '';
  runInNewContext(script, {
    URLSearchParams,
    location: { search, pathname, assign: (to: string) => (went = to) },
    document: {
      getElementById: by,
      querySelector: () => by('nav'),
      querySelectorAll: () => elements.filter(({ id }) => id === 'issuer'),
    },
    async fetch(to: string, init: { method: string; body?: string; headers: Record<string, string> }) {
      asking += 1;
      const own = { origin: browser.origin, 'sec-fetch-site': 'same-origin', ...init.headers };
      const answer = await browser.call(init.method, to, init.body, own);
      asking -= 1;
      return { ok: answer.status < 300, text: async () => answer.text };
    },
  });
  const settle = async (): Promise<void> => {
    do await new Promise((done) => setTimeout(done, QUIET_MS));
    while (asking > 0);
  };
  await settle();
  return {
    text: (id) => (by(id)?.hidden === false ? by(id)!.textContent : undefined),
    links: () => elements.filter(({ id }) => id === 'issuer').map(({ href, search: query }) => href + query),
    fill(id, value) {
      by(id)!.value = value;
    },
    async press(id) {
      const element = by(id);
      const run = element?.listeners.get('submit') ?? element?.listeners.get('click');
      if (!element || element.hidden || !run) throw new Error(`${id} cannot be pressed`);
      run({ preventDefault() {} });
      await settle();
    },
    went: () => went,
  };
}

function elementsOf(html: string): Element[] {
  const tags = html.match(/<(?!\/)[a-z]+\b[^>]*>/g) ?? [];
  return tags.flatMap((tag) => {
    const id = /\bdata-issuer\b/.test(tag)
      ? 'issuer'
      : tag.startsWith('<nav')
        ? 'nav'
        : /\bid="([^"]+)"/.exec(tag)?.[1];
    if (id === undefined) return [];
    const listeners: Element['listeners'] = new Map();
    return [
      {
        id,
        listeners,
        textContent: '',
        value: '',
        search: '',
        href: /\bhref="([^"]+)"/.exec(tag)?.[1] ?? '',
        hidden: /\bhidden\b/.test(tag),
        addEventListener: (name: string, run: (event: object) => unknown) => void listeners.set(name, run),
        focus() {},
        toggleAttribute() {},
      },
    ];
  });
}
