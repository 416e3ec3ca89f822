import { isGrpcContentType, parseGrpcTimeout } from '../../base/grpc.ts';
import { HttpFault } from '../http1/fault.ts';
import { type Fields, fieldOf } from '../http1/fields.ts';
import { type Framing, requestFraming } from '../http1/framing.ts';
import { isAuthority, judgeExpect, judgeMethod, judgeTarget, type RequestHead } from '../http1/request.ts';
import { readFields } from './fields.ts';

/** As strict as HTTP/1's; `whole`: the stream ends with the head. */
export function readRequestHead(raw: readonly string[], whole: boolean, maxBytes: number): RequestHead | HttpFault {
  const read = readFields(raw, maxBytes);
  if (read instanceof HttpFault) return read;
  const { pseudo, fields } = read;
  const method = pseudo['method'] ?? '';
  const target = pseudo['path'] ?? '/';
  const unfit = judgeMethod(method) ?? judgeTarget(target) ?? judgeScheme(pseudo['scheme']) ?? judgeExpect(fields);
  if (unfit) return unfit;
  const host = judgeAuthority(pseudo['authority'], fields);
  if (host instanceof HttpFault) return host;
  const framing = framingOf(fields, whole);
  if (framing instanceof HttpFault) return framing;
  const query = target.indexOf('?');
  return {
    method,
    target,
    path: query === -1 ? target : target.slice(0, query),
    minor: 1,
    fields,
    host,
    framing,
    keepAlive: true,
    upgrade: undefined,
    written: undefined,
    deadlineMs: deadlineOf(fields),
  };
}

function judgeScheme(scheme: string | undefined): HttpFault | undefined {
  return scheme === 'http' || scheme === 'https' ? undefined : new HttpFault(400, 'the scheme is neither http nor https');
}

/** A Host beside :authority must say the same, or two servers could take the request for two hosts (RFC 9113 8.3.1). */
function judgeAuthority(authority: string | undefined, { known }: Fields): string | HttpFault {
  const hosts = known.host ?? [];
  if (hosts.length > 1) return new HttpFault(400, 'Host is given more than once');
  const host = authority ?? hosts[0];
  if (host === undefined) return new HttpFault(400, 'both :authority and Host are missing');
  if (hosts.length === 1 && hosts[0] !== host) return new HttpFault(400, ':authority and Host are not the same');
  return isAuthority(host) ? host : new HttpFault(400, ':authority is not valid');
}

/** The end of the stream is the end of the body, whether or not its length was told. nghttp2 resets a stream whose length isn't as told. */
function framingOf(fields: Fields, whole: boolean): Framing | HttpFault {
  const declared = requestFraming(fields, 1);
  if (declared instanceof HttpFault || declared.kind !== 'none' || fields.known['content-length']) return declared;
  return whole ? declared : { kind: 'chunked' };
}

function deadlineOf(fields: Fields): number | undefined {
  const timeout = fieldOf(fields, 'grpc-timeout');
  return timeout !== undefined && isGrpcContentType(fieldOf(fields, 'content-type') ?? '') ? parseGrpcTimeout(timeout) : undefined;
}
