/**
 * What model families are known to do. The shipped data has prices and context windows only, so these are
 * rules of ours, kept to families whose vendors document it; a model no rule names has no listed capability,
 * which means "not known", not "cannot".
 */
import type { Capability } from './model.ts';

const rules: readonly { readonly id: RegExp; readonly capabilities: readonly Capability[] }[] = [
  {
    id: /claude-(3|4|sonnet-4|opus-4|haiku-4|sonnet-5|opus-5)/,
    capabilities: ['tools', 'vision', 'prompt-cache'],
  },
  {
    id: /claude-(3-7|3\.7|sonnet-4|opus-4|haiku-4|sonnet-5|opus-5)/,
    capabilities: ['thinking', 'documents'],
  },
  {
    id: /gpt-(4o|4\.1|5|6)(?!.*(audio|realtime|transcribe|tts|image))/,
    capabilities: ['tools', 'vision', 'structured-output', 'prompt-cache'],
  },
  { id: /(^|\/)(o1|o3|o4)(-|$)|gpt-(5|6)/, capabilities: ['thinking'] },
  { id: /(^|\/)(o1|o3|o4)(-|$)/, capabilities: ['tools', 'structured-output', 'prompt-cache'] },
  { id: /gpt-(4o|5|6).*audio|gpt-audio/, capabilities: ['audio', 'tools'] },
  {
    id: /gemini-(1\.5|2|3)(?!.*(embedding|image|tts))/,
    capabilities: ['tools', 'vision', 'documents', 'audio', 'structured-output'],
  },
  { id: /gemini-(2\.5|3)(?!.*(embedding|image|tts))/, capabilities: ['thinking'] },
  { id: /deepseek-(chat|v3|reasoner|r1)/, capabilities: ['tools'] },
  { id: /deepseek-(reasoner|r1)|gpt-oss|qwen3|grok-(3-mini|4)/, capabilities: ['thinking'] },
  {
    id: /grok-[234]|mistral-(small|medium|large)|llama-?[34]|qwen-?[23]|gpt-oss|kimi-k2|glm-4/,
    capabilities: ['tools'],
  },
];

export function capabilitiesOf(modelId: string): Capability[] {
  const id = modelId.toLowerCase();
  const found = rules.flatMap((rule) => (rule.id.test(id) ? rule.capabilities : []));
  return [...new Set(found)];
}
