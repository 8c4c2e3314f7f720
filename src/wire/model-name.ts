/** What a model's name tells: renderers see only the chat, so names are judged, the same ones over and over. */

/** More names than a gateway's models have; beyond it, what was remembered is forgotten. */
const MAX_NAMES = 1_000;

/** `read`, remembered by the name. */
export function rememberTraits<T extends object>(read: (model: string) => T): (model: string) => T {
  const known = new Map<string, T>();
  return (model) => {
    const found = known.get(model);
    if (found) return found;
    const traits = read(model);
    if (known.size >= MAX_NAMES) known.clear();
    known.set(model, traits);
    return traits;
  };
}

/** `openai/gpt-5-mini:batch` and `gpt-5-mini` are the same model: the last part of the id, in lower case. */
export function bareName(model: string): string {
  return model.slice(model.lastIndexOf('/') + 1).toLowerCase();
}
