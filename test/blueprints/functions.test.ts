// biome-ignore-all lint/suspicious/noTemplateCurlyInString: they are HCL's templates, not ours
import { existsSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import type { LoadOptions } from '../../src/blueprints/loaded.ts';
import { load } from './fixture.ts';
import { workspace } from './workspace.ts';

async function outputOf(expression: string, more: Partial<LoadOptions> = {}): Promise<unknown> {
  const folder = workspace({ 'main.hcl': `output "x" { value = ${expression} }\n`, 'text.txt': 'some ${text}\n' });
  const { graph, diagnostics } = await load(folder, [], more);
  expect(diagnostics).toEqual([]);
  const { value } = graph!.resources[0]!.spec as { value: unknown };
  return typeof value === 'string' ? value.replace(folder, '<here>') : value;
}

it.each<[string, unknown]>([
  ['home()', '/home/me'],
  ['env("USER")', 'me'],
  ['env("ABSENT")', ''],
  ['shipyard()', '/data'],
  ['k8s_config("aks")', '/data/config/aks/kubeconfig.yaml'],
  ['k8s_config_docker("aks")', '/data/config/aks/kubeconfig-docker.yaml'],
  ['docker_ip()', '127.0.0.1'],
  ['docker_host()', '/var/run/docker.sock'],
  ['shipyard_ip()', '127.0.0.1'],
  ['cluster_api("k8s_cluster.aks")', 'https://127.0.0.1:6443'],
  ['cluster_api("nomad_cluster.dev")', 'http://127.0.0.1:4646'],
  ['cluster_port("k8s_cluster.aks")', 6443],
  ['file("text.txt")', 'some ${text}\n'],
  ['file("./text.txt")', 'some ${text}\n'],
  ['file_path()', '<here>/main.hcl'],
  ['file_dir()', '<here>'],
  ['len([1, 2])', 2],
  ['"${home()}/.kube/${env("USER")}"', '/home/me/.kube/me'],
])('%s is %j', async (expression, expected) => {
  expect(await outputOf(expression, { env: { USER: 'me' } })).toEqual(expected);
});

it('data() makes a folder below that of Shipyard, with a mode if one is asked for', async () => {
  const dataFolder = join(workspace({}), 'shipyard');
  expect(await outputOf('data("a/b")', { dataFolder })).toBe(join(dataFolder, 'data/a/b'));
  expect(existsSync(join(dataFolder, 'data/a/b'))).toBe(true);
  expect(await outputOf('data_with_permissions("c", "0777")', { dataFolder })).toBe(join(dataFolder, 'data/c'));
  expect(statSync(join(dataFolder, 'data/c')).mode & 0o777).toBe(0o777);
  expect(await outputOf('data_with_permissions("c", 750)', { dataFolder })).toBe(join(dataFolder, 'data/c'));
  expect(statSync(join(dataFolder, 'data/c')).mode & 0o777).toBe(0o750);
});

it('data() that cannot be made is told at the call', async () => {
  const folder = workspace({ 'main.hcl': 'output "x" { value = data("a") }\n', file: '' });
  const { diagnostics } = await load(folder, [], { dataFolder: join(folder, 'file') });
  expect(diagnostics).toMatchObject([{ severity: 'error', summary: expect.stringContaining(`data: can't make`) }]);
});
