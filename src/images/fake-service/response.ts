import { escapeJson } from '../../base/go-json.ts';
import { sortedEntries } from '../../base/order.ts';
import { indented, members, parts } from './json-text.ts';
import type { Behaviour } from './version.ts';

/** What a service answers, and what it tells of the services it called. */
export interface ServiceResponse {
  readonly name?: string;
  readonly uri?: string;
  /** `HTTP` or `gRPC` */
  readonly type?: string;
  readonly ipAddresses?: readonly string[];
  readonly startTime?: string;
  readonly endTime?: string;
  /** Go duration: `1.8466ms` */
  readonly duration?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly cookies?: Readonly<Record<string, string>>;
  /** JSON text. */
  readonly body?: string;
  /** In the order in which the calls ended. */
  readonly upstreamCalls?: readonly UpstreamCall[];
  readonly code: number;
  readonly error?: string;
}

export interface UpstreamCall {
  /** The URI as configured. */
  readonly uri: string;
  readonly response: ServiceResponse;
}

/** As the release prints it: key order, omitted fields, two-space indent, Go's escapes, a line break at the end. */
export function encodeResponse(response: ServiceResponse, behaviour: Behaviour): string {
  return `${escapeJson(indented(compact(response, behaviour)))}\n`;
}

function compact(r: ServiceResponse, behaviour: Behaviour): string {
  const headers = nonEmpty(r.headers) ? sortedObject(r.headers) : undefined;
  const oldShape = behaviour.headersKey === 'Headers';
  const fields: [key: string, json: string | undefined][] = [
    ['name', text(r.name)],
    ['uri', text(r.uri)],
    ['type', text(r.type)],
    ['ip_addresses', r.ipAddresses?.length ? JSON.stringify(r.ipAddresses) : undefined],
    ['start_time', text(r.startTime)],
    ['end_time', text(r.endTime)],
    ['duration', text(r.duration)],
    [behaviour.headersKey, headers ?? (oldShape ? 'null' : undefined)],
    ['cookies', !oldShape && nonEmpty(r.cookies) ? sortedObject(r.cookies) : undefined],
    ['body', r.body === undefined ? undefined : behaviour.rawBody ? r.body : asString(r.body)],
    ['upstream_calls', upstreamCalls(r.upstreamCalls ?? [], behaviour)],
    ['code', String(r.code)],
    ['error', text(r.error)],
  ];
  const printed = fields.filter(([, json]) => json !== undefined).map(([key, json]) => `"${key}":${json}`);
  return `{${printed.join(',')}}`;
}

/** As an object, one URI that was called twice has one entry: the last. */
function upstreamCalls(calls: readonly UpstreamCall[], behaviour: Behaviour): string | undefined {
  if (calls.length === 0) return undefined;
  if (!behaviour.upstreamsByUri) return `[${calls.map((call) => compact(call.response, behaviour)).join(',')}]`;
  const byUri = new Map(calls.map((call) => [call.uri, compact(call.response, behaviour)]));
  const sorted = Array.from(byUri).sort(([a], [b]) => (a < b ? -1 : 1));
  return `{${sorted.map(([uri, json]) => `${JSON.stringify(uri)}:${json}`).join(',')}}`;
}

/** Go prints maps by key; text by text, because a JS object would put keys that look like numbers first. */
function sortedObject(record: Readonly<Record<string, string>>): string {
  const sorted = sortedEntries(record);
  return `{${sorted.map(([key, value]) => `${JSON.stringify(key)}:${JSON.stringify(value)}`).join(',')}}`;
}

function nonEmpty(record: Readonly<Record<string, string>> | undefined): record is Readonly<Record<string, string>> {
  return record !== undefined && Object.keys(record).length > 0;
}

/** Go's omitempty: an empty string is left out. */
function text(value: string | undefined): string | undefined {
  return value === undefined || value === '' ? undefined : JSON.stringify(value);
}

function asString(json: string): string {
  return json.startsWith('"') ? json : JSON.stringify(json);
}

/**
 * Reads the response of any release (the original can read only its own kind). Undefined when it isn't a JSON object;
 * a field of another type is left out.
 */
export function decodeResponse(json: string): ServiceResponse | undefined {
  try {
    return json.trimStart().startsWith('{') && JSON.parse(json) !== null ? decodeObject(json) : undefined;
  } catch {
    return undefined;
  }
}

function decodeObject(json: string): ServiceResponse {
  const raw = members(json);
  const value = (key: string): unknown => (raw.has(key) ? JSON.parse(raw.get(key)!) : undefined);
  const string = (key: string) => (typeof value(key) === 'string' ? String(value(key)) : undefined);
  const addresses = value('ip_addresses');
  const code = value('code');
  const body = raw.get('body');
  return defined({
    name: string('name'),
    uri: string('uri'),
    type: string('type'),
    ipAddresses: Array.isArray(addresses) ? addresses.map(textOf) : undefined,
    startTime: string('start_time'),
    endTime: string('end_time'),
    duration: string('duration'),
    headers: strings(value('headers') ?? value('Headers')),
    cookies: strings(value('cookies')),
    body: body === 'null' || body === '""' ? undefined : body,
    upstreamCalls: decodeCalls(raw.get('upstream_calls')),
    code: typeof code === 'number' ? code : 0,
    error: string('error'),
  });
}

function decodeCalls(json: string | undefined): UpstreamCall[] | undefined {
  if (json?.startsWith('{')) {
    const calls = Array.from(members(json)).filter(([, call]) => call.startsWith('{'));
    return calls.map(([uri, call]) => ({ uri, response: decodeObject(call) }));
  }
  if (!json?.startsWith('[')) return undefined;
  const responses = parts(json)
    .filter((call) => call.startsWith('{'))
    .map(decodeObject);
  return responses.map((response) => ({ uri: response.uri ?? '', response }));
}

function strings(value: unknown): Record<string, string> | undefined {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return undefined;
  return Object.fromEntries(Object.entries(value).map(([key, entry]) => [key, textOf(entry)]));
}

/** Of any JSON value. `String` asks an object for its `toString`, which in what others send may be a field. */
function textOf(value: unknown): string {
  return typeof value === 'string' ? value : JSON.stringify(value);
}

function defined(response: { [K in keyof ServiceResponse]: ServiceResponse[K] | undefined }): ServiceResponse {
  const entries = Object.entries(response).filter(([, value]) => value !== undefined);
  return { code: 0, ...Object.fromEntries(entries) };
}
