/** The provider kinds there are. A new one is a file in providers/ and a line here, or a row in providers/presets.ts. */
import type { ProviderKind } from './provider.ts';
import { anthropic } from './providers/anthropic.ts';
import { azure } from './providers/azure.ts';
import { bedrock } from './providers/bedrock.ts';
import { gemini } from './providers/gemini.ts';
import { ollama } from './providers/ollama.ts';
import { openai } from './providers/openai.ts';
import { openaiCompatible } from './providers/openai-compatible.ts';
import { openrouter } from './providers/openrouter.ts';
import { presetKinds } from './providers/presets.ts';
import { sandbox } from './providers/sandbox.ts';
import { vertex } from './providers/vertex.ts';

/** By id, in the order in which a bare model id looks for a server: makers before resellers, the sandbox last. */
export const providerKinds: ReadonlyMap<string, ProviderKind> = new Map(
  [
    anthropic,
    openai,
    gemini,
    ...presetKinds,
    ollama,
    openrouter,
    openaiCompatible,
    azure,
    bedrock,
    vertex,
    sandbox,
  ].map((kind) => [kind.id, kind]),
);

/** The kind of a provider that declares none is its name; undefined = there is none of this name. */
export function kindOf(nameOrKind: string): ProviderKind | undefined {
  return providerKinds.get(nameOrKind);
}
