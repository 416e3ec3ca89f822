import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { runConsul } from '../../../src/app/consul/top.ts';
import { testIo } from '../../commands/io.ts';
import { freePorts } from '../../free-ports.ts';
import { LOOPBACK } from '../../proxy/fixture/mesh.ts';
import { tcpApp } from '../../proxy/fixture/sockets.ts';
import { GatewayWorld } from '../../proxy/gateways/world.ts';

let world: GatewayWorld;
beforeAll(async () => {
  world = await GatewayWorld.start();
});
afterAll(() => world[Symbol.asyncDispose]());

/** Interrupted as soon as it says that the gateway is served, or, where `warns` does something then, as soon as it warns. */
async function envoy(words: readonly string[], warns?: () => Promise<void>) {
  const stop = new AbortController();
  const io = testIo({ env: { CONSUL_HTTP_ADDR: world.api }, signal: stop.signal });
  const { out, err } = io;
  const interrupt = (): void => stop.abort(new Error('interrupted'));
  const code = await runConsul(
    ['connect', 'envoy', ...words],
    {
      ...io,
      out: (text) => {
        out(text);
        if (!text.startsWith('==>')) return;
        if (warns) warns().catch(interrupt);
        else interrupt();
      },
      err: (text) => {
        err(text);
        if (text.startsWith('WARNING')) interrupt();
      },
    },
    'consul',
  );
  return { code, ...io.written };
}

const services = async (): Promise<object> => (await fetch(`${world.api}/v1/agent/services`)).json() as Promise<object>;

const front = (...ports: readonly number[]) =>
  world.put('/v1/config', {
    Kind: 'ingress-gateway',
    Name: 'front',
    Listeners: ports.map((Port) => ({ Port, Protocol: 'tcp', Services: [{ Name: 'web' }] })),
  });

describe('connect envoy', () => {
  it('registers what Consul does, and deregisters it in the end', async () => {
    let seen: object | undefined;
    const stop = world.plane.snapshot.subscribe(
      () => (seen ??= world.plane.agent.service({ dc: 'dc1', node: world.plane.node.nodeName }, 'exit')),
    );
    const [port] = (await freePorts(1)) as [number];
    const where = ['-address', '10.0.0.1:8443', '-wan-address', '1.2.3.4:443', '-bind-address', `one=127.0.0.1:${port}`];
    const ofEnvoy = ['-admin-bind', '127.0.0.1:19000'];
    const { code, out } = await envoy(['-gateway=terminating', '-register', '-service', 'exit', ...where, ...ofEnvoy]);
    stop();
    expect([code, out]).toEqual([
      0,
      `Registered service: exit
==> The agent's data plane serves exit (terminating-gateway). Ctrl-C ends this command, and the gateway.
Deregistered service: exit
`,
    ]);
    expect(seen).toMatchObject({
      Kind: 'terminating-gateway',
      Address: '10.0.0.1',
      Port: 8443,
      TaggedAddresses: { lan: { Address: '10.0.0.1', Port: 8443 }, wan: { Address: '1.2.3.4', Port: 443 } },
      Proxy: {
        Config: { envoy_gateway_no_default_bind: true, envoy_gateway_bind_addresses: { one: { Address: '127.0.0.1', Port: port } } },
      },
    });
    expect(await services()).not.toHaveProperty('exit');
  });

  it('watches over a gateway that is registered, and leaves it there', async () => {
    expect((await envoy(['-gateway=api'])).err).toBe('No api-gateway services registered with this agent\n');
    await world.put('/v1/agent/service/register', { Kind: 'api-gateway', Name: 'api' });
    const { code, out } = await envoy(['-gateway=api']);
    expect([code, out]).toEqual([0, "==> The agent's data plane serves api (api-gateway). Ctrl-C ends this command.\n"]);
    expect(await services()).toHaveProperty('api');
    await world.put('/v1/agent/service/register', { Kind: 'api-gateway', Name: 'other' });
    expect((await envoy(['-gateway=api'])).err).toContain('More than one api-gateway');
    expect((await envoy(['-gateway=api', '-proxy-id=other'])).code).toBe(0);
    expect((await envoy(['-gateway=api', '-proxy-id=nobody'])).err).toContain('"nobody"');
  });

  it('says whose port a listener wants: at the start it ends with that, and later it warns', async () => {
    const [free] = (await freePorts(1)) as [number];
    const taken = await tcpApp((socket) => socket.end());
    onTestFinished(() => taken.close());
    const { port } = taken.at;
    const words = ['-gateway=ingress', '-register', '-service', 'front', '-address', `${LOOPBACK}:${free}`];
    const why = `listen EADDRINUSE: address already in use ${LOOPBACK}:${port}, which pid ${process.pid}`;
    await front(free, port);
    const refused = await envoy(words);
    expect(refused).toMatchObject({ code: 1, out: 'Registered service: front\nDeregistered service: front\n' });
    expect(refused.err).toContain(`The data plane does not serve front: ${why} (`);
    expect(await services()).not.toHaveProperty('front');

    await front(free);
    const warned = await envoy(words, () => front(free, port));
    expect(warned).toMatchObject({ code: 0, out: expect.stringContaining('serves front (ingress-gateway)') });
    expect(warned.err).toContain(`WARNING: the data plane does not serve all of front: ${why} (`);
    expect(await services()).not.toHaveProperty('front');
  });

  it.each([
    [[], 'No proxy ID specified. One of -proxy-id, -sidecar-for, or -gateway is required'],
    [['-register'], 'Auto-Registration can only be used for gateways'],
    [['-gateway=nonsense'], 'Gateway must be one of'],
    [['-gateway=mesh'], 'Mesh gateways are not needed'],
    [['-sidecar-for', 'web'], 'There is no Envoy to configure'],
    [['-gateway=ingress', '-bootstrap'], 'There is no Envoy to configure'],
    [
      ['-gateway=ingress', '-register', '-address', 'nonsense'],
      'invalid value "nonsense" for flag -address: address nonsense: missing port',
    ],
  ])('refuses %j', async (words, message) => {
    const { code, err } = await envoy(words);
    expect([code, err]).toEqual([1, expect.stringContaining(message)]);
  });
});
