import { expect, it } from 'vitest';
import { followMoves, movedPorts } from '../../../src/app/agent/moved-ports.ts';

const moves = movedPorts([
  { wantedPort: 9090, hostPort: 41_000 },
  { wantedPort: 8500, hostPort: 8500 },
  { wantedPort: 0, hostPort: 41_001 },
  { address: '10.5.0.3', wantedPort: 80, hostPort: 41_002 },
]);

it('knows only host ports that were moved', () => {
  expect([...moves]).toEqual([[9090, 41_000]]);
});

it.each<[unknown, unknown]>([
  ['http://localhost:9090/ui', 'http://localhost:41000/ui'],
  ['127.0.0.1:9090,localhost:8500', '127.0.0.1:41000,localhost:8500'],
  ['http://web.ingress.shipyard.run:9090', 'http://web.ingress.shipyard.run:41000'],
  ['http://10.5.0.110:9090', 'http://10.5.0.110:9090'],
  ['http://mylocalhost:9090 localhost:90901', 'http://mylocalhost:9090 localhost:90901'],
  [9090, 9090],
  [null, null],
  [{ a: ['localhost:9090', 1] }, { a: ['localhost:41000', 1] }],
])('%j becomes %j', (value, expected) => {
  expect(followMoves(value, moves)).toEqual(expected);
});

it('changes nothing where nothing moved', () => {
  const value = { a: 'localhost:9090' };
  expect(followMoves(value, new Map())).toBe(value);
});
