import { HOP_BY_HOP } from '../../base/http-fields.ts';
import { type Fields, listElements } from './fields.ts';
import type { Framing } from './framing.ts';
import type { RequestHead } from './request.ts';
import type { ResponseHead } from './response.ts';

/** Connection may not name these: a client could otherwise make a proxy drop what the next hop relies on. */
const KEPT_WHATEVER_CONNECTION_SAYS = new Set(['host', 'content-length', 'x-forwarded-client-cert', 'authorization', 'cookie']);
/** A trailer may not become what only a header may be. */
export const NOT_IN_TRAILERS = new Set([
  'content-length',
  'host',
  'trailer',
  'authorization',
  'cookie',
  'set-cookie',
  'x-forwarded-client-cert',
]);

const NO_OPTIONS: ReadonlySet<string> = new Set();

export interface FieldEdits {
  /** Lower-case names that are dropped whatever their value. */
  readonly remove: ReadonlySet<string>;
  /** Added after the message's own. */
  readonly add: readonly (readonly [name: string, value: string])[];
}

export interface RequestEdits extends FieldEdits {
  /** Sent when the client, of HTTP/1.0, named none. */
  readonly defaultHost: string;
  /** Sent whatever the client named. */
  readonly host?: string | undefined;
}

/** A text and what it was made with: the same again gives the same text. */
export interface WrittenRequest {
  readonly edits: RequestEdits;
  readonly target: string;
  readonly text: string;
}

export interface WrittenResponse {
  readonly plan: ResponsePlan;
  readonly text: string;
}

/** The head as the next hop gets it. It is latin1: bytes above 0x7f in values pass unchanged. */
export function writeRequestHead(head: RequestHead, edits: RequestEdits, target: string = head.target): string {
  const { written } = head;
  if (written && written.target === target && sameEdits(written.edits, edits)) return written.text;
  const text = requestText(head, edits, target);
  head.written = { edits, target, text };
  return text;
}

/** The splits of a route, and its clusters, often differ in nothing that is written. */
function sameEdits(a: RequestEdits, b: RequestEdits): boolean {
  return a === b || (a.add === b.add && a.remove === b.remove && a.defaultHost === b.defaultHost && a.host === b.host);
}

function requestText(head: RequestHead, edits: RequestEdits, target: string): string {
  let text = `${head.method} ${target} HTTP/1.1\r\nHost: ${edits.host ?? head.host ?? edits.defaultHost}\r\n`;
  const dropped = connectionOptions(head.fields);
  text += endToEnd(head.fields, (name) => name === 'host' || name === 'content-length' || dropped.has(name) || edits.remove.has(name));
  for (const [name, value] of edits.add) text += `${name}: ${value}\r\n`;
  if (listElements(head.fields.known.te).includes('trailers')) text += 'TE: trailers\r\n';
  if (head.framing.kind === 'none' && head.fields.known['content-length']) text += 'Content-Length: 0\r\n';
  text += framingFields(head.framing);
  if (head.upgrade !== undefined) text += `Connection: Upgrade\r\nUpgrade: ${head.upgrade}\r\n`;
  return `${text}\r\n`;
}

export interface ResponsePlan {
  /** How the body goes to the client. */
  readonly framing: Framing;
  readonly close: boolean;
  readonly clientMinor: 0 | 1;
  readonly upgrade?: string | undefined;
  readonly edits?: FieldEdits | undefined;
}

export function writeResponseHead(head: ResponseHead, plan: ResponsePlan): string {
  const { written } = head;
  if (written && samePlan(written.plan, plan)) return written.text;
  const text = responseText(head, plan);
  head.written = { plan, text };
  return text;
}

function samePlan(a: ResponsePlan, b: ResponsePlan): boolean {
  const sameFraming = a.framing === b.framing && a.close === b.close && a.clientMinor === b.clientMinor;
  return sameFraming && a.upgrade === b.upgrade && a.edits === b.edits;
}

function responseText(head: ResponseHead, plan: ResponsePlan): string {
  let text = `HTTP/1.1 ${head.status} ${head.phrase}\r\n`;
  const dropped = connectionOptions(head.fields);
  const lengths = head.fields.known['content-length'];
  const { edits } = plan;
  text += endToEnd(head.fields, (name) => name === 'content-length' || dropped.has(name) || edits?.remove.has(name) === true);
  if (edits) for (const [name, value] of edits.add) text += `${name}: ${value}\r\n`;
  // Without a body the length still says what GET would give (HEAD, 304); after 1xx and 204 it must not be sent.
  if (plan.framing.kind === 'none' && lengths && head.status >= 200 && head.status !== 204) text += `Content-Length: ${lengths[0]}\r\n`;
  text += head.framing.kind === 'length' && head.framing.length === 0 ? 'Content-Length: 0\r\n' : framingFields(plan.framing);
  if (plan.upgrade !== undefined) text += `Connection: Upgrade\r\nUpgrade: ${plan.upgrade}\r\n`;
  else if (head.status >= 200 && plan.close) text += 'Connection: close\r\n';
  else if (head.status >= 200 && plan.clientMinor === 0) text += 'Connection: keep-alive\r\n';
  return `${text}\r\n`;
}

/** The end of a chunked body. */
export function writeTrailers(trailers: Fields): string {
  return `0\r\n${endToEnd(trailers, (name) => NOT_IN_TRAILERS.has(name))}\r\n`;
}

function framingFields(framing: Framing): string {
  if (framing.kind === 'chunked') return 'Transfer-Encoding: chunked\r\n';
  return framing.kind === 'length' && framing.length > 0 ? `Content-Length: ${framing.length}\r\n` : '';
}

/** Names of fields that Connection keeps to one hop. */
export function connectionOptions(fields: Fields): ReadonlySet<string> {
  if (fields.known.connection === undefined) return NO_OPTIONS;
  return new Set(listElements(fields.known.connection).filter((name) => !KEPT_WHATEVER_CONNECTION_SAYS.has(name)));
}

function endToEnd(fields: Fields, drop: (lowerName: string) => boolean): string {
  let text = '';
  for (let i = 0; i < fields.list.length; i += 2) {
    const name = fields.list[i]!;
    const lower = name.toLowerCase();
    if (!HOP_BY_HOP.has(lower) && !drop(lower)) text += `${name}: ${fields.list[i + 1]!}\r\n`;
  }
  return text;
}
