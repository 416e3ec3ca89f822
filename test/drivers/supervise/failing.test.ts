import { expect, it } from 'vitest';
import type { ProbeAction } from '../../../src/base/workload.ts';
import { describeFailing } from '../../../src/drivers/supervise/failing.ts';

const tcp: ProbeAction = { type: 'tcp', port: 9099 };
const http: ProbeAction = { type: 'http', port: 9090, path: '/health', headers: {}, codes: [] };

it.each<[ProbeAction, readonly number[] | undefined, string]>([
  [tcp, [9090], 'port 9099 of 10.5.0.110 does not accept connections; it listens on port 9090'],
  [tcp, [80, 9090], 'port 9099 of 10.5.0.110 does not accept connections; it listens on ports 80, 9090'],
  [tcp, [], 'port 9099 of 10.5.0.110 does not accept connections; it listens on no port'],
  [tcp, [9099], 'port 9099 of 10.5.0.110 does not accept connections; it listens on that port of another address'],
  [tcp, undefined, 'port 9099 of 10.5.0.110 does not accept connections'],
  [http, [9090], 'GET /health at port 9090 of 10.5.0.110 does not answer with 200 to 399 in time'],
  [{ ...http, codes: [200, 204] }, undefined, 'GET /health at port 9090 of 10.5.0.110 does not answer with 200 or 204 in time'],
  [http, [8080], 'port 9090 of 10.5.0.110 does not accept connections; it listens on port 8080'],
  [{ type: 'exec', command: ['pg_isready', '-q'] }, [5432], 'its check does not succeed: pg_isready -q'],
])('%j, listening on %j: %s', (action, listening, text) => {
  // A second generation is nothing that the user knows of.
  expect(describeFailing(action, { address: '10.5.0.110~2' }, listening)).toBe(text);
});
