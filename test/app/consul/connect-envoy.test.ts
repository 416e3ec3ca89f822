import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { runConsul } from '../../../src/app/consul/top.ts';
import { testIo } from '../../commands/io.ts';
import { openTestApi, type TestApi } from '../../control/http/api.ts';

let api: TestApi;
beforeAll(async () => {
  api = await openTestApi();
});
afterAll(() => api[Symbol.asyncDispose]());

/** Interrupted as soon as it says that the gateway is served. */
async function envoy(...words: string[]) {
  const stop = new AbortController();
  const io = testIo({ env: { CONSUL_HTTP_ADDR: api.address }, signal: stop.signal });
  const { out } = io;
  const code = await runConsul(
    ['connect', 'envoy', ...words],
    {
      ...io,
      out: (text) => {
        out(text);
        if (text.startsWith('==>')) stop.abort(new Error('interrupted'));
      },
    },
    'consul',
  );
  return { code, ...io.written };
}

const services = async (): Promise<Record<string, object>> => (await api.call('/v1/agent/services')).json as Record<string, object>;

describe('connect envoy', () => {
  it('registers what Consul does, and deregisters it in the end', async () => {
    let seen: object | undefined;
    const stop = api.plane.snapshot.subscribe(
      () => (seen ??= api.plane.agent.service({ dc: 'dc1', node: api.plane.node.nodeName }, 'exit')),
    );
    const where = ['-address', '10.0.0.1:8443', '-wan-address', '1.2.3.4:443', '-bind-address', 'one=127.0.0.1:9443'];
    const ofEnvoy = ['-admin-bind', '127.0.0.1:19000'];
    const { code, out } = await envoy('-gateway=terminating', '-register', '-service', 'exit', ...where, ...ofEnvoy);
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
        Config: { envoy_gateway_no_default_bind: true, envoy_gateway_bind_addresses: { one: { Address: '127.0.0.1', Port: 9443 } } },
      },
    });
    expect(await services()).not.toHaveProperty('exit');
  });

  it('watches over a gateway that is registered, and leaves it there', async () => {
    expect((await envoy('-gateway=api')).err).toBe('No api-gateway services registered with this agent\n');
    await api.call('/v1/agent/service/register', { method: 'PUT', body: { Kind: 'api-gateway', Name: 'api' } });
    const { code, out } = await envoy('-gateway=api');
    expect([code, out]).toEqual([0, "==> The agent's data plane serves api (api-gateway). Ctrl-C ends this command.\n"]);
    expect(await services()).toHaveProperty('api');
    await api.call('/v1/agent/service/register', { method: 'PUT', body: { Kind: 'api-gateway', Name: 'other' } });
    expect((await envoy('-gateway=api')).err).toContain('More than one api-gateway');
    expect((await envoy('-gateway=api', '-proxy-id=other')).code).toBe(0);
    expect((await envoy('-gateway=api', '-proxy-id=nobody')).err).toContain('"nobody"');
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
    const { code, err } = await envoy(...words);
    expect([code, err]).toEqual([1, expect.stringContaining(message)]);
  });
});
