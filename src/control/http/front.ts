import type { IncomingHttpHeaders, IncomingMessage, OutgoingHttpHeaders, ServerResponse } from 'node:http';
import { PermissionDenied } from '../../acl/authorizer.ts';
import { MeshError, messageOf } from '../../base/errors.ts';
import type { Log } from '../../base/ports.ts';
import { WriteRefused } from '../registry.ts';
import { AgentCache } from './agent-cache.ts';
import { HttpError, type Rendered, render, renderError, type StreamAnswer } from './answer.ts';
import { AnswerCache } from './answer-cache.ts';
import { readBody, withLimits } from './body.ts';
import { Call, Closing } from './call.ts';
import { isToken, TOKEN_HEADER, WRITE_REFUSED } from './dashboard.ts';
import { acceptsGzip } from './encoding.ts';
import type { Api, Endpoint } from './endpoint.ts';
import { type Door, isOpenOrigin, refusal } from './guard.ts';
import { ClientCounter, RateLimiter } from './limits.ts';
import { Outgoing } from './outgoing.ts';
import { parseFilterOption, parseQueryOptions } from './query-options.ts';
import { type Match, Router } from './router.ts';
import type { HttpSettings } from './settings.ts';
import { sendStream } from './stream.ts';
import { cleaned, parseTarget, type Target } from './target.ts';
import { Writers } from './writers.ts';

export interface FrontOptions {
  readonly endpoints: readonly Endpoint[];
  readonly api: Api;
  readonly log: Log;
  readonly settings: HttpSettings;
  /** Undefined on a Unix socket: no browser reaches it. */
  readonly door: Door | undefined;
  /** Of the one that this one replaces. */
  readonly closing?: Closing;
}

/** Takes requests from the sockets, and answers every one: the only place that turns errors into responses. */
export class Front {
  readonly closing: Closing;
  readonly #options: FrontOptions;
  readonly #router: Router;
  readonly #always: OutgoingHttpHeaders;
  readonly #rate: RateLimiter | undefined;
  readonly #blocked: ClientCounter;
  readonly #writers: Writers | undefined;
  readonly #answers = new AnswerCache();
  readonly #agentCache = new AgentCache();
  /** The Host that was let in last: hardly anybody sends another. */
  #knownHost: string | undefined;

  constructor(options: FrontOptions) {
    const { endpoints, settings, api } = options;
    const { requestsPerSecond, blockingPerClient } = settings.limits ?? {};
    this.#options = options;
    this.closing = options.closing ?? new Closing();
    this.#router = new Router(endpoints);
    const { enabled, settings: acl } = api.acls;
    // Consul sends these with every answer.
    const policy = enabled ? acl.defaultPolicy : 'allow';
    this.#always = { ...settings.headers, Vary: 'Accept-Encoding', 'X-Consul-Default-Acl-Policy': policy };
    this.#rate = requestsPerSecond === undefined ? undefined : new RateLimiter(requestsPerSecond, api.clock);
    this.#blocked = new ClientCounter(blockingPerClient);
    const { writesFrom = [] } = settings;
    this.#writers = writesFrom.length > 0 ? new Writers(writesFrom) : undefined;
  }

  serve(message: IncomingMessage, response: ServerResponse): void {
    const gzip = acceptsGzip(message.headers['accept-encoding']);
    try {
      this.#admit(message);
      const snapshot = this.#options.api.snapshot.value;
      const key = this.#cacheKey(message);
      const known = key === undefined ? undefined : this.#answers.get(snapshot, key);
      if (known) {
        known.outgoing.send(response, gzip, this.#cacheHeaders(known.query));
        return;
      }
      this.#answer(message, response)
        .then((answered) => {
          if ('stream' in answered) return void sendStream(answered.stream, response, this.#always);
          const { rendered, isPure, query, more } = answered;
          const outgoing = new Outgoing(rendered, this.#always);
          // What was computed of a newer snapshot than the one that was looked at is kept for neither.
          const isPresent = this.#options.api.snapshot.value === snapshot;
          if (isPure && isPresent && key !== undefined) this.#answers.put(snapshot, key, { outgoing, query });
          outgoing.send(response, gzip, [...more, ...this.#cacheHeaders(query)]);
        })
        .catch((error: unknown) => this.#fail(message, response, gzip, error));
    } catch (error) {
      this.#fail(message, response, gzip, error);
    }
  }

  #cacheHeaders(query: string | undefined): readonly string[] {
    return query === undefined ? [] : this.#agentCache.headers(query);
  }

  /** Throws unless the client may ask at all. */
  #admit(message: IncomingMessage): void {
    const { door, settings, api } = this.#options;
    const client = message.socket.remoteAddress ?? '';
    this.#rate?.take(client);
    api.requests.take(message.method ?? 'GET', message.url ?? '/', client);
    const { host, origin } = message.headers;
    const secFetchSite = headerOf(message.headers, 'sec-fetch-site');
    if (!door || (host === this.#knownHost && origin === undefined && secFetchSite === undefined)) return;
    const refused = refusal({ host, origin, secFetchSite }, door, settings.openings);
    if (refused !== undefined) throw new HttpError(403, refused);
    const isOfPage = (origin !== undefined || secFetchSite !== undefined) && !isOpenOrigin(origin, settings.openings);
    if (isOfPage && !this.#changesNothing(message) && !isToken(headerOf(message.headers, TOKEN_HEADER), api.dashboard))
      throw new HttpError(403, WRITE_REFUSED);
    this.#knownHost = host;
  }

  /** By its method, or because its endpoint says so. */
  #changesNothing({ method = 'GET', url = '/' }: IncomingMessage): boolean {
    if (isSafe(method)) return true;
    const routed = this.#router.route(parseTarget(url).path);
    return routed.type === 'path' && routed.find(method)?.endpoint.readsOnly === true;
  }

  /** Names an answer that may be kept; undefined when more than the path and the query decides about it. */
  #cacheKey({ method, url, headers }: IncomingMessage): string | undefined {
    if (
      method !== 'GET' ||
      url === undefined ||
      this.#options.api.acls.enabled ||
      CACHE_BREAKERS.some((name) => headers[name] !== undefined)
    )
      return undefined;
    const { datacenter, nodeName } = this.#options.api;
    return `${datacenter} ${nodeName} ${url}`;
  }

  async #answer(message: IncomingMessage, response: ServerResponse): Promise<Answered | Streamed> {
    const { api, settings } = this.#options;
    const target = parseTarget(message.url ?? '/');
    const routed = this.#route(message, target);
    if ('rendered' in routed) return routed;
    const { endpoint, params } = routed;

    const query = new URLSearchParams(target.query);
    if (endpoint.method !== 'GET') this.#writers?.check(message.socket.remoteAddress ?? '');
    const options = parseQueryOptions(query, message.headers, api, settings.waits);
    const filter = parseFilterOption(query, endpoint.filter);
    const bytes = await readBody(message, withLimits(endpoint.body, settings.limits), api.compat);
    const token = tokenOf(query, message.headers);
    const acl = api.acls.forRequest(token, options.dc, api.nodeName);
    const parts = { message, response, params, query, options, filter, bytes, token, acl, blocked: this.#blocked, closing: this.closing };
    const pretty = options.pretty || (settings.alwaysPretty ?? false);
    const answer = await endpoint.handle(new Call(parts), api);
    if (answer.type === 'stream') return { stream: answer };
    const rendered = render(answer, { pretty, compat: api.compat });
    const isPure = (endpoint.pure ?? false) && !api.acls.enabled && options.index === 0 && rendered.status === 200;
    const cacheQuery = endpoint.agentCache && options.cached && settings.useCache !== false ? `${options.dc} ${message.url}` : undefined;
    const more = api.acls.tells(token, acl) ? ['X-Consul-Results-Filtered-By-Acls', 'true'] : [];
    return { rendered, isPure, query: cacheQuery, more };
  }

  /** The endpoint, or what is said without one. */
  #route(message: IncomingMessage, { path, query }: Target): Match | Answered {
    const { blockEndpoints = [] } = this.#options.settings;
    if (blockEndpoints.some((prefix) => path.startsWith(prefix))) throw new HttpError(403, 'Endpoint is blocked by agent configuration');
    const shorter = cleaned(path);
    if (shorter !== undefined) return moved(shorter, query);
    const routed = this.#router.route(path);
    if (path === '/') return this.#router.route('/ui/').type === 'path' ? moved('/ui/', '') : plain(200, 'Consul Agent');
    if (routed.type === 'none') throw new HttpError(404, '');
    if (routed.type === 'redirect') return moved(routed.to, query);

    const method = message.method ?? 'GET';
    const allow = { Allow: ['OPTIONS', ...routed.methods].join(',') };
    if (method === 'OPTIONS') return { rendered: { status: 200, headers: allow, body: '' }, isPure: false, more: [] };
    const match = routed.find(method);
    if (!match) throw new HttpError(405, `method ${method} not allowed`, { headers: allow });
    return match;
  }

  /** Never throws: nothing that a client sends may end the agent. */
  #fail(message: IncomingMessage, response: ServerResponse, gzip: boolean, error: unknown): void {
    if (response.destroyed) return;
    const told = this.#asHttpError(error, message);
    try {
      if (response.headersSent) response.destroy();
      else new Outgoing(renderError(told, this.#options.api.compat), this.#always).send(response, gzip);
    } catch (again) {
      this.#options.log.log('error', 'API request could not be answered', { error: messageOf(again) });
      response.destroy();
    }
  }

  #asHttpError(error: unknown, message: IncomingMessage): HttpError {
    if (error instanceof HttpError) return error;
    if (error instanceof PermissionDenied) return new HttpError(403, error.message);
    if (error instanceof WriteRefused || error instanceof MeshError) return new HttpError(500, error.message);
    // The query may hold a token.
    const [path] = (message.url ?? '').split('?');
    this.#options.log.log('error', 'API request failed', { method: message.method, path, error: messageOf(error) });
    return new HttpError(500, 'internal error: the log of the agent says more');
  }
}

interface Streamed {
  readonly stream: StreamAnswer;
}

interface Answered {
  readonly rendered: Rendered;
  /** It follows from the request and the snapshot alone. */
  readonly isPure: boolean;
  /** What it is called in the agent's cache, if it was to come from there. */
  readonly query?: string | undefined;
  /** Headers of this one time. */
  readonly more: readonly string[];
}

/** Headers that decide about an answer. */
const CACHE_BREAKERS = ['x-consul-token', 'authorization', 'x-consul-namespace', 'x-consul-partition', 'cache-control'];

/** Methods that change nothing. */
const isSafe = (method: string | undefined): boolean => method === 'GET' || method === 'HEAD' || method === 'OPTIONS';

const plain = (status: number, text: string): Answered => ({
  rendered: render({ type: 'text', status, text }),
  isPure: false,
  more: [],
});

/** As Go's http.Redirect does. */
function moved(path: string, query: string): Answered {
  const location = encodeURI(path) + (query === '' ? '' : `?${query}`);
  const text = `<a href="${location.replaceAll('&', '&amp;').replaceAll('"', '&#34;')}">Moved Permanently</a>.\n\n`;
  const headers = { Location: location };
  return {
    rendered: render({ type: 'text', status: 301, text, contentType: 'text/html; charset=utf-8', headers }),
    isPure: false,
    more: [],
  };
}

/** Consul: the parameter, then its own header, then the one of all others. */
function tokenOf(query: URLSearchParams, headers: IncomingHttpHeaders): string {
  const own = headers['x-consul-token'];
  const bearer = /^Bearer\s+(\S+)$/i.exec(headers.authorization ?? '')?.[1];
  return query.get('token') || (typeof own === 'string' ? own : '') || (bearer ?? '');
}

function headerOf(headers: IncomingHttpHeaders, name: string): string | undefined {
  const value = headers[name];
  return Array.isArray(value) ? value[0] : value;
}
