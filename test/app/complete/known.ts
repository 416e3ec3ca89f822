import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { dirname } from 'node:path';
import type { StatusReport } from '../../../src/app/rpc/status.ts';
import { openRpc } from '../rpc/open.ts';

export const ODD_KEY = `odd key $(touch pwned) \`x\` "it's" é`;

/** Paths of the HTTP API, and what is there. */
const ANSWERS: Readonly<Record<string, unknown>> = {
  '/v1/catalog/services': { consul: [], web: [], 'web-sidecar-proxy': [], payments: [] },
  '/v1/catalog/nodes': [{ Node: 'dev1' }, { Node: 'dev2' }],
  '/v1/catalog/datacenters': ['dc1', 'east'],
  '/v1/config/service-defaults': [{ Name: 'payments' }, { Name: 'web' }],
  '/v1/kv/': ['colour', ODD_KEY, 'web/', 'two\nlines', 'co:lon'],
  '/v1/kv/web/': ['web/limit', 'web/deep/'],
  '/v1/acl/policies': [{ Name: 'readers' }],
};

/** What an agent could answer, over its HTTP API and the private socket of a home. */
export async function someAgent(): Promise<AsyncDisposable & { readonly env: Record<string, string>; readonly asked: string[] }> {
  const asked: string[] = [];
  const http = createServer((request, response) => {
    const path = (request.url ?? '').replace(/\?.*/, '');
    const token = request.headers['x-consul-token'];
    asked.push(typeof token === 'string' ? `${request.url} ${token}` : `${request.url}`);
    if (ANSWERS[path] === undefined) response.statusCode = 404;
    response.end(JSON.stringify(ANSWERS[path] ?? null));
  });
  await new Promise<void>((resolve) => http.listen(0, '127.0.0.1', resolve));
  const status = {
    blueprints: [{ name: 'v2' }],
    resources: [{ key: 'container.payments' }, { key: 'k8s_cluster.k3s' }],
    workloads: [
      { id: 'container.payments', name: 'payments' },
      { id: 'k8s_config.web/web-0/web', name: 'web-0' },
    ],
    runs: [{ name: 'migrate' }],
    services: [],
    proxies: [{ id: 'dc1/web-1', service: 'web', upstreams: [{ name: 'payments' }] }],
    outputs: { WEB_ADDR: 'x' },
  } as unknown as StatusReport;
  const rpc = await openRpc({ status: () => Promise.resolve(status) });
  return {
    asked,
    env: { CONSUL_HTTP_ADDR: `127.0.0.1:${(http.address() as AddressInfo).port}`, RPC_FOLDER: dirname(rpc.path) },
    async [Symbol.asyncDispose]() {
      http.closeAllConnections();
      await new Promise((resolve) => http.close(resolve));
      await rpc[Symbol.asyncDispose]();
    },
  };
}
