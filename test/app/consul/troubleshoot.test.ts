import { type AddressInfo, createServer } from 'node:net';
import { describe, expect, it, onTestFinished } from 'vitest';
import { runConsul } from '../../../src/app/consul/top.ts';
import { upstreamRef } from '../../../src/app/consul/troubleshoot/resources.ts';
import { sidecarsNamed } from '../../../src/app/consul/troubleshoot/sidecars.ts';
import { testIo } from '../../commands/io.ts';
import { freePorts } from '../../free-ports.ts';
import { healthy } from '../cli/report.ts';

async function troubleshoot(...argv: string[]) {
  const io = testIo();
  const code = await runConsul(['troubleshoot', ...argv], io);
  return { code, ...io.written };
}

/** What the data plane itself is asked has its test in test/e2e/doctor.test.ts. */
describe('troubleshoot ports', () => {
  it('prints as Consul does which are open', async () => {
    const server = createServer().listen(0, '127.0.0.1');
    onTestFinished(() => void server.close());
    await new Promise((resolve) => server.once('listening', resolve));
    const { port } = server.address() as AddressInfo;
    const [closed] = await freePorts(1);
    const said = await troubleshoot('ports', '-host', 'localhost', '-ports', `${port},${closed}`);
    expect(said).toEqual({
      code: 0,
      out: `TCP: Port ${port} on localhost is open.\nTCP: Port ${closed} on localhost is closed, unreachable, or the connection timed out.\n`,
      err: '',
    });
    const json = await troubleshoot('ports', '-ports', `${closed}`, '-json');
    expect(JSON.parse(json.out)).toEqual({ Host: '127.0.0.1', Ports: [{ Port: closed, Open: false, Error: 'ECONNREFUSED' }] });
  });

  it('takes the host of CONSUL_HTTP_ADDR, and says what an agent of mesh does not have', async () => {
    const io = testIo({ env: { CONSUL_HTTP_ADDR: 'http://127.0.0.1:9/' } });
    expect(await runConsul(['troubleshoot', 'ports'], io)).toBe(0);
    const lines = io.written.out.trim().split('\n');
    expect(lines.map((line) => /^TCP: Port (\d+) on 127\.0\.0\.1 is /.exec(line)?.[1])).toEqual(
      '8600 8500 8501 8502 8503 8301 8302 8300'.split(' '),
    );
    expect(io.written.err).toMatch(/^An agent of mesh does not use .*; a Consul server does\.\n$/);
  });

  it.each(['x', '0', '70000', '80,,90'])('refuses -ports %s', async (ports) => {
    expect(await troubleshoot('ports', '-ports', ports)).toMatchObject({ code: 1, out: '', err: expect.stringContaining('is not a port') });
  });
});

describe('troubleshoot proxy and upstreams', () => {
  it('need an upstream, and an agent', async () => {
    expect(await troubleshoot('proxy')).toEqual({
      code: 1,
      out: '',
      err: '-upstream-envoy-id OR -upstream-ip is required.\nPlease run `mesh troubleshoot upstreams` to find the corresponding upstream.\n',
    });
    const none = { code: 1, out: '', err: expect.stringContaining('No agent is running') };
    expect(await troubleshoot('proxy', '-upstream-envoy-id', 'payments')).toMatchObject(none);
    expect(await troubleshoot('upstreams')).toMatchObject(none);
  });

  it("take Consul's address of an Envoy, and say that it has no effect", async () => {
    const { err } = await troubleshoot('upstreams', '-envoy-admin-endpoint', 'localhost:19000');
    expect(err).toMatch(/^-envoy-admin-endpoint has no effect: .* -sidecar\.\n/);
  });

  it('know a sidecar by its id, the last part of it, or its service', () => {
    const web = { id: 'dc1/n1/web-sidecar-proxy', service: 'web', upstreams: [], configIndex: 1, servesIndex: 1 };
    const status = { ...healthy, proxies: [web, { ...web, id: 'dc1/n2/api-sidecar-proxy', service: 'api' }] };
    const ids = (name?: string) => sidecarsNamed(status, name).map(({ service }) => service);
    expect(ids()).toEqual(['web', 'api']);
    for (const name of ['web', 'web-sidecar-proxy', 'dc1/n1/web-sidecar-proxy']) expect(ids(name)).toEqual(['web']);
    expect(() => ids('wbe')).toThrow('There is no sidecar "wbe". Did you mean web?');
    expect(() => ids('billing')).toThrow('There are: web, web-sidecar-proxy, api, api-sidecar-proxy.');
  });

  it('know the datacenter of an upstream', () => {
    expect(upstreamRef('payments')).toEqual({ service: 'payments', datacenter: '' });
    expect(upstreamRef('payments?dc=dc2')).toEqual({ service: 'payments', datacenter: 'dc2' });
  });
});
