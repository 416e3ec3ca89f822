import { errorAt } from '../../base/diagnostic.ts';
import { type Decoded, duration, int, map, object, optional, required, string, withDefault } from '../../schema/schema.ts';
import type { HttpCall } from '../http/call.ts';
import { reachableUrl, type Way, wayTo } from '../http/way.ts';
import { type LowerContext, resourceType } from '../resource-type.ts';

const METHODS = ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS'];

const schema = object({
  method: required(string(METHODS), 'Method of the request.'),
  url: required(string(), 'What to call. Names and addresses of this blueprint, and ports of this machine that it opens, work.'),
  headers: optional(map(string()), 'Header fields of the request.'),
  payload: optional(string(), 'Body of the request.'),
  timeout: withDefault(duration(), 30e9, 'When it counts as failed, for the whole exchange.'),
});

type Config = Decoded<typeof schema>;

export interface HttpSpec extends HttpCall {
  /** Absent: the URL is called as it is. */
  readonly way?: Way;
}

export const http = resourceType<Config, HttpSpec, undefined>({
  type: 'http',
  schema,
  doc: 'A request, sent once, after what it depends on is ready; sent again when the block changes. Any status is an answer: only a server that can not be reached, or a body of more than 1 MiB, fails the resource.',
  afterReady: true,
  lowerAfter: ['container', 'docs', 'ingress', 'container_ingress', 'k8s_ingress'],
  outputs: {
    fields: {
      status: { schema: int(), doc: 'Status of the answer: 200.' },
      body: { schema: string(), doc: 'Body of the answer.' },
    },
    of(_spec, made) {
      const created = made && { status: 0, body: '', ...(made.created as object | undefined) };
      return { status: created?.status, body: created?.body };
    },
  },

  lower(config, context) {
    const url = urlOf(config, context);
    const way = url && wayTo(url, context);
    if (way) context.dependOn(way.key);
    checkPayload(config, context);
    return {
      method: config.method,
      url: config.url,
      headers: config.headers ?? {},
      ...(config.payload === undefined ? {} : { payload: config.payload }),
      timeoutMs: config.timeout / 1e6,
      ...(way ? { way } : {}),
    };
  },

  async create(_key, { way, ...call }, _reserved, context, { adopt, signal }) {
    if (adopt) return {};
    const { callHttp } = await import('../http/call.ts');
    const { status, body } = await callHttp({ ...call, url: reachableUrl(call.url, way, context) }, call.url, signal);
    return { status, body };
  },

  guards: () => [],
  destroy: () => Promise.resolve(),
});

function urlOf({ url: text }: Config, context: LowerContext): URL | undefined {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url && ['http:', 'https:'].includes(url.protocol)) return url;
  const hint = /^[\w.-]+(:\d+)?(\/|$)/.test(text) ? { hint: `write it as: "http://${text}"` } : {};
  context.report(errorAt(context.at('url'), `"url" is no http:// or https:// URL: ${JSON.stringify(text)}`, hint));
  return undefined;
}

function checkPayload({ method, payload }: Config, context: LowerContext): void {
  if (payload === undefined || (method !== 'GET' && method !== 'HEAD')) return;
  const detail = 'servers do not read one; POST, PUT and PATCH have it';
  context.report(errorAt(context.at('payload'), `a ${method} request has no payload`, { detail }));
}
