import type { IncomingHttpHeaders } from 'node:http';
import { parseDuration } from '../../base/duration.ts';
import { uint64Problem } from '../../base/go-uint.ts';
import { compileFilter, type Filter } from '../../filter/compile.ts';
import type { Shape } from '../../filter/shape.ts';
import type { Compat } from '../compatibility.ts';
import { HttpError } from './answer.ts';

/** The parameters that all of Consul's queries share. */
export interface QueryOptions {
  /** Datacenter asked for; the agent's own when not given. */
  readonly dc: string;
  /** Block until the answer's index is above this; 0: answer at once. */
  readonly index: number;
  /** How long to block at most, without the jitter. */
  readonly waitMs: number;
  readonly consistency: 'leader' | 'stale' | 'consistent';
  /** `?cached`: from the agent's cache if it can be. */
  readonly cached: boolean;
  readonly pretty: boolean;
}

/** Consul's defaults for blocking queries. */
const CONSUL_WAITS = { defaultMs: 300_000, maxMs: 600_000 };

/** What the agent itself decides about. */
interface OwnSettings {
  readonly datacenter: string;
  readonly compat: Compat;
}

const MAX_UINT64 = 2n ** 64n - 1n;

/** Reads the shared parameters. Throws an HttpError in Consul's words. */
export function parseQueryOptions(
  query: URLSearchParams,
  headers: IncomingHttpHeaders,
  own: OwnSettings,
  waits = CONSUL_WAITS,
): QueryOptions {
  refuseEnterprise(query, headers, own.compat);
  const maxStale = parseMaxStale(query.get('max_stale'));
  const stale = query.has('stale') || maxStale !== undefined;
  const consistent = query.has('consistent');
  if (stale && consistent) throw new HttpError(400, 'Cannot specify ?stale with ?consistent, conflicting semantics.');
  if (query.has('cached') && consistent) throw new HttpError(400, 'Cannot specify ?cached with ?consistent, conflicting semantics.');
  checkCacheControl(headers['cache-control']);
  return {
    dc: query.get('dc') || own.datacenter,
    index: parseIndex(query.get('index')),
    waitMs: parseWait(query.get('wait'), waits),
    consistency: stale ? 'stale' : consistent ? 'consistent' : 'leader',
    cached: query.has('cached'),
    pretty: query.has('pretty'),
  };
}

/** The open-source Consul refuses any namespace or partition, `default` included. */
function refuseEnterprise(query: URLSearchParams, headers: IncomingHttpHeaders, compat: Compat): void {
  const prefix = compat === '1.8' ? 'Bad request: ' : '';
  const features = [{ header: 'X-Consul-Namespace', param: 'ns', what: 'Namespaces' }];
  // 1.8 didn't know of them yet.
  if (compat === 'newer') features.push({ header: 'X-Consul-Partition', param: 'partition', what: 'Partitions' });
  for (const { header, param, what } of features) {
    const where = headers[header.toLowerCase()] ? `header: "${header}"` : query.get(param) ? `query parameter: "${param}"` : undefined;
    if (where !== undefined) throw new HttpError(400, `${prefix}Invalid ${where} - ${what} are a Consul Enterprise feature`);
  }
}

function parseIndex(text: string | null): number {
  if (!text) return 0;
  if (!/^\d+$/.test(text) || BigInt(text) > MAX_UINT64) throw new HttpError(400, 'Invalid index');
  return Number(text);
}

function parseWait(text: string | null, { defaultMs, maxMs }: typeof CONSUL_WAITS): number {
  if (!text) return defaultMs;
  const parsed = parseDuration(text);
  if (!parsed.ok) throw new HttpError(400, 'Invalid wait time');
  const ms = parsed.ns / 1e6;
  return ms <= 0 ? defaultMs : Math.min(ms, maxMs);
}

/** Consul: a bound on staleness makes a query stale, and nothing here is ever behind. */
function parseMaxStale(text: string | null): number | undefined {
  if (!text) return undefined;
  const parsed = parseDuration(text);
  if (!parsed.ok) throw new HttpError(400, `Invalid max_stale value ${JSON.stringify(text)}`);
  return parsed.ns;
}

/** Consul reads two directives, in seconds, and doesn't mind what it doesn't know. */
function checkCacheControl(header: string | undefined): void {
  for (const directive of header?.toLowerCase().split(',') ?? []) {
    const [name, value = ''] = directive.trim().split('=');
    if (name !== 'max-age' && name !== 'stale-if-error') continue;
    if (!parseDuration(`${value}s`).ok) throw new HttpError(400, 'Invalid Cache-Control header.');
  }
}

/** The `filter` of a list whose items have this shape. Throws what Consul says of one that makes no sense. */
export function parseFilterOption(query: URLSearchParams, shape: Shape | undefined): Filter | undefined {
  const text = query.get('filter');
  if (!text) return undefined;
  if (!shape) throw new HttpError(400, 'filter expressions are not supported here');
  const compiled = compileFilter(text, shape);
  if (compiled.ok) return compiled.value;
  const message = `Failed to create boolean expression evaluator: ${compiled.error.message}`;
  throw new HttpError(500, message, { meta: { index: 1 }, headers: { 'X-Consul-Knownleader': 'false' } });
}

/** The `cas` of a write. Throws what Go's strconv says: Consul passes that on. */
export function parseCas(query: URLSearchParams): number | undefined {
  const text = query.get('cas');
  if (text === null) return undefined;
  const problem = uint64Problem(text);
  if (problem !== undefined) throw new HttpError(500, problem);
  return Number(text);
}
