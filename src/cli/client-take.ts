/** What the typed client answered, unwrapped: the answer itself, or the error that a command ends with. */
import type { Problem } from '../admin/problem.ts';
import type { paths } from '../client/paths.d.mts';
import { CliError } from './io.ts';

export type Transport = (request: Request) => Response | Promise<Response>;

/** Nobody listens at the URL: nothing was asked, so the same may be asked elsewhere. */
export class NotRunningError extends Error {
  override readonly name = 'NotRunningError';
}

/** The admin API said no. `code` is of docs/reference/refusals.md. */
export class RefusedError extends CliError {
  readonly code: string;
  constructor(problem: Problem['error']) {
    super(problem.message, problem.fix);
    this.code = problem.code;
  }
}

/** What a call of the typed client comes to. */
interface Answered<Data> {
  readonly data?: Data | undefined;
  readonly error?: unknown;
  readonly response: Response;
}

/** @throws {RefusedError} when the API said no, {CliError} when it is none that answered */
export type Take = <Data>(answer: Promise<Answered<Data>>) => Promise<NonNullable<Data>>;

/** An answer that comes in pieces. Ends with {CliError} where it is cut off. */
export interface Pieces {
  readonly headers: Headers;
  readonly pieces: AsyncIterable<string>;
}

export type TakePieces = (answer: Promise<Answered<ReadableStream<Uint8Array> | null>>) => Promise<Pieces>;

/** @param url of the server, to name it in errors */
export function takeFrom(url: string): { readonly take: Take; readonly takePieces: TakePieces } {
  const open = async <Data>(answer: Promise<Answered<Data>>) => {
    const { data, error, response } = await answer.catch((thrown) => {
      throw thrown instanceof SyntaxError ? strangerAt(url) : thrown;
    });
    if (data !== undefined && data !== null) return { data, response };
    const problem = (error as Partial<Problem> | undefined)?.error;
    if (problem?.code && problem.message) throw new RefusedError(problem);
    throw strangerAt(url, response.status);
  };
  return {
    take: async (answer) => (await open(answer)).data,
    takePieces: async (answer) => {
      const { data, response } = await open(answer);
      return { headers: response.headers, pieces: readPieces(data) };
    },
  };
}

/** What an answer of the admin API is in. */
const OURS = /json|csv/;

/** A fetch for the typed client. @throws {NotRunningError} when nobody listens, else {CliError} */
export function fetchOver(transport: Transport, url: string): (request: Request) => Promise<Response> {
  return async (request) => {
    const response = await send(transport, request);
    const isOurs = OURS.test(response.headers.get('content-type') ?? '');
    if (response.ok && !isOurs) throw strangerAt(url, response.status);
    return response;
  };
}

function strangerAt(url: string, status?: number): CliError {
  return new CliError(
    `${url} answered${status === undefined ? '' : ` ${status}`}, but not as a Turnpike does`,
    'Something else listens there: set TURNPIKE_URL, or TURNPIKE_PORT for the server.',
  );
}

/** @throws {NotRunningError} when nobody listens, {CliError} when the connection fails otherwise */
export async function send(transport: Transport, request: Request): Promise<Response> {
  try {
    return await transport(request);
  } catch (error) {
    const { origin } = new URL(request.url);
    const code = codeOf(error);
    if (code === 'ECONNREFUSED') throw new NotRunningError(`no server listens at ${origin}`);
    throw new CliError(`${origin} cannot be reached (${code})`, 'Check the address in TURNPIKE_URL.');
  }
}

/** System code of a failed fetch; several addresses tried in vain count as the first one's. */
function codeOf(error: unknown): string {
  const cause = error instanceof Error ? error.cause : undefined;
  const first = cause instanceof AggregateError ? cause.errors[0] : cause;
  const code = first instanceof Error && 'code' in first ? first.code : undefined;
  return typeof code === 'string' ? code : error instanceof Error ? error.message : String(error);
}

async function* readPieces(body: ReadableStream<Uint8Array>): AsyncIterable<string> {
  const decoder = new TextDecoder();
  try {
    for await (const bytes of body as unknown as AsyncIterable<Uint8Array>) {
      yield decoder.decode(bytes, { stream: true });
    }
  } catch (error) {
    throw new CliError(
      `the answer was cut off (${codeOf(error)})`,
      'What was written is not whole: run it again.',
    );
  }
  yield decoder.decode();
}

type QueryOf<Operation> = Operation extends { parameters: { query?: infer Query } }
  ? NonNullable<Query>
  : never;

/** The query of a path by the names of the document, with values as a person typed them. */
export type Typed<Path extends keyof paths, Method extends 'get' | 'post' = 'get'> = {
  readonly [Name in keyof QueryOf<paths[Path][Method]>]?: string | undefined;
};

/** What was typed goes as it is: the server knows what it takes, and says so when it refuses. */
export function asTyped<Path extends keyof paths, Method extends 'get' | 'post' = 'get'>(
  query: Typed<Path, Method>,
): QueryOf<paths[Path][Method]> {
  return query as QueryOf<paths[Path][Method]>;
}
