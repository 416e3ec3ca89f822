import { describe, expect, it } from 'vitest';
import { openTestApi, type TestApi } from '../../control/http/api.ts';
import { freePorts } from '../../free-ports.ts';
import { application, ask, ourProxy, soon } from './connect-proxy.ts';

/** Names of the proxies that are registered. */
async function proxies(api: TestApi): Promise<string> {
  const { json } = await api.call('/v1/agent/services');
  return Object.keys(json as object)
    .toSorted()
    .join(' ');
}

const write = async (api: TestApi, entry: object): Promise<void> => {
  expect(await api.call('/v1/config', { method: 'PUT', body: entry })).toMatchObject({ status: 200 });
};

describe('connect proxy, with an agent of ours', () => {
  it('is a whole sidecar: registered while it runs, with routes, intentions and the last good state', async () => {
    await using payments = await application('payments');
    await using currency = await application('currency');
    const api = await openTestApi();
    const [web, inPayments, inCurrency] = (await freePorts(3)) as [number, number, number];
    await using first = ourProxy(
      api.address,
      '-service',
      'payments',
      '-service-addr',
      payments.address,
      '-listen',
      `127.0.0.1:${inPayments}`,
      '-register',
    );
    await using second = ourProxy(
      api.address,
      '-service=currency',
      `-service-addr=${currency.address}`,
      `-listen=127.0.0.1:${inCurrency}`,
      '-register',
      '-register-id=1',
    );
    await using caller = ourProxy(api.address, '-service', 'web', '-upstream', `payments:${web}`);
    expect(await soon('200 payments /a', () => ask(web, '/a'))).toBe('200 payments /a');
    expect(await proxies(api)).toBe('currency-proxy-1 payments-proxy');

    for (const Name of ['payments', 'currency']) await write(api, { Kind: 'service-defaults', Name, Protocol: 'http' });
    const Match = { HTTP: { PathPrefix: '/currency' } };
    await write(api, {
      Kind: 'service-router',
      Name: 'payments',
      Routes: [{ Match, Destination: { Service: 'currency', PrefixRewrite: '/' } }],
    });
    expect(await soon('200 currency /eur', () => ask(web, '/currency/eur'))).toBe('200 currency /eur');

    const Permissions = [{ Action: 'deny', HTTP: { PathPrefix: '/secret' } }];
    await write(api, { Kind: 'service-intentions', Name: 'payments', Sources: [{ Name: 'web', Permissions }] });
    expect(await soon(/^403/, () => ask(web, '/secret'))).toMatch(/^403/);
    expect(await ask(web)).toBe('200 payments /');

    await expect(second.stop()).resolves.toBe(0);
    expect(await proxies(api)).toBe('payments-proxy');
    expect(await soon(/^503/, () => ask(web, '/currency'))).toMatch(/^503/);
    await api[Symbol.asyncDispose]();
    expect(await ask(web)).toBe('200 payments /');
    expect(await first.stop()).toBe(0);
    expect(first.log).toContain('the proxy is still registered');
    expect(caller.log).toContain('[WARN]  no answer of Consul, going on with what is known: path=');
  });

  it('reads what it is from the agent: by its own id, or that of its service', async () => {
    await using payments = await application('payments');
    await using api = await openTestApi();
    const [one, two, inbound] = (await freePorts(3)) as [number, number, number];
    const register = async (service: object): Promise<void> => {
      expect(await api.call('/v1/agent/service/register', { method: 'PUT', body: service })).toMatchObject({ status: 200 });
    };
    const localPort = Number(payments.address.split(':')[1]);
    await register({ Name: 'payments', Port: localPort });
    const of = (service: string, more: object) => ({ DestinationServiceName: service, DestinationServiceID: service, ...more });
    const Config = { bind_address: '127.0.0.1' };
    await register({
      Kind: 'connect-proxy',
      Name: 'payments-proxy',
      Port: inbound,
      Proxy: of('payments', { Config, LocalServicePort: localPort }),
    });
    const upstream = (LocalBindPort: number) => ({ Upstreams: [{ DestinationName: 'payments', LocalBindPort }] });
    await register({ Kind: 'connect-proxy', ID: 'web-a', Name: 'web-proxy', Port: 1, Proxy: of('web', upstream(one)) });
    await using _first = ourProxy(api.address, '-sidecar-for', 'payments');
    await using _second = ourProxy(api.address, '-proxy-id', 'web-a');
    expect(await soon('200 payments /', () => ask(one))).toBe('200 payments /');
    await register({ Kind: 'connect-proxy', ID: 'web-a', Name: 'web-proxy', Port: 1, Proxy: of('web', upstream(two)) });
    expect(await soon('200 payments /', () => ask(two))).toBe('200 payments /');

    await register({ Kind: 'connect-proxy', ID: 'web-b', Name: 'web-proxy', Port: 1, Proxy: of('web', upstream(one)) });
    const unclear = ourProxy(api.address, '-sidecar-for', 'web');
    expect(await unclear.stop()).toBe(1);
    expect(unclear.log).toContain(
      'More than one sidecar proxy registered for web.\n    Start proxy with -proxy-id and one of the following IDs: web-a, web-b',
    );
    const unknown = ourProxy(api.address, '-sidecar-for', 'api');
    expect(await unknown.stop()).toBe(1);
    expect(unknown.log).toContain('No sidecar proxy registered for api');
  });

  it('says that a prepared query finds nothing', async () => {
    await using api = await openTestApi();
    const [port] = (await freePorts(1)) as [number];
    const Upstreams = [{ DestinationType: 'prepared_query', DestinationName: 'nearest', LocalBindPort: port }];
    const about = { DestinationServiceName: 'web', DestinationServiceID: 'web', Upstreams };
    const body = { Kind: 'connect-proxy', Name: 'web-proxy', Port: port + 1, Proxy: about };
    expect(await api.call('/v1/agent/service/register', { method: 'PUT', body })).toMatchObject({ status: 200 });
    await using proxy = ourProxy(api.address, '-sidecar-for', 'web');
    await expect.poll(() => proxy.log).toContain('[WARN]  an upstream that is a prepared query finds nothing here');
    expect(proxy.log).toContain('upstream=nearest\n');
  });

  it.each([
    ['the port of an upstream', (taken: string) => ['-service', 'web', '-upstream', `payments:${taken}`]],
    ['its own port', (taken: string) => ['-service=web', `-service-addr=${taken}`, `-listen=${taken}`, '-register']],
  ])('ends when %s is taken, and leaves nothing registered', async (_what, words) => {
    await using api = await openTestApi();
    await using other = await application('other');
    const proxy = ourProxy(api.address, ...words(other.address));
    expect(await proxy.ended).toBe(1);
    expect(proxy.log).toContain(`Error starting proxy: could not listen: listen EADDRINUSE: address already in use ${other.address}\n`);
    expect(await proxies(api)).toBe('');
  });

  it.each([
    [['-proxy-id', 'a', '-sidecar-for', 'b'], 'cannot specify both -proxy-id and -sidecar-for'],
    [[], '-service or -sidecar-for must be specified'],
    [['-service', 'web', '-listen', ':1'], '-service-addr must be specified if -listen is specified'],
    [['-service', 'web', '-upstream', 'payments'], 'Upstream value should be name:addr in "payments"'],
    [['-service', 'web', '-upstream', 'payments:x'], 'address x: a port is missing'],
    [['-service', 'web', '-register'], '-register is only useful with -listen'],
  ])('refuses %s', async (words, message) => {
    const proxy = ourProxy('127.0.0.1:1', ...words);
    expect(await proxy.stop()).toBe(1);
    expect(proxy.log).toBe(`Error preparing configuration: ${message}\n`);
  });
});
