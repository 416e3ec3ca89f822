import type { Flow, Traffic } from '../../../src/api/traffic.ts';

/** A flow in which nothing has happened yet, from web to payments, as web has seen it. */
export function flow(more: Partial<Flow> = {}): Flow {
  return {
    side: 'outbound',
    proxy: 'dc1/n1/web-sidecar-proxy',
    source: 'web',
    sourceDatacenter: 'dc1',
    destination: 'payments',
    destinationDatacenter: 'dc1',
    upstream: 'payments',
    route: '/*',
    cluster: 'payments.default.default.dc1',
    subset: '',
    since: 1,
    answers: {},
    latency: [0, 0, 0],
    latencySumMs: 0,
    denied: 0,
    retries: 0,
    connections: { total: 0, active: 0, failed: 0 },
    bytesUp: 0,
    bytesDown: 0,
    ...more,
  };
}

/** The same at the other end. */
export function arrived(more: Partial<Flow> = {}): Flow {
  const { upstream: _u, route: _r, cluster: _c, subset: _s, ...seen } = flow({ side: 'inbound', proxy: 'dc1/n2/payments-sidecar-proxy' });
  return { ...seen, ...more };
}

export const traffic = (at: number, ...flows: Flow[]): Traffic => ({ at, boundsMs: [1, 10], flows });
