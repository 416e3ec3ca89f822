import { describe, expect, it } from 'vitest';
import type { StatusReport } from '../../../src/app/rpc/status.ts';
import { followMoved, movedPortsOf, portVariables } from '../../../src/app/test/moved-ports.ts';

const report = {
  agent: { http: '127.0.0.1:41000' },
  ingresses: [
    { id: 'ingress.web', url: 'http://localhost:42000', movedFrom: 9090, target: 'container.web' },
    { id: 'ingress.ui', url: 'http://localhost:3000', target: 'container.ui' },
  ],
} as unknown as StatusReport;

const ports = movedPortsOf(report);

describe('movedPortsOf', () => {
  it('knows every port that the blueprint opens, and that of Consul', () => {
    expect(Object.fromEntries(ports)).toEqual({ 8500: 41000, 9090: 42000, 3000: 3000 });
    expect(portVariables(ports)).toEqual({ MESH_PORT_8500: '41000', MESH_PORT_9090: '42000', MESH_PORT_3000: '3000' });
  });

  it('leaves 8500 to a blueprint that opens it itself', () => {
    const own = {
      ...report,
      ingresses: [{ id: 'container.consul', url: 'http://localhost:43000', movedFrom: 8500, target: 'container.consul' }],
    };
    expect(movedPortsOf(own).get(8500)).toBe(43000);
  });
});

describe('followMoved', () => {
  it.each([
    ['http://localhost:9090/path?at=localhost:9090', 'http://localhost:42000/path?at=localhost:42000'],
    ['127.0.0.1:9090', '127.0.0.1:42000'],
    ['curl -k https://web.ingress.shipyard.run:9090', 'curl -k https://localhost:42000'],
    ['http://consul.container.shipyard.run:8500/v1/status/leader', 'http://localhost:41000/v1/status/leader'],
    ['http://consul.container.local.jumppad.dev:8500', 'http://localhost:41000'],
    ['localhost:3000', 'localhost:3000'],
    ['localhost:9091', 'localhost:9091'],
    ['localhost:90901', 'localhost:90901'],
    ['http://10.5.0.110:9090', 'http://10.5.0.110:9090'],
    ['http://example.com:9090 and notlocalhost:9090', 'http://example.com:9090 and notlocalhost:9090'],
    ['http://my-shipyard.run.example:9090', 'http://my-shipyard.run.example:9090'],
    ['at 12:30 in localhost', 'at 12:30 in localhost'],
  ])('%s', (text, expected) => {
    expect(followMoved(text, ports)).toBe(expected);
  });
});
