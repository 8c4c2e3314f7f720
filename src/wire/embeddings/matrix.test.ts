/** Every shape to every other: texts, dimensions, vectors and usage survive, and whatever does not is named. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { JsonObject } from '../chat.ts';
import { WireError } from '../format.ts';
import { type EmbeddingRequest, type EmbeddingShape, embeddingShapes, vectorNumbers } from './index.ts';

const shapes: readonly EmbeddingShape[] = Object.values(embeddingShapes);
const pairs = shapes.flatMap((from) => shapes.map((to) => ({ from, to })));
const path = (model: string) => ({ model, isStream: false });
const isSingle = ({ id }: EmbeddingShape): boolean => id === 'gemini-embed' || id === 'ollama-embeddings';

const requests: fc.Arbitrary<EmbeddingRequest> = fc.record(
  {
    model: fc.constantFrom('m', 'vendor/m:tag'),
    inputs: fc.array(fc.record({ content: fc.string({ minLength: 1 }) }), { minLength: 1, maxLength: 4 }),
    encoding: fc.constant('float' as const),
    dimensions: fc.integer({ min: 1, max: 4096 }),
    truncate: fc.boolean(),
    endUser: fc.string({ minLength: 1 }),
  },
  { requiredKeys: ['model', 'inputs', 'encoding'] },
);

describe.each(pairs)('$from.id to $to.id', ({ from, to }) => {
  it('carries requests', () => {
    fc.assert(
      fc.property(requests, (request) => {
        const sent = render(from, request);
        if (!sent) return;
        const read = from.parseRequest(sent, path(request.model));
        expect(read.inputs).toEqual(request.inputs);
        const passed = render(to, read);
        if (!passed) return;
        const arrived = to.parseRequest(passed, path(request.model));
        expect(arrived.inputs).toEqual(request.inputs);
        expect(arrived.dimensions).toEqual(read.dimensions);
        expect(arrived.model).toBe(request.model);
      }),
      { numRuns: 50 },
    );
  });

  it('carries replies', () => {
    const vector = fc.array(fc.float({ noNaN: true, noDefaultInfinity: true }), {
      minLength: 1,
      maxLength: 8,
    });
    fc.assert(
      fc.property(
        fc.array(vector, { minLength: 1, maxLength: isSingle(to) || isSingle(from) ? 1 : 4 }),
        (values) => {
          const context = { model: 'm', encoding: 'float', inputEstimate: 3 } as const;
          const vectors = values.map((numbers) => ({ encoding: 'float', values: numbers }) as const);
          const reply = { model: 'm', vectors, usage: { input: 11, raw: null } };
          const upstream = JSON.parse(JSON.stringify(from.renderReply(reply, context).body)) as JsonObject;
          const client = to.renderReply(from.parseReply(upstream), context).body;
          const seen = to.parseReply(JSON.parse(JSON.stringify(client)) as JsonObject);
          // JSON has no negative zero.
          expect(seen.vectors.map(vectorNumbers)).toEqual(values.map((row) => row.map((value) => value + 0)));
          const tellsUsage = from.id !== 'ollama-embeddings' && to.id !== 'ollama-embeddings';
          if (tellsUsage) expect(seen.usage?.input).toBe(11);
        },
      ),
      { numRuns: 50 },
    );
  });
});

/** undefined = refused, which only the calls for one text may do. */
function render(shape: EmbeddingShape, request: EmbeddingRequest): JsonObject | undefined {
  try {
    return JSON.parse(JSON.stringify(shape.renderRequest(request).body)) as JsonObject;
  } catch (error) {
    expect(error).toBeInstanceOf(WireError);
    expect(isSingle(shape)).toBe(true);
    return undefined;
  }
}

describe.each(shapes)('$id', (shape) => {
  it('answers any JSON with a request or a WireError', () => {
    const json = fc.dictionary(
      fc.constantFrom('model', 'input', 'prompt', 'requests', 'content', 'parts', 'dimensions', 'x'),
      fc.jsonValue({ maxDepth: 4 }),
    );
    fc.assert(
      fc.property(json, (body) => {
        for (const read of [shape.parseRequest, shape.parseReply, shape.readUsage]) {
          try {
            read(body as JsonObject, path('m'));
          } catch (error) {
            expect(error).toBeInstanceOf(WireError);
          }
        }
      }),
      { numRuns: 200 },
    );
  });
  it('names every field it does not carry', () => {
    const request: EmbeddingRequest = {
      model: 'm',
      inputs: [{ content: 'a', taskType: 'X', title: 'T' }],
      encoding: 'float',
      truncate: true,
      endUser: 'u',
    };
    const { body, warnings } = shape.renderRequest(request);
    const read = shape.parseRequest(body, path('m'));
    const lost: string[] = [];
    if (read.inputs[0]!.taskType === undefined) lost.push('inputs[0].taskType');
    if (read.inputs[0]!.title === undefined) lost.push('inputs[0].title');
    if (read.truncate === undefined) lost.push('truncate');
    if (read.endUser === undefined) lost.push('endUser');
    expect(warnings.map((warning) => warning.path).sort()).toEqual(lost.sort());
    expect(warnings.every(({ kind }) => kind === 'dropped')).toBe(true);
  });
});
