import { describe, expect, it } from 'vitest';
import type { RouteTarget, ServiceRoutes } from '../../../src/api/routes.ts';
import { notesOf, routesText, takenRoutes } from '../../../src/app/cli/routes-view.ts';
import { countsSoFar } from '../../../src/app/top/so-far.ts';
import { styleOf } from '../../../src/ui/style.ts';
import { arrived, flow, traffic } from '../top/traffic.ts';

const style = await styleOf(false);

const target = (more: Partial<RouteTarget>): RouteTarget => ({
  weight: 100,
  cluster: 'payments.default.default.dc1',
  destination: 'payments',
  destinationDatacenter: 'dc1',
  subset: '',
  endpoints: 1,
  failover: [],
  ...more,
});
const v1 = target({ weight: 90, cluster: 'v1.payments.default.default.dc1', subset: 'v1' });
const v2 = target({
  weight: 10,
  cluster: 'v2.payments.default.default.dc1',
  subset: 'v2',
  endpoints: 0,
  failover: ['v1.payments.default.default.dc1'],
});

const web: ServiceRoutes = {
  index: 7,
  service: 'web',
  datacenter: 'dc1',
  upstreams: [
    {
      upstream: 'payments',
      protocol: 'http',
      listens: ['127.0.0.1:9091'],
      proxies: ['dc1/n1/web-sidecar-proxy'],
      routes: [
        {
          name: '/rates*',
          splits: [target({ destination: 'rates', destinationDatacenter: 'dc2', cluster: 'rates.default.default.dc2' })],
          timeoutMs: 2000,
        },
        { name: '/*', splits: [v1, v2] },
      ],
    },
  ],
};
const taken = (split: string, count: number, more = {}) => flow({ cluster: split, answers: { '2xx': count }, ...more });
const seen = takenRoutes(
  [web],
  countsSoFar(
    traffic(
      1,
      taken(v1.cluster, 9),
      taken(v2.cluster, 1),
      taken(v1.cluster, 50, { route: '/other*' }),
      taken(v1.cluster, 70, { proxy: 'dc1/n9/web' }),
      arrived({ denied: 4 }),
    ),
  ),
);

describe('mesh routes', () => {
  it('has the routes of an upstream in order, with the calls that took each split', () => {
    expect(routesText(seen, style, 80).split('\n')).toEqual([
      'web -> payments (http) at 127.0.0.1:9091',
      '  ROUTE    TO           WEIGHT  ENDPOINTS  CALLS  SUCCESS',
      '  /rates*  rates (dc2)    100%          1      -        -',
      '    timeout 2s',
      '  /*       payments v1     90%          1      9     100%',
      '           payments v2     10%          -      1     100%',
      '    v2.payments.default.default.dc1 fails over to',
      '    v1.payments.default.default.dc1',
    ]);
  });

  it.each([60, 80, 120])('is no wider than %d columns', (width) => {
    const long = takenRoutes(
      [{ ...web, upstreams: [{ ...web.upstreams[0]!, routes: [{ name: `/${'x'.repeat(150)}*`, splits: [v1] }] }] }],
      [],
    );
    for (const line of routesText(long, style, width).split('\n')) expect(line.length).toBeLessThanOrEqual(width);
  });

  it('says what happens on a route', () => {
    const route = {
      name: '/*',
      splits: [],
      timeoutMs: 0,
      idleTimeoutMs: 500,
      retries: { count: 1, on: [] },
      prefixRewrite: '/',
      mirror: { percent: 5, cluster: 'c' },
      asksForToken: true,
    } as const;
    expect(notesOf(route)).toEqual(['timeout none; idle timeout 500ms; 1 retry; path rewritten to /; 5% copied to c; asks for a token']);
    expect(notesOf({ name: '/*', splits: [], retries: { count: 2, on: ['5xx', '503'] } })).toEqual(['2 retries on 5xx, 503']);
  });

  it('says where there are none', () => {
    expect(routesText([], style)).toMatch(/no upstreams/);
    expect(routesText(takenRoutes([{ ...web, upstreams: [{ ...web.upstreams[0]!, routes: [] }] }], []), style)).toContain(
      'leads nowhere yet',
    );
  });
});
