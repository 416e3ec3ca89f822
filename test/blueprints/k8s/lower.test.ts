import { expect, it } from 'vitest';
import type { K8sConfigSpec } from '../../../src/blueprints/k8s/spec.ts';
import type { LoadOptions } from '../../../src/blueprints/loaded.ts';
import { load, runningOf } from '../fixture.ts';
import { workspace } from '../workspace.ts';
import { workload } from './manifests.ts';

const MAIN = 'k8s_config "app" {\n  cluster = "k8s_cluster.k3s"\n  paths = ["app.yml"]\n  wait_until_ready = true\n}\n';
const CLUSTER = 'k8s_cluster "k3s" {\n  driver = "k3s"\n}\n';

async function lower(manifest: string, main = CLUSTER + MAIN, more: Partial<LoadOptions> = {}) {
  const folder = workspace({ 'main.hcl': main, 'app.yml': manifest.replaceAll('a/b', 'nicholasjackson/fake-service:v0.24.2') });
  const { graph, diagnostics } = await load(folder, [], more);
  const found = graph?.resources.find(({ key }) => key === 'k8s_config.app');
  return { spec: found?.spec as K8sConfigSpec, dependsOn: found?.dependsOn, summaries: diagnostics.map(({ summary }) => summary) };
}

it("takes the datacenter and the injector of the cluster's chart", async () => {
  const injector = { datacenter: 'azure', injectByDefault: true, allowNamespaces: ['*'], denyNamespaces: [] };
  const running = runningOf([
    { key: 'k8s_cluster.k3s', type: 'k8s_cluster', spec: {} },
    { key: 'helm.consul', type: 'helm', spec: { cluster: 'k8s_cluster.k3s', injector } },
  ]);
  const entry = 'apiVersion: consul.hashicorp.com/v1alpha1\nkind: ServiceDefaults\nmetadata: {name: web}\nspec: {protocol: http}\n';
  const { spec, dependsOn } = await lower(`${workload('web')}---\n${entry}`, MAIN, { running: () => Promise.resolve(running) });
  expect(spec.datacenter).toBe('azure');
  expect(spec.sets[0]!.pod.services.map(({ name }) => name)).toEqual(['main']);
  expect(spec.entries[0]!.Meta).toMatchObject({ 'consul.hashicorp.com/source-datacenter': 'azure' });
  expect(dependsOn).toContain('helm.consul');
});

it('injects by default where the cluster says so', async () => {
  const { spec } = await lower(workload('web'), CLUSTER.replace('}', '  connect_inject = true\n}') + MAIN);
  expect(spec.datacenter).toBeUndefined();
  expect(spec.sets[0]!.pod.services).toHaveLength(1);
});

it('refuses images that cannot run, where they stand', async () => {
  const { summaries } = await lower(workload('web', { spec: 'initContainers: [{name: wait, image: busybox}]' }));
  expect(summaries).toEqual([`image "busybox" can't run here`]);
});
