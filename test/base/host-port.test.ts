import { expect, it } from 'vitest';
import { hostPort, splitHostPort } from '../../src/base/host-port.ts';

it.each([
  ['127.0.0.1', 9091],
  ['localhost', 80],
  ['::1', 8443],
])('%s and %i are put together, and taken apart', (host, port) => {
  expect(splitHostPort(hostPort(host, port))).toEqual({ host, port });
});
