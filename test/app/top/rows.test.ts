import { describe, expect, it } from 'vitest';
import { countedBetween } from '../../../src/api/rates.ts';
import type { Flow } from '../../../src/api/traffic.ts';
import { rowsOf, type Wanted } from '../../../src/app/top/rows.ts';
import { arrived, flow, traffic } from './traffic.ts';

/** What a second of these flows looks like. */
function rows(wanted: Partial<Wanted>, ...flows: Flow[]) {
  return rowsOf(countedBetween(traffic(0), traffic(1000, ...flows)), { view: 'service', sort: 'rate', ...wanted }, [1, 10]);
}

const web = flow({ answers: { '2xx': 8, '5xx': 2 }, latency: [0, 10, 0] });
const payments = arrived({ answers: { '2xx': 8, '4xx': 1, '5xx': 1 }, latency: [5, 5, 0], denied: 1 });

describe('rows of traffic', () => {
  it('count each call once, as its caller has, and whom the other end has refused', () => {
    const [row, ...others] = rows({}, web, payments);
    expect(others).toEqual([]);
    expect(row!.named).toEqual({ destination: 'payments', destinationDatacenter: 'dc1' });
    expect(row!.counted).toMatchObject({ requests: 10, failed: 2, denied: 1, latency: [0, 10, 0] });
  });

  it('count callers whose sidecars are not the agent’s where they arrive', () => {
    const [row] = rows({}, web, arrived({ source: 'elsewhere', answers: { '2xx': 5 } }));
    expect(row!.counted.requests).toBe(15);
  });

  it('sum the instances of a service', () => {
    expect(rows({ view: 'edge' }, web, { ...web, proxy: 'dc1/n3/web-sidecar-proxy' })).toMatchObject([
      { named: { source: 'web', destination: 'payments' }, counted: { ms: 1000, requests: 20, failed: 4 } },
    ]);
  });

  it('are routes with the subset that was drawn, of which the other end knows nothing', () => {
    const split = [flow({ subset: 'v1', answers: { '2xx': 9 } }), flow({ subset: 'v2', answers: { '2xx': 1 } })];
    expect(rows({ view: 'route' }, ...split, payments)).toMatchObject([
      { named: { upstream: 'payments', route: '/*', subset: 'v1' }, counted: { requests: 9 } },
      { named: { subset: 'v2' }, counted: { requests: 1 } },
    ]);
  });

  it('of one service are what it takes part in', () => {
    const others = [flow({ source: 'api', destination: 'web' }), flow({ source: 'api', destination: 'store' })];
    const names = rows({ view: 'edge', service: 'WEB' }, web, ...others).map(({ named }) => `${named.source} ${named.destination}`);
    expect(names).toEqual(['web payments', 'api web']);
  });

  it.each([
    ['rate', ['busy', 'slow', 'bad']],
    ['errors', ['bad', 'busy', 'slow']],
    ['p99', ['slow', 'busy', 'bad']],
    ['name', ['bad', 'busy', 'slow']],
  ] as const)('are sorted by %s, and by name', (sort, expected) => {
    const flows = [
      flow({ destination: 'slow', answers: { '2xx': 2 }, latency: [0, 2, 0] }),
      flow({ destination: 'bad', answers: { '5xx': 1 } }),
      flow({ destination: 'busy', answers: { '2xx': 90 }, latency: [90, 0, 0] }),
    ];
    expect(rows({ sort }, ...flows).map(({ named }) => named.destination)).toEqual(expected);
  });
});
