import { text } from 'node:stream/consumers';
import { afterEach, describe, expect, it } from 'vitest';
import { metricsText } from '../../../src/proxy/metrics/text.ts';
import { callUpstream } from '../fixture/http.ts';
import { LOOPBACK, Mesh, WEB } from '../fixture/mesh.ts';
import { httpApp, type TestApp } from '../fixture/sockets.ts';
import { parseOpenMetrics } from './openmetrics.ts';

let app: TestApp;
let mesh: Mesh;

afterEach(async () => {
  await mesh.close();
  await app.close();
});

const telemetry = { metrics: [{ bind: { address: LOOPBACK, port: 0 }, path: '/metrics' }], labels: { team: 'a' } };
const scrape = (path: string, accept = '*/*') => {
  const { address, port } = mesh.client.addresses()[`${WEB}/metrics/metrics`]!;
  return fetch(`http://${address}:${port}${path}`, { headers: { accept } });
};

describe('the metrics of one sidecar', () => {
  it('are at its own address, in the format that is accepted', async () => {
    app = await httpApp((_request, response) => response.end('hello'));
    mesh = await Mesh.start({ app: app.at, protocol: 'http', telemetry });
    await text(await callUpstream(mesh, { path: '/' }));
    const plain = await scrape('/metrics');
    expect(plain.headers.get('content-type')).toBe('text/plain; version=0.0.4; charset=utf-8');
    const lines = (await plain.text()).split('\n');
    const total = lines.find((line) => line.startsWith('envoy_cluster_upstream_rq_total{') && line.includes('="payments"'));
    expect(total).toMatch(/^envoy_cluster_upstream_rq_total\{local_cluster="web",.*team="a".*\} 1$/);
    expect((await scrape('/stats')).status).toBe(404);
  });

  it('are what OpenMetrics allows, whatever there is to tell', async () => {
    app = await httpApp((_request, response) => response.end('hello'));
    mesh = await Mesh.start({ app: app.at, protocol: 'http', telemetry: { ...telemetry, labels: { said: 'a "quoted"\nname \\' } } });
    await text(await callUpstream(mesh, { path: '/' }));
    await mesh.configure({ intentions: [{ source: 'web', action: 'deny', precedence: 9 }] });
    await text(await callUpstream(mesh, { path: '/' }));
    await mesh.configure({ endpoints: [] });
    await text(await callUpstream(mesh, { path: '/' }));
    const families = parseOpenMetrics(await (await scrape('/metrics', 'application/openmetrics-text')).text());
    const requests = families.find(({ name }) => name === 'mesh_route_requests');
    expect(requests?.samples.map(({ labels, value }) => [labels.get('code'), value])).toEqual([
      ['"2"', 1],
      ['"4"', 1],
      ['"5"', 1],
    ]);
    const inbound = parseOpenMetrics(metricsText(mesh.server.metrics(), 'openmetrics'));
    expect(inbound.find(({ name }) => name === 'mesh_denied')?.samples).toHaveLength(1);
  });

  it('go with the setting, and traffic goes on where their address is taken', async () => {
    app = await httpApp((_request, response) => response.end('hello'));
    mesh = await Mesh.start({ app: app.at, protocol: 'http', telemetry });
    await mesh.configure({ telemetry: undefined });
    expect(mesh.client.addresses()).not.toHaveProperty(`${WEB}/metrics/metrics`);
    const taken = { metrics: [{ bind: { address: LOOPBACK, port: app.at.port }, path: '/metrics' }] };
    await mesh.configure({ telemetry: taken });
    expect(mesh.reasons().filter((reason) => reason.includes('is taken'))).toHaveLength(2);
    expect(await text(await callUpstream(mesh, { path: '/' }))).toBe('hello');
  });
});
