import { arch, platform } from 'node:os';
import { didYouMean } from '../../base/suggest.ts';
import { define, type FunctionTable, failure } from '../../hcl/hcl2/index.ts';
import type { Located } from '../../schema/located.ts';
import { type Answer, text, type World } from './world.ts';

/** Where Shipyard's clusters have their API servers. Manifests are interpreted here, so nothing listens there. */
const API_PORTS: Readonly<Record<string, { protocol: string; port: number }>> = {
  k8s_cluster: { protocol: 'https', port: 6443 },
  nomad_cluster: { protocol: 'http', port: 4646 },
};

/** Go's names of what Node calls otherwise. */
const GO_ARCHITECTURES: Readonly<Record<string, string>> = { x64: 'amd64', ia32: '386', ppc64: 'ppc64le' };

const LOCALHOST = '127.0.0.1';

/** The environment, and addresses. Workloads are processes of this machine: what Shipyard had in Docker is at home here. */
export function machineFunctions({ env }: World): FunctionTable {
  const system: Readonly<Record<string, () => string>> = { os: platform, arch: () => GO_ARCHITECTURES[arch()] ?? arch() };
  return {
    cluster_api: define(
      {
        parameters: { cluster: 'text' },
        doc: 'Where the API of a cluster would be. Nothing listens there.',
        example: ['cluster_api("k8s_cluster.aks")', 'https://127.0.0.1:6443'],
      },
      ({ cluster }) => ofCluster(cluster, ({ protocol, port }) => text(`${protocol}://${LOCALHOST}:${port}`)),
    ),
    cluster_port: define(
      { parameters: { cluster: 'text' }, doc: 'The port of that.', example: ['cluster_port("nomad_cluster.dev")', 4646] },
      ({ cluster }) => ofCluster(cluster, ({ port }) => ({ type: 'number', value: port })),
    ),
    docker_host: define(
      { parameters: {}, doc: '`DOCKER_HOST`, or `/var/run/docker.sock`.', example: ['docker_host()', '/var/run/docker.sock'] },
      () => text(env['DOCKER_HOST'] || '/var/run/docker.sock'),
    ),
    docker_ip: define({ parameters: {}, doc: '127.0.0.1.', example: ['docker_ip()', LOCALHOST] }, () => text(LOCALHOST)),
    env: define(
      {
        parameters: { name: 'text' },
        doc: 'A variable of the environment of `mesh run`; empty if there is none.',
        example: ['env("USER")', 'me'],
      },
      ({ name }) => text(env[name] ?? ''),
    ),
    shipyard_ip: define({ parameters: {}, doc: '127.0.0.1.', example: ['shipyard_ip()', LOCALHOST] }, () => text(LOCALHOST)),
    system: define(
      {
        parameters: { what: 'text' },
        doc: '`"os"` of this machine (`linux`, `darwin`) or its `"arch"` (`amd64`, `arm64`).',
        example: ['contains(["linux", "darwin"], system("os"))', true],
      },
      ({ what }) => {
        const answer = Object.hasOwn(system, what) ? system[what] : undefined;
        if (answer) return text(answer());
        return failure(
          `nothing is known by the name ${JSON.stringify(what)}`,
          0,
          didYouMean(what, ['os', 'arch']).hint ?? 'known: "os", "arch"',
        );
      },
    ),
  };
}

function ofCluster(key: string, then: (api: { protocol: string; port: number }) => Located): Answer {
  const [type = '', name] = key.replace(/^resource\./, '').split('.');
  const api = Object.hasOwn(API_PORTS, type) ? API_PORTS[type] : undefined;
  if (api && name !== undefined) return then(api);
  return failure(`${JSON.stringify(key)} is not a reference to a cluster`, 0, 'write it as "k8s_cluster.<name>"');
}
