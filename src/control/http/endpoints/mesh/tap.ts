import { until } from '../../../../base/watch.ts';
import type { TapFilter } from '../../../../compile/proxy-config.ts';
import type { AgentServices } from '../../../agent/services.ts';
import { type Answer, HttpError } from '../../answer.ts';
import type { Api, ApiRequest, Endpoint } from '../../endpoint.ts';
import { live } from '../../live.ts';

export const tap: readonly Endpoint[] = [
  {
    method: 'GET',
    path: '/v1/mesh/tap',
    doc: 'Requests as sidecars see them end from now on, one JSON object a line; ?service=, ?source=, ?destination=, ?path=, ?method=, ?status=5xx, ?direction=inbound and ?proxy= narrow it.',
    acl: 'operator:read',
    handle: follow,
  },
];

/** Name of the parameter, and what it is called in a filter. */
const PARAMETERS = {
  service: 'service',
  source: 'source',
  destination: 'destination',
  path: 'pathPrefix',
  method: 'method',
  status: 'status',
  direction: 'direction',
  proxy: 'proxy',
} as const satisfies Record<string, keyof TapFilter>;

function follow({ acl, query, signal }: ApiRequest, mesh: Api): Answer {
  acl.require('operator', 'read');
  const filter = filterOf(query);
  const { traffic } = mesh.agent;
  const missed = (dropped: number): string => `${JSON.stringify({ dropped })}\n`;
  const chunks = live({ follow: (push) => tapInto(traffic, filter, push, missed), missed }, signal);
  return { type: 'stream', contentType: 'application/x-ndjson', chunks };
}

function filterOf(query: URLSearchParams): TapFilter {
  const filter: Record<string, string> = {};
  for (const [parameter, name] of Object.entries(PARAMETERS)) {
    const value = query.get(parameter);
    if (value) filter[name] = value;
  }
  const { direction, status } = filter;
  if (direction !== undefined && direction !== 'inbound' && direction !== 'outbound')
    throw new HttpError(400, `direction must be inbound or outbound, not ${JSON.stringify(direction)}`);
  if (status !== undefined && !/^[1-5](\d\d|xx)$/.test(status))
    throw new HttpError(400, `status must be three digits, or a class such as 5xx, not ${JSON.stringify(status)}`);
  return filter;
}

/** Goes on with the next data plane when one goes. */
function tapInto(
  traffic: AgentServices['traffic'],
  filter: TapFilter,
  push: (line: string) => void,
  missed: (dropped: number) => string,
): () => void {
  const stop = new AbortController();
  const { signal } = stop;
  const run = async (): Promise<void> => {
    while (!signal.aborted) {
      await until(traffic.status, ({ connected }) => connected, signal);
      const tapped = traffic.tap(
        filter,
        (requests, dropped) => {
          for (const request of requests) push(`${JSON.stringify(request)}\n`);
          if (dropped > 0) push(missed(dropped));
        },
        signal,
      );
      await tapped.catch(() => undefined);
    }
  };
  run().catch(() => undefined);
  return () => stop.abort();
}
