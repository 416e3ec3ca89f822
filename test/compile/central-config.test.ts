import { expect, it } from 'vitest';
import { connectInstances, serviceInstances } from '../../src/catalog/queries.ts';
import { withCentralConfig } from '../../src/compile/central-config.ts';
import { put, register, service, sidecar, snapshotOf, upstream } from '../catalog/registrations.ts';

it('puts proxy-defaults under service-defaults under what was registered', () => {
  const snapshot = snapshotOf(
    put('proxy-defaults', 'global', { Config: { protocol: 'http', a: 1, own: 1 }, MeshGateway: { Mode: 'remote' }, Mode: 'direct' }),
    put('service-defaults', 'web', {
      Protocol: 'grpc',
      MeshGateway: { Mode: 'local' },
      UpstreamConfig: {
        Defaults: { ConnectTimeoutMs: 7, Protocol: 'tcp' },
        Overrides: [{ Name: 'db', ConnectTimeoutMs: 9 }],
      },
    }),
    register('n1', [
      service('web'),
      sidecar('web', [upstream('db', 1, { Config: { protocol: 'http' } }), upstream('other', 2)], {}, { own: 2 }),
    ]),
  );
  const [found] = connectInstances(snapshot, 'dc1', 'web').value;
  expect(withCentralConfig(snapshot, 'dc1', found!).service.Proxy).toMatchObject({
    Mode: 'direct',
    MeshGateway: { Mode: 'local' },
    Config: { protocol: 'grpc', a: 1, own: 2 },
    Upstreams: [
      { DestinationName: 'db', Config: { protocol: 'http', connect_timeout_ms: 9 } },
      { DestinationName: 'other', Config: { protocol: 'tcp', connect_timeout_ms: 7 } },
    ],
  });
  const [plain] = serviceInstances(snapshot, 'dc1', 'web').value;
  expect(withCentralConfig(snapshot, 'dc1', plain!)).toBe(plain);
});
