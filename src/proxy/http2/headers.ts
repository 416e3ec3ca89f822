import type { OutgoingHttpHeaders } from 'node:http2';
import { HOP_BY_HOP } from '../../base/http-fields.ts';
import { type Fields, listElements } from '../http1/fields.ts';
import type { RequestHead } from '../http1/request.ts';
import type { ResponseHead } from '../http1/response.ts';
import { connectionOptions, type FieldEdits, NOT_IN_TRAILERS, type RequestEdits } from '../http1/write.ts';

/** The head as the next hop gets it. */
export function requestHeaders(
  head: RequestHead,
  edits: RequestEdits,
  scheme: 'http' | 'https',
  target: string = head.target,
): OutgoingHttpHeaders {
  const headers = newHeaders();
  headers[':method'] = head.method;
  headers[':scheme'] = scheme;
  headers[':authority'] = edits.host ?? head.host ?? edits.defaultHost;
  headers[':path'] = target;
  addFields(headers, head.fields, edits);
  if (listElements(head.fields.known.te).includes('trailers')) headers['te'] = 'trailers';
  if (head.framing.kind === 'length') headers['content-length'] = String(head.framing.length);
  else if (head.framing.kind === 'none' && head.fields.known['content-length']) headers['content-length'] = '0';
  return headers;
}

export function responseHeaders(head: ResponseHead, edits: FieldEdits | undefined): OutgoingHttpHeaders {
  const headers = newHeaders();
  headers[':status'] = head.status;
  addFields(headers, head.fields, edits);
  const length = head.fields.known['content-length']?.[0];
  // Without a body the length still says what GET would give (HEAD, 304); after 1xx and 204 it must not be sent.
  if (length !== undefined && head.status >= 200 && head.status !== 204) headers['content-length'] = length;
  return headers;
}

export function trailerHeaders(trailers: Fields): OutgoingHttpHeaders {
  const headers = newHeaders();
  for (let i = 0; i < trailers.list.length; i += 2) {
    const name = trailers.list[i]!.toLowerCase();
    if (!HOP_BY_HOP.has(name) && !NOT_IN_TRAILERS.has(name)) add(headers, name, trailers.list[i + 1]!);
  }
  return headers;
}

function newHeaders(): OutgoingHttpHeaders {
  return Object.create(null) as OutgoingHttpHeaders;
}

function addFields(headers: OutgoingHttpHeaders, fields: Fields, edits: FieldEdits | undefined): void {
  const dropped = connectionOptions(fields);
  for (let i = 0; i < fields.list.length; i += 2) {
    const name = fields.list[i]!.toLowerCase();
    if (HOP_BY_HOP.has(name) || name === 'host' || name === 'content-length' || dropped.has(name) || edits?.remove.has(name)) continue;
    add(headers, name, fields.list[i + 1]!);
  }
  if (edits) for (const [name, value] of edits.add) add(headers, name.toLowerCase(), value);
}

/** node:http2 takes one value of a name that it knows to have only one; several lines are the same as one list (RFC 9110 5.3). */
function add(headers: OutgoingHttpHeaders, name: string, value: string): void {
  const present = headers[name];
  if (present === undefined) headers[name] = value;
  else if (name === 'set-cookie') headers[name] = Array.isArray(present) ? [...present, value] : [String(present), value];
  else headers[name] = `${String(present)}${name === 'cookie' ? '; ' : ', '}${value}`;
}
