import { describe, expect, it } from 'vitest';
import { hasErrors, renderDiagnostic } from '../../../src/base/diagnostic.ts';
import { chartReference } from '../../../src/blueprints/helm/chart.ts';
import { EMPTY, setValue } from '../../../src/blueprints/helm/values.ts';
import type { HelmSpec } from '../../../src/blueprints/resources/helm.ts';
import { toJson } from '../../../src/schema/located.ts';
import { bench } from '../engine-harness.ts';
import { load } from '../fixture.ts';
import { workspace } from '../workspace.ts';

describe('the Consul chart', () => {
  it.each([
    './helm/consul-helm-0.16.2',
    './consul-helm',
    'github.com/hashicorp/consul-helm?ref=v0.30.0',
    'git::https://github.com/hashicorp/consul-helm.git?ref=v0.30.0',
    'github.com/hashicorp/consul-k8s//charts/consul?ref=v1.4.0',
    'hashicorp/consul',
    'https://helm.releases.hashicorp.com/consul-1.4.0.tgz',
  ])('is %s', (chart) => expect(chartReference(chart, undefined)).toEqual({ kind: 'consul' }));

  it('is consul of a repository', () => {
    const hashicorp = { name: 'hc', url: 'https://helm.releases.hashicorp.com' };
    expect(chartReference('consul', hashicorp).kind).toBe('consul');
    expect(chartReference('vault', hashicorp).kind).toBe('other');
    expect(chartReference('consul', { name: 'bitnami', url: 'https://charts.bitnami.com/bitnami' }).kind).toBe('other');
  });

  it.each([
    ['./charts/consul', 'folder'],
    ['../grafana', 'folder'],
    ['github.com/hashicorp/vault-helm', 'other'],
    ['https://example.com/consul-esm-1.0.tgz', 'other'],
  ])('%s is a %s', (chart, kind) => expect(chartReference(chart, undefined).kind).toBe(kind));
});

describe('single values', () => {
  it('are set at their paths', () => {
    const text = (value: string) => ({ type: 'string', value }) as const;
    const one = setValue(EMPTY, 'client.join[1]', text('b'))!;
    const two = setValue(one, 'client.join[0]', text('a'))!;
    expect(toJson(setValue(two, 'a\\.b.c', text('x'))!)).toEqual({ client: { join: ['a', 'b'] }, 'a.b': { c: 'x' } });
    expect(setValue(EMPTY, 'a..b', text('x'))).toBeUndefined();
    expect(setValue(EMPTY, 'a[b]', text('x'))).toBeUndefined();
  });
});

const SERVER = `container "hcs" {
  image {
    name = "consul:1.7.2"
  }
  command = ["consul", "agent", "-server", "-datacenter=azure"]
  network {
    name       = "network.azure"
    ip_address = "10.5.0.200"
  }
}
`;

async function loaded(values: string, more: { server?: boolean; ingress?: string } = {}) {
  const folder = workspace({
    // First by name: the server is found all the same.
    'aks.hcl': `helm "consul" {
  cluster = "k8s_cluster.aks"
  chart   = "./helm/consul-helm-0.16.2"
  values  = "values.yaml"
}
k8s_cluster "aks" {
  driver = "k3s"
}
${more.ingress ?? ''}`,
    'network.hcl': 'network "azure" {\n  subnet = "10.5.0.0/16"\n}\n',
    'server.hcl': more.server === false ? '' : SERVER,
    'values.yaml': values,
  });
  const { graph, diagnostics } = await load(folder);
  return { graph, diagnostics: diagnostics.map((diagnostic) => renderDiagnostic(diagnostic)), failed: hasErrors(diagnostics) };
}

async function specOf(values: string, more: { server?: boolean } = {}): Promise<HelmSpec> {
  const { graph, diagnostics } = await loaded(values, more);
  expect(diagnostics).toEqual([]);
  return graph!.resources.find(({ key }) => key === 'helm.consul')!.spec as HelmSpec;
}

const WORKSHOP = `global:
    enabled: false
    datacenter: azure
client:
  enabled: true
  image: "consul:1.7.2"
  exposeGossipPorts: true
  join:
    - "10.5.0.200"
  grpc: true
connectInject:
  enabled: true
  image: null
  default: false
  centralConfig:
    enabled: "true"
    defaultProtocol: "tcp"`;

describe('a release', () => {
  it('joins the datacenter of a container, wherever that is written', async () => {
    const { graph, diagnostics } = await loaded(WORKSHOP);
    expect(diagnostics).toEqual([]);
    const { spec, dependsOn } = graph!.resources.find(({ key }) => key === 'helm.consul')!;
    expect(spec).toEqual({
      cluster: 'k8s_cluster.aks',
      namespace: 'default',
      injector: { datacenter: 'azure', injectByDefault: false, allowNamespaces: ['*'], denyNamespaces: [] },
      services: [],
      entries: [],
    });
    expect(dependsOn).toContain('container.hcs');
  });

  it('says which pods get a sidecar', async () => {
    const inject = async (values: string) => (await specOf(`${values}\nglobal: { datacenter: azure }`)).injector;
    expect(await inject('connectInject: { default: true, k8sDenyNamespaces: [kube-system] }')).toMatchObject({
      injectByDefault: true,
      denyNamespaces: ['kube-system'],
    });
    expect(await inject('connectInject: { k8sAllowNamespaces: [apps] }')).toMatchObject({ allowNamespaces: ['apps'] });
    expect(await inject('connectInject: { enabled: false, default: true }')).toMatchObject({ allowNamespaces: [] });
    expect(await inject('connectInject: { enabled: "-" }')).toMatchObject({ allowNamespaces: ['*'] });
  });

  it('is a datacenter itself when nobody else is', async () => {
    const spec = await specOf('global: { name: consul, image: "consul:1.9.3" }', { server: false });
    expect(spec.injector.datacenter).toBe('dc1');
    expect(spec.server).toEqual({
      datacenter: { name: 'dc1', image: 'consul:1.9.3', node: 'consul-server-0', httpPort: 8500, entries: [] },
      names: ['consul-server.default', 'consul-server.default.svc', 'consul-server.default.svc.cluster.local'],
    });
    expect((await specOf('', { server: false })).services.map(({ name }) => name)).toEqual(['consul-consul-server', 'consul-consul-ui']);
  });

  it('has central defaults, which give way to those that are there', async () => {
    const values =
      'global: { datacenter: azure }\nconnectInject: { centralConfig: { defaultProtocol: http, proxyDefaults: \'{"x": 1}\' } }';
    const { entries } = await specOf(values);
    expect(entries).toMatchObject([{ Kind: 'proxy-defaults', Name: 'global', Config: { protocol: 'http', x: 1 } }]);
    expect((await specOf(values, { server: false })).server?.datacenter.entries).toEqual(entries);
  });

  it('opens its server, which an ingress reaches, and leaves nothing', async () => {
    const ingress = `k8s_ingress "consul_http" {
  cluster = "k8s_cluster.aks"
  service = "consul-consul-server"
  port {
    remote = 8500
    host   = 18500
  }
}`;
    const { graph, diagnostics } = await loaded('server: { enabled: true }', { server: false, ingress });
    expect(diagnostics).toEqual([]);
    const { run, destroy, context } = bench();
    await run(graph!);
    expect(context.log).toContain('open datacenter dc1 of helm.consul');
    expect(context.exists).toContain('published k8s_cluster.aks/default/svc/consul-consul-server');
    await destroy();
    expect([...context.exists]).toEqual([]);
  });

  it('warns of ports on which only servers speak', async () => {
    const ingress = `k8s_ingress "serf" {
  cluster = "k8s_cluster.aks"
  service = "consul-consul-server"
  port {
    remote = 8301
    host   = 18301
  }
}`;
    const { diagnostics, failed } = await loaded('', { server: false, ingress });
    expect(failed).toBe(false);
    expect(diagnostics.join('\n')).toContain('nothing listens on port 8301 of consul-consul-server');
  });
});
