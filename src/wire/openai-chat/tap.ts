/**
 * Reads along a relayed stream. Until the first content each frame is looked at; from then on only those a
 * native search finds: usage that is not null, a finish reason, an error, `[DONE]`.
 */
import type { JsonObject, JsonValue } from '../chat.ts';
import type { StreamTap, TapOptions } from '../format.ts';
import type { Frame } from '../frames.ts';
import { asFullText, asObject, asText, isBlank, isObject } from '../json.ts';
import { argumentsText } from '../openai-content.ts';
import { createSampledTap, type Sampled } from '../sampled-tap.ts';
import { deltaOf, finishOf, firstChoice, readFrame } from './chunk.ts';
import { readChunkError } from './error.ts';
import { textOfDetails } from './thinking.ts';
import { readUsage } from './usage.ts';

/** Three times as fast as with `"error"` spelled out in its two places; what it finds too much is rare. */
const TELLING_FRAME =
  /"usage"[ \t]*:[ \t]*\{|"finish_reason"[ \t]*:[ \t]*"|\[DONE\]|"error"[ \t]*(?!:[ \t]*n)/g;

export function createTap({ countsAll = false }: TapOptions = {}): StreamTap {
  return createSampledTap({
    countsAll,
    telling: TELLING_FRAME,
    read: readTapped,
    // A server may omit `[DONE]`; after a finish reason nothing is missing but, maybe, the usage.
    isComplete: ({ error, isDone, stop }) => !error && (isDone || stop !== undefined),
  });
}

function readTapped(seen: Sampled, frame: Frame): number {
  const read = readFrame(frame);
  if (read.kind === 'done') seen.isDone = true;
  return read.kind === 'chunk' ? readTappedChunk(seen, read.chunk) : 0;
}

/** Notes what the chunk tells; the bytes of text in it. */
function readTappedChunk(seen: Sampled, chunk: JsonObject): number {
  seen.error = readChunkError(chunk);
  if (seen.error) return 0;
  seen.serviceTier ??= asFullText(chunk.service_tier);
  seen.usage = readUsage(chunk, asFullText(chunk.service_tier) ?? seen.serviceTier) ?? seen.usage;
  const choice = firstChoice(chunk);
  if (!choice) return 0;
  seen.stop = finishOf(choice) ?? seen.stop;
  return Buffer.byteLength(textOfDelta(deltaOf(choice)));
}

/** What a delta adds to the output, whatever it is. */
function textOfDelta(delta: JsonObject): string {
  const thinking =
    asFullText(delta.reasoning_content) ??
    asFullText(delta.reasoning) ??
    textOfDetails(delta.reasoning_details);
  const content = isBlank(delta.content) ? '' : (asText(delta.content) ?? JSON.stringify(delta.content));
  return `${thinking}${content}${asText(delta.refusal) ?? ''}${textOfImages(delta.images)}${textOfCalls(delta)}`;
}

function textOfImages(images: JsonValue | undefined): string {
  return isBlank(images) ? '' : 'image';
}

function textOfCalls(delta: JsonObject): string {
  const calls = Array.isArray(delta.tool_calls) ? delta.tool_calls.filter(isObject) : [];
  const inner = [...calls.map((call) => call.function ?? call.custom), delta.function_call];
  return inner
    .map((value) => asObject(value) ?? {})
    .map((call) => `${asText(call.name) ?? ''}${argumentsText(call.arguments ?? call.input)}`)
    .join('');
}
