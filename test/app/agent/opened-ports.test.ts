import { expect, it } from 'vitest';
import { followPorts, openedPorts } from '../../../src/app/agent/opened-ports.ts';

const opened = openedPorts([
  { wantedPort: 9090, hostPort: 41_000 },
  { wantedPort: 8500, hostPort: 8500 },
  { wantedPort: 0, hostPort: 41_001 },
  { address: '10.5.0.3', wantedPort: 80, hostPort: 41_002 },
]);

it('are host ports, by their numbers in the blueprint', () => {
  expect([...opened]).toEqual([
    [9090, 41_000],
    [8500, 8500],
  ]);
});

it.each<[unknown, unknown]>([
  ['http://localhost:9090/ui', 'http://localhost:41000/ui'],
  ['127.0.0.1:9090,localhost:8500', '127.0.0.1:41000,localhost:8500'],
  ['http://web.ingress.shipyard.run:9090', 'http://localhost:41000'],
  ['http://consul-http.ingress.shipyard.run:8500/ui', 'http://localhost:8500/ui'],
  ['http://elsewhere.shipyard.run:1234', 'http://elsewhere.shipyard.run:1234'],
  ['http://10.5.0.110:9090', 'http://10.5.0.110:9090'],
  ['http://mylocalhost:9090 localhost:90901', 'http://mylocalhost:9090 localhost:90901'],
  [9090, 9090],
  [null, null],
  [{ a: ['localhost:9090', 1] }, { a: ['localhost:41000', 1] }],
])('%j becomes %j', (value, expected) => {
  expect(followPorts(value, opened)).toEqual(expected);
});

it('change nothing where none are open', () => {
  const value = { a: 'localhost:9090' };
  expect(followPorts(value, new Map())).toBe(value);
});
