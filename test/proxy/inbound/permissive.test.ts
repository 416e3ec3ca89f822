import type { IncomingMessage, ServerResponse } from 'node:http';
import { afterEach, describe, expect, it } from 'vitest';
import { eventually, RawClient, send } from '../fixture/sockets.ts';
import { callAt, EntryWorld } from '../l7/entry-world.ts';

let world: EntryWorld;
afterEach(() => world.close());

const seen = (req: IncomingMessage, res: ServerResponse) =>
  res.end(`${req.url} ${String(req.headers['x-forwarded-client-cert'] ?? 'nobody')}`);

async function start(protocol = 'http'): Promise<void> {
  world = await EntryWorld.start({ instances: { one: { of: 'payments', app: seen } }, upstreams: ['payments'], protocol });
  await world.write('mesh', 'mesh', { AllowEnablingPermissiveMutualTLS: true });
  await world.write('service-intentions', 'payments', { Sources: [{ Name: 'other', Action: 'deny' }] });
}
const mode = (MutualTLSMode: string, Protocol = 'http') => world.write('service-defaults', 'payments', { Protocol, MutualTLSMode });

describe('permissive mutual TLS', () => {
  it('takes plaintext beside identities, which nobody can pretend to have', async () => {
    await start();
    await mode('permissive');
    const forged = { headers: { 'X-Forwarded-Client-Cert': 'URI=spiffe://x' } };
    expect((await callAt(world.listener('one'), '/plain', forged)).body).toBe('/plain nobody');
    expect((await world.call('payments', '/mesh')).body).toMatch(/^\/mesh By=spiffe:.*URI=spiffe:.*\/svc\/web$/);
  });

  it('takes bytes where the service speaks tcp', async () => {
    await start('tcp');
    await mode('permissive', 'tcp');
    expect(await send(world.listener('one'), 'GET /raw HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n')).toContain('/raw nobody');
    expect((await world.call('payments', '/mesh')).body).toBe('/mesh nobody');
  });

  it('ends with its setting, for connections that are open too', async () => {
    await start();
    await mode('permissive');
    const client = await RawClient.connect(world.listener('one'));
    client.write('GET /first HTTP/1.1\r\nHost: x\r\n\r\n');
    await client.untilText('/first nobody');
    await mode('strict');
    await eventually(() => client.ended !== undefined, 'the connection has ended');
    await expect(callAt(world.listener('one'))).rejects.toThrow();
    expect((await world.call('payments', '/mesh')).status).toBe(200);
  });
});
