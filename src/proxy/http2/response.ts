import { STATUS_CODES } from 'node:http';
import { HttpFault } from '../http1/fault.ts';
import { type Framing, responseFraming } from '../http1/framing.ts';
import type { ResponseHead } from '../http1/response.ts';
import { readFields } from './fields.ts';

const EMPTY: Framing = { kind: 'length', length: 0 };
const CHUNKED: Framing = { kind: 'chunked' };

/** `whole`: the stream ends with the head. Faults carry 502: the client is not to blame. */
export function readResponseHead(
  raw: readonly string[],
  whole: boolean,
  requestMethod: string,
  maxBytes: number,
): ResponseHead | HttpFault {
  const read = readFields(raw, maxBytes);
  if (read instanceof HttpFault) return new HttpFault(502, `upstream response: ${read.reason}`);
  const { pseudo, fields } = read;
  const status = Number(pseudo['status']);
  const framing = responseFraming(fields, 1, status, requestMethod);
  if (framing instanceof HttpFault) return new HttpFault(502, `upstream response: ${framing.reason}`);
  return {
    status,
    // HTTP/2 has none; some clients of HTTP/1 don't do without.
    phrase: STATUS_CODES[status] ?? '',
    minor: 1,
    fields,
    framing: framing.kind !== 'until-close' ? framing : whole ? EMPTY : CHUNKED,
    keepAlive: true,
  };
}
