import { HttpFault } from './fault.ts';
import { type Fields, listElements } from './fields.ts';

/** How the end of a body is known (RFC 9112 section 6). */
export type Framing =
  | { readonly kind: 'none' }
  | { readonly kind: 'length'; readonly length: number }
  | { readonly kind: 'chunked' }
  /** Responses only. */
  | { readonly kind: 'until-close' };

const NONE: Framing = { kind: 'none' };
const CHUNKED: Framing = { kind: 'chunked' };
const UNTIL_CLOSE: Framing = { kind: 'until-close' };

/**
 * Stricter than the RFC wherever two parsers could read different lengths: no Content-Length beside Transfer-Encoding, no
 * second Content-Length even if equal, no coding but chunked, none at all from HTTP/1.0.
 */
function declaredFraming(fields: Fields, minor: 0 | 1): Framing | undefined | HttpFault {
  const lengths = fields.known['content-length'];
  const codings = fields.known['transfer-encoding'];
  if (codings !== undefined) {
    if (lengths !== undefined) return new HttpFault(400, 'both Content-Length and Transfer-Encoding are given');
    if (minor === 0) return new HttpFault(400, 'Transfer-Encoding in an HTTP/1.0 message');
    const elements = listElements(codings);
    if (codings.length === 1 && codings[0]!.toLowerCase() === 'chunked') return CHUNKED;
    const known = elements.length > 0 && elements.at(-1) === 'chunked' && elements.indexOf('chunked') === elements.length - 1;
    return known && elements.length > 1
      ? new HttpFault(501, `Transfer-Encoding ${elements[0]} is not supported`)
      : new HttpFault(400, 'Transfer-Encoding is not exactly "chunked"');
  }
  if (lengths === undefined) return undefined;
  if (lengths.length > 1) return new HttpFault(400, 'Content-Length is given more than once');
  if (!/^[0-9]{1,15}$/.test(lengths[0]!)) return new HttpFault(400, 'Content-Length is not a decimal number');
  return { kind: 'length', length: Number(lengths[0]) };
}

export function requestFraming(fields: Fields, minor: 0 | 1): Framing | HttpFault {
  const declared = declaredFraming(fields, minor);
  if (declared instanceof HttpFault) return declared;
  return declared === undefined || (declared.kind === 'length' && declared.length === 0) ? NONE : declared;
}

/** `requestMethod` matters: an answer to HEAD has no body whatever its fields say. Faults carry 502, for they are the upstream's. */
export function responseFraming(fields: Fields, minor: 0 | 1, status: number, requestMethod: string): Framing | HttpFault {
  const declared = declaredFraming(fields, minor);
  if (declared instanceof HttpFault) return new HttpFault(502, declared.reason);
  if (requestMethod === 'HEAD' || status < 200 || status === 204 || status === 304) return NONE;
  return declared ?? UNTIL_CLOSE;
}
