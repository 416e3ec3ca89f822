import { describe, expect, it } from 'vitest';
import { renderDiagnostic } from '../../src/base/diagnostic.ts';
import type { ContainerSpec } from '../../src/blueprints/container/spec.ts';
import type { ImageMapping } from '../../src/blueprints/image-mapping.ts';
import type { K8sConfigSpec } from '../../src/blueprints/k8s/spec.ts';
import { load } from './fixture.ts';
import { workspace } from './workspace.ts';

const images: readonly ImageMapping[] = [
  {
    pattern: 'ghcr.io/acme/api',
    command: ['node', 'server.js'],
    workingDirectory: '/work/api',
    env: { LOG: 'debug', MODE: 'local' },
    ports: [8080],
  },
];

async function loaded(files: Readonly<Record<string, string>>, given: readonly ImageMapping[] = images) {
  const { graph, diagnostics } = await load(workspace(files), [], { images: given });
  const said = diagnostics.map((one) => renderDiagnostic(one)).join('\n');
  return { specs: new Map(graph?.resources.map(({ key, spec }) => [key, spec])), said };
}

const CONTAINER = `container "api" {
  image { name = "ghcr.io/acme/api:v3" }
  env_var = { MODE = "blueprint" }
  volume {
    source      = "./config"
    destination = "/etc/api"
  }
  port {
    local = 9090
    host  = 9090
  }
}
`;

describe('an image that a local program stands for', () => {
  it('runs it in a container, with what the block says', async () => {
    const { specs, said } = await loaded({ 'main.hcl': CONTAINER, 'config/a.json': '{}' });
    expect(said).toBe('');
    const { workload } = specs.get('container.api') as ContainerSpec;
    expect(workload).toMatchObject({
      image: 'ghcr.io/acme/api:v3',
      mapped: true,
      command: ['node', 'server.js'],
      cwd: '/work/api',
      env: { LOG: 'debug', MODE: 'blueprint' },
      serves: 8080,
      mounts: [{ destination: '/etc/api' }],
    });
    expect(new Set(workload.ports.map(({ port }) => port))).toEqual(new Set([8080, 9090]));
  });

  it('runs it in pods', async () => {
    const { specs, said } = await loaded({
      'main.hcl':
        'k8s_cluster "k3s" { driver = "k3s" }\nk8s_config "app" {\n  cluster = "k8s_cluster.k3s"\n  paths = ["./app.yaml"]\n  wait_until_ready = true\n}\n',
      'app.yaml': `apiVersion: v1
kind: Pod
metadata: { name: api }
spec:
  containers:
    - name: api
      image: ghcr.io/acme/api:v3
      args: ["-v"]
      ports: [{ containerPort: 8080 }]
`,
    });
    expect(said).toContain('warning: "-v" is not run');
    expect(said).toContain('stand for ghcr.io/acme/api:v3: arguments belong there');
    const { sets } = specs.get('k8s_config.app') as K8sConfigSpec;
    expect(sets[0]!.pod.containers[0]).toMatchObject({ mapped: true, command: ['node', 'server.js'], cwd: '/work/api' });
  });

  it('is asked for where there is none, with the file to write it in', async () => {
    const { said } = await loaded({ 'main.hcl': CONTAINER, 'config/a.json': '{}' }, []);
    expect(said).toContain('image "ghcr.io/acme/api:v3" can\'t run here');
    expect(said).toContain('in .mesh.hcl: image "ghcr.io/acme/api" { command = ["node", "server.js"] }');
  });
});
