import { HttpFault } from './fault.ts';
import { type Fields, listElements, parseFields } from './fields.ts';
import { type Framing, responseFraming } from './framing.ts';
import type { WrittenResponse } from './write.ts';

/** Never changed: one that comes again on its connection is the same object. */
export interface ResponseHead {
  readonly status: number;
  /** Reason phrase, possibly empty. */
  readonly phrase: string;
  readonly minor: 0 | 1;
  readonly fields: Fields;
  readonly framing: Framing;
  /** The connection can carry another request after this response. */
  readonly keepAlive: boolean;
  /** How `writeResponseHead` wrote it last. */
  written?: WrittenResponse | undefined;
}

const STATUS_LINE = /^HTTP\/1\.([01]) ([1-9][0-9]{2})(?: ([\t\x20-\x7e\x80-\xff]*))?$/;

/** Faults carry 502: the client is not to blame. */
export function parseResponseHead(text: string, requestMethod: string): ResponseHead | HttpFault {
  const end = text.indexOf('\r\n');
  const line = STATUS_LINE.exec(text.slice(0, end));
  if (!line) return new HttpFault(502, 'the upstream did not answer with an HTTP/1.1 status line');
  const minor = line[1] === '1' ? 1 : 0;
  const status = Number(line[2]);
  const fields = parseFields(text, end + 2);
  if (fields instanceof HttpFault) return new HttpFault(502, `upstream response: ${fields.reason}`);
  const framing = responseFraming(fields, minor, status, requestMethod);
  if (framing instanceof HttpFault) return new HttpFault(502, `upstream response: ${framing.reason}`);
  const connection = listElements(fields.known.connection);
  const persistent = minor === 1 ? !connection.includes('close') : connection.includes('keep-alive');
  return {
    status,
    phrase: line[3] ?? '',
    minor,
    fields,
    framing,
    keepAlive: persistent && framing.kind !== 'until-close',
    written: undefined,
  };
}
