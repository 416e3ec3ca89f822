import { describe, expect, it, vi } from 'vitest';
import { renderDiagnostic } from '../../../src/base/diagnostic.ts';
import type { IngressReserved, IngressSpec } from '../../../src/blueprints/ingress/lifecycle.ts';
import { ingress } from '../../../src/blueprints/resources/ingress.ts';
import { bench } from '../engine-harness.ts';
import { load, runningOf } from '../fixture.ts';
import { workspace } from '../workspace.ts';

const WORLD = `
network "azure" {
  subnet = "10.5.0.0/16"
}

container "payments" {
  network {
    name = "network.azure"
  }
  image {
    name = "nicholasjackson/fake-service:v0.24.2"
  }
}

k8s_cluster "aks" {
  driver = "k3s"
}

k8s_config "web" {
  cluster          = "k8s_cluster.aks"
  paths            = ["web.yml"]
  wait_until_ready = true
}
`;

const MANIFEST = `apiVersion: v1
kind: Service
metadata: { name: web }
spec:
  selector: { app: web }
  ports: [{ name: http, port: 80, targetPort: 9090 }]
---
apiVersion: apps/v1
kind: Deployment
metadata: { name: web }
spec:
  selector: { matchLabels: { app: web } }
  template:
    metadata: { labels: { app: web } }
    spec:
      containers: [{ name: web, image: 'nicholasjackson/fake-service:v0.24.2', ports: [{ containerPort: 9090 }] }]
`;

async function graphWith(text: string) {
  const folder = workspace({ 'world.hcl': WORLD, 'web.yml': MANIFEST, 'ingress.hcl': text });
  const { graph, diagnostics } = await load(folder);
  expect(diagnostics.map((diagnostic) => renderDiagnostic(diagnostic))).toEqual([]);
  return graph!;
}

async function specOf(text: string, key: string): Promise<IngressSpec> {
  return (await graphWith(text)).resources.find((resource) => resource.key === key)!.spec as IngressSpec;
}

describe('forms of an ingress', () => {
  it('to a container, with an address and a name in its network', async () => {
    const text = `ingress "hcs" {
      target = "container.payments"
      network {
        name = "network.azure"
      }
      port {
        local           = 8500
        remote          = 9090
        host            = 18500
        open_in_browser = "/ui"
      }
    }`;
    expect(await specOf(text, 'ingress.hcs')).toEqual({
      target: 'container.payments',
      ports: [{ local: 8500, target: 9090, host: 18500, open: '/ui' }],
      inside: { of: 'network.azure', names: ['hcs.ingress.shipyard.run'] },
    });
  });

  it.each([
    ['svc/web', '80', 'svc/web', 80],
    ['service/web', '"http"', 'svc/web', 80],
    ['deployment/web', '9090', 'deployment/web', 9090],
    ['web-0', '9090', 'pod/web-0', 9090],
  ])('into a cluster: %s at %s', async (service, remote, name, port) => {
    const text = `ingress "web" {
      target  = "k8s_cluster.aks"
      service = "${service}"
      port {
        remote = ${remote}
        host   = 19090
      }
    }`;
    expect(await specOf(text, 'ingress.web')).toEqual({
      target: `k8s_cluster.aks/default/${name}`,
      ports: [{ local: port, target: port, host: 19090 }],
    });
  });

  it('container_ingress and k8s_ingress', async () => {
    const text = `
    container_ingress "payments" {
      target = "container.payments"
      network {
        name = "network.azure"
      }
      port {
        local  = 80
        remote = 9090
      }
    }
    k8s_ingress "web_http" {
      cluster = "k8s_cluster.aks"
      service = "web"
      network {
        name = "network.azure"
      }
      port {
        local  = 9090
        remote = 80
        host   = 19090
      }
    }`;
    expect(await specOf(text, 'container_ingress.payments')).toMatchObject({
      target: 'container.payments',
      ports: [{ local: 80, target: 9090 }],
      inside: { names: ['payments.ingress.shipyard.run'] },
    });
    expect(await specOf(text, 'k8s_ingress.web_http')).toMatchObject({
      target: 'k8s_cluster.aks/default/svc/web',
      ports: [{ local: 9090, target: 80, host: 19090 }],
      inside: { names: ['web-http.ingress.shipyard.run'] },
    });
  });

  it.each([
    ['k8s', 'cluster = "k8s_cluster.aks"\naddress = "web.default.svc"\nport = "http"', 'k8s_cluster.aks/default/svc/web', 80],
    ['k8s', 'cluster = "k8s_cluster.aks"\naddress = "web.default.svc.cluster.local"\nport = 80', 'k8s_cluster.aks/default/svc/web', 80],
    ['docker', 'address = "payments.container.shipyard.run"\nport = 9090', 'container.payments', 9090],
  ])('from this machine to %s: %s', async (driver, config, target, port) => {
    const text = `ingress "web" {
      source {
        driver = "local"
        config {
          port            = 19090
          open_in_browser = "/ui"
        }
      }
      destination {
        driver = "${driver}"
        config {
          ${config}
        }
      }
    }`;
    expect(await specOf(text, 'ingress.web')).toEqual({ target, ports: [{ local: 19090, target: port, host: 19090, open: '/ui' }] });
  });
});

const OUT_OF_CLUSTER = `ingress "laptop" {
  source {
    driver = "k8s"
    config {
      cluster = "k8s_cluster.aks"
      port    = 9090
    }
  }
  destination {
    driver = "local"
    config {
      address = "localhost"
      port    = 3000
    }
  }
}`;

describe('life of an ingress', () => {
  it('opens its ports inside and outside, and leaves nothing', async () => {
    const graph = await graphWith(`ingress "web" {
      target = "container.payments"
      network {
        name = "network.azure"
      }
      port {
        local  = 8500
        remote = 9090
        host   = 18500
      }
    }`);
    const { run, destroy, context, state } = bench();
    const open = vi.spyOn(context.forwards, 'open');
    await run(graph);
    expect(state()).toContain('ingress.web: created');
    expect(open.mock.calls.map(([forward]) => forward).filter(({ target }) => target === 'container.payments')).toEqual([
      {
        id: 'ingress.web/8500',
        address: 'address of ingress.web',
        hostPort: 8500,
        wantedPort: 8500,
        target: 'container.payments',
        targetPort: 9090,
      },
      { id: 'ingress.web:18500', hostPort: 18500, wantedPort: 18500, target: 'container.payments', targetPort: 9090 },
    ]);
    await destroy();
    expect([...context.exists]).toEqual([]);
  });

  it('leads out of a cluster to this machine, under a name in the cluster', async () => {
    const graph = await graphWith(OUT_OF_CLUSTER);
    const spec = graph.resources.find(({ key }) => key === 'ingress.laptop')!.spec;
    expect(spec).toEqual({
      target: 'ingress.laptop/machine',
      machine: true,
      ports: [{ local: 9090, target: 3000, optional: true }],
      inside: { of: 'k8s_cluster.aks', names: ['laptop.shipyard', 'laptop.shipyard.svc', 'laptop.shipyard.svc.cluster.local'] },
    });
    const { run, destroy, context } = bench();
    const publish = vi.spyOn(context.forwards, 'publish');
    await run(graph);
    const [, targets, portOf] = publish.mock.calls.find(([name]) => name === 'ingress.laptop/machine')!;
    expect([targets(), portOf(3000)]).toEqual([['127.0.0.1'], 3000]);
    await destroy();
    expect([...context.exists]).toEqual([]);
  });

  it('opens pages: of its host port as it really is, or elsewhere', () => {
    const spec: IngressSpec = {
      target: 'container.web',
      ports: [
        { local: 1, target: 1, host: 9090, open: 'ui' },
        { local: 2, target: 2, host: 9091, open: 'https://example.com/' },
        { local: 3, target: 3, host: 9092 },
        { local: 4, target: 4, open: '/' },
      ],
    };
    const reserved: IngressReserved = { ports: { 9090: 40_000, 9091: 9091, 9092: 9092 } };
    expect(ingress.browse!(spec, reserved)).toEqual(['http://localhost:40000/ui', 'https://example.com/']);
    expect(ingress.hostPorts!(spec)).toEqual([9090, 9091, 9092]);
  });
});

describe('an ingress to what runs already', () => {
  const running = {
    cluster: 'k8s_cluster.aks',
    sets: [],
    services: [{ name: 'web', namespace: 'default', ports: [{ port: 80 }] }],
  };
  const blueprint = (service: string) =>
    workspace({
      'main.hcl': `k8s_ingress "web" {
  cluster = "k8s_cluster.aks"
  service = "${service}"
  port {
    remote = 80
    host   = 8080
  }
}`,
    });
  const records = runningOf([
    { key: 'k8s_cluster.aks', type: 'k8s_cluster', spec: {} },
    { key: 'k8s_config.web', type: 'k8s_config', spec: running },
  ]);
  const options = { running: () => Promise.resolve(records) };

  it('is checked against its manifests', async () => {
    expect((await load(blueprint('web'), [], options)).diagnostics).toEqual([]);
    const { diagnostics } = await load(blueprint('wbe'), [], options);
    expect(diagnostics.map(({ summary, hint }) => [summary, hint])).toEqual([
      ['the manifests define no svc/wbe in namespace default', 'did you mean "svc/web"?'],
    ]);
  });

  it('is taken on trust where no manifest is known', async () => {
    records.delete('k8s_config.web');
    expect((await load(blueprint('wbe'), [], options)).diagnostics).toEqual([]);
  });
});
