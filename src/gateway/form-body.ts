/**
 * Finds a field of a multipart/form-data body in its bytes, so that it can be read and replaced while every other
 * byte, above all the files, passes as it came.
 *
 * What is not plain is refused, not guessed at: an upstream that reads a form otherwise than we do would take
 * another model than the one that was allowed.
 */
import type { Edit } from '../wire/walk.ts';

/** Where the content of a part is: from `start` up to, not including, `end`. */
export interface FormField {
  readonly start: number;
  readonly end: number;
}

export type FormRead =
  | {
      readonly ok: true;
      /** Absent = the form has no such field. */
      readonly field: FormField | undefined;
      /** Offset of the first boundary: a part may be put in here. */
      readonly start: number;
      readonly boundary: string;
    }
  | { readonly ok: false; readonly message: string };

/** Sixteen images and their settings are about thirty. */
const MAX_PARTS = 256;
/** A part's headers are three short lines. */
const MAX_PART_HEAD_BYTES = 8 * 1024;
/** RFC 2046. */
const BOUNDARY = /^[\w'()+,./:=? -]{0,69}[\w'()+,./:=?-]$/;

const CRLF_CRLF = Buffer.from('\r\n\r\n');

/** The boundary a content type names; undefined = it is no form, or names none that can be one. */
export function boundaryOf(contentType: string | undefined): string | undefined {
  if (!contentType || !/^multipart\/form-data\s*(;|$)/i.test(contentType.trim())) return undefined;
  const found = [...contentType.matchAll(/;\s*boundary=(?:"([^"]*)"|([^;\s"]+))/gi)];
  const text = found.length === 1 ? (found[0]![1] ?? found[0]![2]) : undefined;
  return text !== undefined && BOUNDARY.test(text) ? text : undefined;
}

/** Reads the form to its end, as a second field of the name would win at some upstreams. */
export function readForm(body: Buffer, boundary: string, name: string): FormRead {
  const delimiter = Buffer.from(`--${boundary}`, 'latin1');
  if (!body.subarray(0, delimiter.length).equals(delimiter))
    return bad('it does not begin with the boundary its content-type names');
  let at = delimiter.length;
  let field: FormField | undefined;
  for (let parts = 0; !isClosing(body, at); parts += 1) {
    if (parts === MAX_PARTS) return bad(`it has more than ${MAX_PARTS} parts`);
    if (body[at] !== CR || body[at + 1] !== LF) return bad('a boundary is not followed by a line end');
    const head = readHead(body, at);
    if (!head.ok) return head;
    const next = body.indexOf(delimiter, head.end);
    if (next === -1) return bad('its last boundary is missing');
    const end = next - 2;
    if (end < head.end || body[end] !== CR || body[end + 1] !== LF)
      return bad('a boundary stands where no line begins');
    if (head.name === name) {
      if (field) return bad(`the field "${name}" stands in it twice`);
      if (!head.isText) return bad(`the field "${name}" is a file or encoded`);
      field = { start: head.end, end };
    }
    at = next + delimiter.length;
  }
  if (body.toString('latin1', at + 2, at + 2 + MAX_PART_HEAD_BYTES).trim() !== '')
    return bad('something stands after its end');
  return { ok: true, field, start: 0, boundary };
}

const CR = 13;
const LF = 10;
const DASH = 45;

function isClosing(body: Buffer, at: number): boolean {
  return body[at] === DASH && body[at + 1] === DASH;
}

function bad(message: string): { readonly ok: false; readonly message: string } {
  return { ok: false, message: `the multipart form cannot be read: ${message}` };
}

type Head =
  | { readonly ok: true; readonly name: string; readonly isText: boolean; readonly end: number }
  | { readonly ok: false; readonly message: string };

const DISPOSITION = /^content-disposition[ \t]*:(.*)$/i;

/** The headers of a part; `start` is after its boundary. */
function readHead(body: Buffer, start: number): Head {
  const limit = Math.min(body.length, start + MAX_PART_HEAD_BYTES);
  const end = body.subarray(start, limit).indexOf(CRLF_CRLF);
  if (end === -1) return bad('the headers of a part do not end');
  const lines = body.toString('utf8', start + 2, start + end).split('\r\n');
  const dispositions = lines.flatMap((line) => DISPOSITION.exec(line)?.[1] ?? []);
  if (dispositions.length !== 1 || lines.some((line) => /^[ \t]/.test(line) || /[\r\n\0]/.test(line)))
    return bad('a part does not say its name in one line');
  const name = parameter(dispositions[0]!, 'name');
  if (name === undefined) return bad('a part has no name, or more than one');
  const isFile = /;\s*filename\*?\s*=/i.test(dispositions[0]!);
  const isEncoded = lines.some((line) => /^content-transfer-encoding/i.test(line));
  return { ok: true, name, isText: !isFile && !isEncoded, end: start + end + CRLF_CRLF.length };
}

/** As browsers and SDKs write it: in quotes, or bare. Of escapes inside a name no two readers think the same. */
function parameter(disposition: string, wanted: string): string | undefined {
  const found: string[] = [];
  let rest = disposition;
  for (;;) {
    const match = /^[^;"]*;\s*([\w*.-]+)\s*=\s*(?:"((?:[^"\\]|\\.)*)"|([^;"\s]*))/.exec(rest);
    if (!match) break;
    const [whole, key = '', quoted, plain = ''] = match;
    const isNamed = key.toLowerCase() === wanted;
    if (key.toLowerCase() === `${wanted}*` || (isNamed && /[\\%]/.test(quoted ?? plain))) return undefined;
    if (isNamed) found.push(quoted ?? plain);
    rest = rest.slice(whole.length);
  }
  return found.length === 1 && found[0] !== '' ? found[0] : undefined;
}

/** The edit that gives the form this value: in the place of the old one, or as a part of its own. */
export function setField(form: FormRead & { ok: true }, name: string, value: string): Edit {
  if (form.field) return { ...form.field, text: value };
  const text = `--${form.boundary}\r\ncontent-disposition: form-data; name="${name}"\r\n\r\n${value}\r\n`;
  return { start: form.start, end: form.start, text };
}
