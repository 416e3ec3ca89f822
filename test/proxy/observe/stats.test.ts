import { text } from 'node:stream/consumers';
import { afterEach, describe, expect, it } from 'vitest';
import type { DataPlane } from '../../../src/proxy/dataplane.ts';
import { metricsText } from '../../../src/proxy/metrics/text.ts';
import { callUpstream } from '../fixture/http.ts';
import { Mesh, type MeshOptions, PAYMENTS, WEB } from '../fixture/mesh.ts';
import { eventually, httpApp, send, type TestApp } from '../fixture/sockets.ts';

let mesh: Mesh;
let app: TestApp;

async function start(options: MeshOptions = {}): Promise<void> {
  app = await httpApp((request, response) => {
    const status = Number(/^\/status\/(\d+)/.exec(request.url ?? '')?.[1] ?? 200);
    response.writeHead(status).end('twelve bytes');
  });
  mesh = await Mesh.start({ app: app.at, protocol: 'http', ...options });
}

afterEach(async () => {
  await mesh.close();
  await app.close();
});

/** Its status, when all of the answer has come. */
async function get(path: string): Promise<number> {
  const response = await callUpstream(mesh, { path });
  await text(response);
  return response.statusCode!;
}

/** Value of the one line of a metric that has all these labels. */
function value(plane: DataPlane, proxy: string, name: string, labels: Record<string, string> = {}): number | undefined {
  const lines = metricsText(plane.metrics(proxy), 'prometheus').split('\n');
  const wanted = Object.entries(labels).map(([label, is]) => `${label}="${is}"`);
  const found = lines.filter((line) => line.startsWith(`${name}{`) && wanted.every((label) => line.includes(label)));
  expect(found.length, `${name} ${wanted.join(' ')}`).toBeLessThanOrEqual(1);
  return found[0] === undefined ? undefined : Number(found[0].split(' ').at(-1));
}

describe('statistics of sidecars', () => {
  it('count requests where they leave: by cluster, exact status, route and endpoint', async () => {
    await start();
    for (const path of ['/', '/status/404', '/status/404', '/status/503']) await get(path);
    const at = (name: string, labels = {}) => value(mesh.client, WEB, name, labels);
    const payments = { consul_destination_service: 'payments', consul_source_service: 'web', local_cluster: 'web' };
    expect(at('envoy_cluster_upstream_rq_total', payments)).toBe(4);
    expect(at('envoy_cluster_upstream_rq', { ...payments, envoy_response_code: '404' })).toBe(2);
    expect(at('envoy_cluster_upstream_rq_xx', { ...payments, envoy_response_code_class: '5' })).toBe(1);
    expect(at('envoy_cluster_upstream_rq_time_count', payments)).toBe(4);
    expect(at('envoy_cluster_upstream_rq_time_bucket', { ...payments, le: '+Inf' })).toBe(4);
    expect(at('mesh_cluster_response_bytes_total', payments)).toBe(48);
    expect(at('envoy_cluster_upstream_cx_active', payments)).toBe(1);
    expect(at('envoy_cluster_endpoint_rq_error', payments)).toBe(1);
    expect(at('envoy_http_downstream_rq_xx', { consul_upstream_service: 'payments', envoy_response_code_class: '4' })).toBe(2);
    expect(at('envoy_http_downstream_rq_active', { consul_upstream_service: 'payments' })).toBe(0);
    expect(at('mesh_route_requests_total', { route: '/*', code: '4' })).toBe(2);
  });

  it('count requests where they arrive: by source, and at the application', async () => {
    await start();
    for (const path of ['/', '/status/500']) await get(path);
    const at = (name: string, labels = {}) => value(mesh.server, PAYMENTS, name, labels);
    expect(at('mesh_source_requests_total', { source: 'web', code: '2' })).toBe(1);
    expect(at('mesh_source_request_time_count', { source: 'web' })).toBe(2);
    expect(at('envoy_listener_http_downstream_rq_xx', { envoy_response_code_class: '5' })).toBe(1);
    expect(at('envoy_cluster_upstream_rq', { envoy_cluster_name: 'local_app', envoy_response_code: '500' })).toBe(1);
    expect(at('envoy_listener_ssl_handshake')).toBe(1);
    expect(at('envoy_http_rbac_allowed')).toBe(2);
  });

  it('count refusals by their flag and by the rule that decided', async () => {
    await start({ intentions: [{ source: 'web', action: 'deny', precedence: 9 }] });
    expect(await get('/')).toBe(403);
    await mesh.configure({ intentions: [], endpoints: [] });
    expect(await get('/')).toBe(503);
    expect(value(mesh.server, PAYMENTS, 'mesh_denied_total', { rule: 'intention deny web => payments (precedence 9)' })).toBe(1);
    expect(value(mesh.server, PAYMENTS, 'envoy_http_rbac_denied')).toBe(1);
    expect(value(mesh.client, WEB, 'mesh_refusals_total', { flag: 'UH' })).toBe(1);
  });

  it('count requests that could not be read, and connections that an intention refuses', async () => {
    await start();
    await send(mesh.upstream, 'GET /\r\n\r\n');
    expect(value(mesh.client, WEB, 'mesh_refusals_total', { flag: 'DPE' })).toBe(1);
    expect(value(mesh.client, WEB, 'envoy_http_downstream_rq_xx', { envoy_response_code_class: '4' })).toBe(1);
    expect(value(mesh.client, WEB, 'envoy_http_downstream_rq_time_count')).toBe(1);
    await mesh.configure({ protocol: 'tcp', intentions: [{ source: 'web', action: 'deny', precedence: 9 }] });
    await send(mesh.upstream, 'hello').catch(() => undefined);
    const denied = () => value(mesh.server, PAYMENTS, 'mesh_denied_total', { rule: 'intention deny web => payments (precedence 9)' });
    await eventually(() => denied() === 1, 'the refusal is counted');
    await mesh.configure({ protocol: 'http' });
    expect(await get('/')).toBe(403);
    expect(denied()).toBe(2);
    expect(value(mesh.server, PAYMENTS, 'envoy_http_rbac_denied')).toBe(1);
  });

  it('stay over a change of the configuration as long as their route does', async () => {
    await start();
    await get('/a');
    const cluster = 'payments.default.default.dc1';
    const all = { match: {}, splits: [{ weight: 100, cluster }] };
    await mesh.configure({ routes: [{ match: { pathPrefix: '/b', methods: ['GET'] }, splits: [{ weight: 100, cluster }] }, all] });
    await get('/a');
    await get('/b');
    expect(value(mesh.client, WEB, 'mesh_route_requests_total', { route: '/*' })).toBe(2);
    expect(value(mesh.client, WEB, 'mesh_route_requests_total', { route: 'GET /b*' })).toBe(1);
    await mesh.configure({ routes: [all] });
    expect(value(mesh.client, WEB, 'mesh_route_requests_total', { route: 'GET /b*' })).toBeUndefined();
    expect(value(mesh.client, WEB, 'envoy_cluster_upstream_rq_total', { consul_destination_service: 'payments' })).toBe(3);
  });
});
