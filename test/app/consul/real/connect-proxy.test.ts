import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { describe, expect, it } from 'vitest';
import { freePorts } from '../../../free-ports.ts';
import { application, ask, ourProxy, soon } from '../connect-proxy.ts';
import { findConsul, startRealServer } from './consul.ts';

/** `connect proxy` of ours beside that of a real Consul, both with a real Consul. Skipped where no consul binary is on PATH or named by CONSUL_BIN. */
const binary = findConsul();
const title =
  binary === undefined ? 'with a real Consul: not tried, for no consul binary is on PATH or in CONSUL_BIN' : 'with a real Consul';

/** `connect proxy` of the real one. */
function realProxy(consul: string, ...words: readonly string[]): AsyncDisposable {
  const child = spawn(binary!, ['connect', 'proxy', ...words], { env: { ...process.env, CONSUL_HTTP_ADDR: consul }, stdio: 'ignore' });
  const exited = once(child, 'exit');
  return {
    async [Symbol.asyncDispose]() {
      child.kill('SIGTERM');
      await exited;
    },
  };
}

describe.skipIf(binary === undefined)(title, () => {
  it('it calls, and is called by, sidecars of the real one, with its intentions', async () => {
    await using server = await startRealServer(binary!);
    await using payments = await application('payments');
    await using currency = await application('currency');
    const [toPayments, toCurrency, inPayments, inCurrency] = (await freePorts(4)) as [number, number, number, number];
    const inbound = (service: string, app: string, port: number) => [
      '-service',
      service,
      '-service-addr',
      app,
      '-listen',
      `127.0.0.1:${port}`,
      '-register',
    ];
    await using _realPayments = realProxy(server.address, ...inbound('payments', payments.address, inPayments));
    await using ourCurrency = ourProxy(server.address, ...inbound('currency', currency.address, inCurrency));
    await using _ourWeb = ourProxy(server.address, '-service', 'web', '-upstream', `payments:${toPayments}`);
    await using _realWeb = realProxy(server.address, '-service', 'web', '-upstream', `currency:${toCurrency}`);
    expect(await soon('200 payments /', () => ask(toPayments))).toBe('200 payments /');
    expect(await soon('200 currency /', () => ask(toCurrency))).toBe('200 currency /');

    const denied = { SourceName: 'web', DestinationName: 'currency', SourceType: 'consul', Action: 'deny' };
    const url = `http://${server.address}/v1/connect/intentions`;
    const written = (await (await fetch(url, { method: 'POST', body: JSON.stringify(denied) })).json()) as { ID: string };
    expect(await soon(/^(?!200)/, () => ask(toCurrency))).not.toMatch(/^200/);
    await fetch(`${url}/${written.ID}`, { method: 'DELETE' });
    expect(await soon('200 currency /', () => ask(toCurrency))).toBe('200 currency /');

    expect(await ourCurrency.stop()).toBe(0);
    const left = (await (await fetch(`http://${server.address}/v1/agent/services`)).json()) as object;
    expect(Object.keys(left)).toEqual(['payments-proxy']);
  });

  it('it routes by the entries of the real one, among its own', async () => {
    await using server = await startRealServer(binary!);
    await using payments = await application('payments');
    await using currency = await application('currency');
    const [web, real, inPayments, inCurrency] = (await freePorts(4)) as [number, number, number, number];
    const write = (entry: object) => fetch(`http://${server.address}/v1/config`, { method: 'PUT', body: JSON.stringify(entry) });
    for (const Name of ['payments', 'currency']) await write({ Kind: 'service-defaults', Name, Protocol: 'http' });
    const Match = { HTTP: { PathPrefix: '/currency' } };
    await write({
      Kind: 'service-router',
      Name: 'payments',
      Routes: [{ Match, Destination: { Service: 'currency', PrefixRewrite: '/' } }],
    });
    await using _payments = ourProxy(
      server.address,
      '-service=payments',
      `-service-addr=${payments.address}`,
      `-listen=127.0.0.1:${inPayments}`,
      '-register',
    );
    await using _currency = realProxy(
      server.address,
      '-service=currency',
      `-service-addr=${currency.address}`,
      `-listen=127.0.0.1:${inCurrency}`,
      '-register',
    );
    await using _web = ourProxy(server.address, '-service', 'web', '-upstream', `payments:${web}`);
    await using _realWeb = realProxy(server.address, '-service', 'web', '-upstream', `payments:${real}`);
    expect(await soon('200 currency /eur', () => ask(web, '/currency/eur'))).toBe('200 currency /eur');
    expect(await soon('200 payments /', () => ask(web))).toBe('200 payments /');
    // It is one that knows nothing of requests, and says h2 in its handshakes whatever it carries.
    expect(await soon('200 payments /', () => ask(real))).toBe('200 payments /');
  });
});
