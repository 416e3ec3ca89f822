import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { describe, expect, it, onTestFinished } from 'vitest';
import { resourceTypeOf } from '../../../src/blueprints/resources/index.ts';
import { localWorld } from '../local-world.ts';

async function serve(handler: Parameters<typeof createServer>[1], host = '127.0.0.1', port = 0): Promise<number> {
  const server: Server = createServer(handler!);
  await new Promise<void>((resolve) => {
    server.listen(port, host, resolve);
  });
  onTestFinished(() => void server.close());
  return (server.address() as AddressInfo).port;
}

const block = (url: string, more = '') => `http "call" {\n  method = "POST"\n  url = "${url}"\n  payload = "hello"\n  ${more}\n}\n`;

function outputsOf(world: Awaited<ReturnType<typeof localWorld>>): Record<string, unknown> {
  const { resource, reservation: reserved, created } = world.engine.journal.state.resources.get('http.call')!;
  return resourceTypeOf('http')!.outputs!.of(resource.spec, { reserved, created });
}

describe('http', () => {
  it('gives status and body, whatever the status is, and is sent once', async () => {
    let calls = 0;
    const port = await serve((request, response) => {
      calls += 1;
      request.setEncoding('utf8').on('data', (text: string) => response.writeHead(503).end(`${String(request.headers['x-a'])} ${text}`));
    });
    const world = await localWorld({ 'main.hcl': block(`http://localhost:${port}/x`, 'headers = { X-A = "a" }') });
    await world.run(await world.read());
    await world.run(await world.read());
    expect(outputsOf(world)).toEqual({ status: 503, body: 'a hello' });
    expect(calls).toBe(1);
  });

  it('finds a container by its name, after it is ready', async () => {
    const world = await localWorld({
      'main.hcl': `
network "local" {
  subnet = "10.91.0.0/16"
}
container "web" {
  image {
    name = "shipyardrun/tools:v0.6.0"
  }
  command = ["node", "-e", "require('http').createServer((q, s) => s.end(q.url)).listen(9090, '0.0.0.0:9090'.split(':')[0])"]
  network {
    name = "network.local"
  }
  port {
    local = 9090
  }
}
${block('http://web.container.shipyard.run:9090/path')}`,
    });
    const graph = await world.read();
    expect(graph.resources.find(({ key }) => key === 'http.call')!.dependsOn).toEqual(['container.web']);
    await world.run(graph);
    expect(outputsOf(world)).toEqual({ status: 200, body: '/path' });
  });

  it('fails when nobody answers, in time or at all, and when the answer is too large', async () => {
    const large = await serve((_request, response) => response.end('x'.repeat(2_000_000)));
    const silent = await serve(() => undefined);
    const why = async (url: string, more = '') => {
      const world = await localWorld({ 'main.hcl': block(url, more) });
      return world.run(await world.read()).then(
        () => 'ok',
        (error: Error) => error.message,
      );
    };
    expect(await why(`http://127.0.0.1:${large}/`)).toContain('answers with more than 1048576 bytes');
    expect(await why(`http://127.0.0.1:${silent}/`, 'timeout = "50ms"')).toContain('did not answer within 0.05 s');
    expect(await why('http://127.0.0.1:9/')).toContain("can't be called: connect ECONNREFUSED 127.0.0.1:9");
  });
});
