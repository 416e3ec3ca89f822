import { cpSync } from 'node:fs';
import { Agent, get as httpGet } from 'node:http';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { type Outcome, Workspace } from './harness.ts';

const FILES = join(import.meta.dirname, 'workshop');

/** A workspace that stands in a copy of the workshop's folder. */
function workshop(): Workspace {
  const mesh = new Workspace();
  cpSync(FILES, mesh.cwd, { recursive: true });
  return mesh;
}

const FREE = ['--ports', 'auto'];

async function shipyard(mesh: Workspace, ...args: string[]): Promise<Outcome> {
  const outcome = await mesh.exec('shipyard', args);
  expect(outcome, outcome.stderr).toMatchObject({ code: 0 });
  return outcome;
}

/** What `mesh status` shows, in the words of someone who looks at it: names and states. */
async function shown(mesh: Workspace) {
  const report = await mesh.status();
  return {
    blueprints: report.blueprints.map(({ name }) => name),
    workloads: report.workloads.map(({ name, phase, address }) => `${name} ${phase} ${address}`).toSorted(),
    services: report.services.map(({ name, datacenter, protocol, instances }) => `${name} ${datacenter} ${protocol} ${instances.length}`),
    ingresses: report.ingresses.map(({ id, target }) => `${id} -> ${target}`).toSorted(),
  };
}

async function urlOf(mesh: Workspace, ingress: string): Promise<string> {
  const { ingresses } = await mesh.status();
  return ingresses.find(({ id }) => id === ingress)!.url.replace('localhost', '127.0.0.1');
}

interface Reply {
  readonly name: string;
  readonly body: string;
  readonly upstream_calls?: readonly Reply[];
}

async function bodies(url: string, headers: Record<string, string> = {}): Promise<string[]> {
  const response = await fetch(url, { headers: { connection: 'close', ...headers } });
  const flatten = ({ body, upstream_calls = [] }: Reply): string[] => [body, ...upstream_calls.flatMap(flatten)];
  return flatten((await response.json()) as Reply);
}

/** Asks again and again, on one connection or on a new one each time, until told to stop; returns everything that was not 200. */
function client(url: string, keepAlive: boolean): { stop(): Promise<{ asked: number; failures: string[] }> } {
  const agent = new Agent({ keepAlive, maxSockets: 1 });
  let going = true;
  let asked = 0;
  const failures: string[] = [];
  const ask = () =>
    new Promise<void>((resolve) => {
      asked++;
      const request = httpGet(url, { agent }, (response) => {
        if (response.statusCode !== 200) failures.push(String(response.statusCode));
        response.resume().once('end', resolve);
      });
      request.once('error', (error: NodeJS.ErrnoException) => {
        failures.push(error.code ?? error.message);
        resolve();
      });
    });
  const loop = (async () => {
    while (going) await ask();
  })();
  return {
    async stop() {
      going = false;
      await loop;
      agent.destroy();
      return { asked, failures };
    },
  };
}

describe('the workshop of 2020', () => {
  it('runs as it is, from the first page to the last', async () => {
    await using mesh = workshop();

    await shipyard(mesh, 'run', '.', '--http-port', '0', ...FREE);
    const page = await fetch(await urlOf(mesh, 'docs.docs'));
    expect(page.status).toBe(200);
    expect(await page.text()).toContain('Out of the data center');
    // biome-ignore lint/suspicious/noTemplateCurlyInString: the shell expands it, not we
    expect((await mesh.mesh('env')).stdout).toContain('export KUBECONFIG="${HOME}/.shipyard/config/aks/kubeconfig.yaml"');

    await shipyard(mesh, 'run', 'azure', ...FREE);
    const consul = await urlOf(mesh, 'ingress.hcs');
    mesh.env['CONSUL_HTTP_ADDR'] = consul;
    expect(await (await fetch(`${consul}/v1/agent/self`)).json()).toMatchObject({ Config: { Datacenter: 'azure', NodeName: 'hcs' } });
    expect(await (await fetch(`${consul}/v1/catalog/datacenters`)).json()).toEqual(['azure']);
    expect((await mesh.exec('consul', ['config', 'read', '-kind', 'proxy-defaults', '-name', 'global'])).stdout).toContain(
      '"protocol": "http"',
    );

    await shipyard(mesh, 'run', 'v1', ...FREE);
    const name = mesh.cwd.split('/').at(-1)!;
    expect(await shown(mesh)).toEqual({
      blueprints: [name, 'azure', 'v1'],
      workloads: ['docs ready 10.5.0.2', 'hcs ready 10.5.0.200', 'payments ready 10.5.0.110', 'web ready 10.5.0.100'],
      services: [],
      ingresses: ['docs.docs -> docs.docs', 'ingress.hcs -> container.hcs', 'ingress.web -> container.web'],
    });
    expect(await bodies(await urlOf(mesh, 'ingress.web'))).toEqual(['web, static', 'payments of the monolith']);

    await shipyard(mesh, 'destroy', 'v1');
    const { stderr } = await shipyard(mesh, 'run', 'v2', ...FREE);
    expect(stderr).toContain('no pod has the label service=web');
    expect(await shown(mesh)).toEqual({
      blueprints: [name, 'azure', 'v2'],
      workloads: ['docs ready 10.5.0.2', 'hcs ready 10.5.0.200', 'payments ready 10.5.0.110', 'web-0 ready 10.42.0.2'],
      services: ['payments azure http 1', 'web azure http 1'],
      ingresses: ['docs.docs -> docs.docs', 'ingress.hcs -> container.hcs', 'ingress.web -> k8s_cluster.aks/default/svc/web'],
    });
    const web = await urlOf(mesh, 'ingress.web');
    expect(await bodies(web)).toEqual(['web in the mesh', 'payments on its VM']);
    expect((await mesh.exec('consul', ['config', 'write', 'v2/consul_service/payments_defaults.hcl'])).code).toBe(0);

    await shipyard(mesh, 'run', 'v3', ...FREE);
    expect(await bodies(`${web}/currency`)).toEqual(['web in the mesh', 'payments on its VM']);
    expect((await mesh.exec('consul', ['config', 'write', 'v3/consul_config/currency_router.hcl'])).code).toBe(0);
    expect(await bodies(`${web}/currency`)).toEqual(['web in the mesh', 'currency, a service of its own']);
    expect(await bodies(web)).toEqual(['web in the mesh', 'payments on its VM']);

    const write = async (file: string) => {
      const outcome = await mesh.exec('consul', ['config', 'write', file]);
      expect(outcome, outcome.stderr).toMatchObject({ code: 0 });
    };
    await write('v4/consul_config/payments_resolver.hcl');
    await shipyard(mesh, 'run', 'v4', ...FREE);
    await write('v4/consul_config/payments_router.hcl');
    expect(await bodies(web)).toEqual(['web in the mesh', 'payments on its VM']);
    expect(await bodies(web, { 'X-Group': 'dev' })).toEqual(['web in the mesh', 'payments, split up', 'currency, a service of its own']);

    const seen = async (count: number) => {
      const found = new Set<string>();
      for (let i = 0; i < count; i++) found.add((await bodies(web))[1]!);
      return [...found].toSorted();
    };
    await write('v5/payments_splitter_100_0.hcl');
    expect(await seen(10)).toEqual(['payments on its VM']);
    await write('v5/payments_splitter_50_50.hcl');
    expect(await seen(40)).toEqual(['payments on its VM', 'payments, split up']);
    await write('v5/payments_splitter_0_100.hcl');
    expect(await seen(10)).toEqual(['payments, split up']);

    const refused = await mesh.exec('shipyard', ['destroy', 'azure']);
    expect(refused).toMatchObject({ code: 1, stderr: expect.stringContaining('is needed by') });
    await shipyard(mesh, 'destroy');
    expect((await mesh.mesh('status')).stdout).toContain('Nothing is running');
  });

  it('v2 takes the place of v1 without a lost request', async () => {
    await using mesh = workshop();
    await shipyard(mesh, 'run', '.', '--http-port', '0', ...FREE);
    await shipyard(mesh, 'run', 'azure', ...FREE);
    await shipyard(mesh, 'run', 'v1', ...FREE);
    const web = await urlOf(mesh, 'ingress.web');
    const clients = [client(web, true), client(web, false)];
    await shipyard(mesh, 'run', 'v2', '--replace', 'v1', ...FREE);
    expect(await urlOf(mesh, 'ingress.web')).toBe(web);
    expect(await bodies(web)).toEqual(['web in the mesh', 'payments on its VM']);
    // And back: one meshed side after the other has names and addresses of its own.
    await shipyard(mesh, 'run', 'v1', '--replace', 'v2', ...FREE);
    expect(await bodies(web)).toEqual(['web, static', 'payments of the monolith']);
    for (const asking of clients) {
      const { asked, failures } = await asking.stop();
      expect(failures).toEqual([]);
      expect(asked).toBeGreaterThan(20);
    }
    expect((await mesh.status()).blueprints.map(({ name }) => name).at(-1)).toBe('v1');
  });

  it('each folder says what it builds on', async () => {
    await using mesh = workshop();
    const outcome = await mesh.mesh('run', 'v2', '--http-port', '0', ...FREE);
    expect(outcome.code).toBe(3);
    expect(outcome.stderr).toContain('network.azure is neither defined in this blueprint nor running');
    expect(outcome.stderr).toMatch(/mesh run \.(\s|`|$)/m);
    expect(outcome.stderr).toContain('k8s_cluster.aks is neither defined in this blueprint nor running');
    expect(outcome.stderr).toContain('mesh run azure');
  });
});
