import { mkdirSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { get, Workspace } from './harness.ts';

const fakeService = (type: string, name: string, more: string, env: Record<string, string> = {}) => `${type} "${name}" {
  ${more}
  image {
    name = "nicholasjackson/fake-service:v0.24.2"
  }
  env_var = {
    NAME = "${name}"
    ${Object.entries(env)
      .map(([key, value]) => `${key} = "${value}"`)
      .join('\n    ')}
  }
}
`;

const NETWORK = 'network {\n    name = "network.local"\n  }';

/** The files of a blueprint in which everything is reached in another way. */
const files = (laptop: number): Record<string, string> => ({
  'cluster.hcl': `network "local" {
  subnet = "10.5.0.0/16"
}

k8s_cluster "k3s" {
  driver = "k3s"
}

helm "consul" {
  cluster = "k8s_cluster.k3s"
  chart   = "hashicorp/consul"

  values_string = {
    "global.datacenter"     = "cloud"
    "global.name"           = "consul"
    "connectInject.default" = "true"
    "connectInject.centralConfig.defaultProtocol" = "http"
  }
}

k8s_config "web" {
  cluster          = "k8s_cluster.k3s"
  paths            = ["web.yml"]
  wait_until_ready = true
}

ingress "laptop" {
  source {
    driver = "k8s"
    config {
      cluster = "k8s_cluster.k3s"
      port    = 9999
    }
  }
  destination {
    driver = "local"
    config {
      port = ${laptop}
    }
  }
}

k8s_ingress "consul_http" {
  cluster = "k8s_cluster.k3s"
  service = "consul-ui"
  port {
    remote = "http"
    host   = 18500
  }
}
`,
  'machines.hcl': `${fakeService('container', 'api', NETWORK)}
sidecar "api" {
  target  = "container.api"
  command = ["consul", "connect", "envoy", "-sidecar-for", "api"]
  image {
    name = "nicholasjackson/consul-envoy:v1.10.0-v1.18.3"
  }
  volume {
    source      = "./config"
    destination = "/config"
  }
  env_var = {
    CONSUL_HTTP_ADDR = "consul-server.default.svc:8500"
    SERVICE_CONFIG   = "/config/api.hcl"
  }
}

${fakeService('sidecar', 'helper', 'target = "container.api"', { LISTEN_ADDR: '0.0.0.0:9099' })}

container_ingress "helper" {
  target = "container.api"
  ${NETWORK}
  port {
    local  = 80
    remote = 9099
  }
}

docs "docs" {
  path = "./docs"
  port = 18080
  ${NETWORK}
}

${fakeService(
  'container',
  'caller',
  `${NETWORK}
  port {
    local = 9090
    host  = 19090
  }`,
  { UPSTREAM_URIS: 'http://helper.ingress.shipyard.run,http://docs.docs.shipyard.run,http://laptop.shipyard.svc:9999' },
)}`,
  'web.yml': `apiVersion: v1
kind: Service
metadata: { name: web }
spec:
  selector: { app: web }
  ports: [{ port: 80, targetPort: 9090 }]
---
apiVersion: apps/v1
kind: Deployment
metadata: { name: web }
spec:
  selector: { matchLabels: { app: web } }
  template:
    metadata:
      labels: { app: web }
      annotations: { consul.hashicorp.com/connect-service-upstreams: 'api:9091' }
    spec:
      containers:
        - name: web
          image: nicholasjackson/fake-service:v0.24.2
          ports: [{ containerPort: 9090 }]
          env: [{ name: NAME, value: web }, { name: UPSTREAM_URIS, value: 'http://localhost:9091' }]
`,
  'public.hcl': `ingress "public" {
  source {
    driver = "local"
    config {
      port = 19091
    }
  }
  destination {
    driver = "k8s"
    config {
      cluster = "k8s_cluster.k3s"
      address = "web.default.svc"
      port    = 80
    }
  }
}
`,
  'config/api.hcl': 'service {\n  name = "api"\n  port = 9090\n  connect {\n    sidecar_service {}\n  }\n}\n',
  'docs/index.md': '# Welcome\n',
});

const text = async (url: string): Promise<string> => (await fetch(url, { headers: { connection: 'close' } })).text();

describe('a blueprint whose parts are reached in many ways', () => {
  it('by sidecars, ingresses, names of containers and of a cluster, and as a site', async () => {
    const laptop = createServer((_, response) => response.end('{}'));
    await new Promise<void>((done) => laptop.listen(0, '127.0.0.1', done));
    await using mesh = new Workspace();
    try {
      for (const [path, text] of Object.entries(files((laptop.address() as AddressInfo).port))) {
        mkdirSync(join(mesh.cwd, 'many', dirname(path)), { recursive: true });
        writeFileSync(join(mesh.cwd, 'many', path), text);
      }
      await mesh.run('./many');
      const { ingresses } = await mesh.status();
      const url = (name: string): string => ingresses.find((ingress) => ingress.id === name)!.url.replace('localhost', '127.0.0.1');
      const called = await get(url('container.caller'));
      expect(Object.values(called.upstream_calls ?? {}).map(({ code }) => code)).toEqual([200, 200, 200]);
      expect(called.upstream_calls?.['http://helper.ingress.shipyard.run']?.name).toBe('helper');
      // Mutual TLS from a pod to the proxy beside a container, in the cluster's own datacenter.
      expect(await get(url('ingress.public'))).toMatchObject({
        name: 'web',
        code: 200,
        upstream_calls: { 'http://localhost:9091': { name: 'api', code: 200 } },
      });
      expect(await text(`${url('k8s_ingress.consul_http')}/v1/catalog/datacenters`)).toBe('["cloud"]');
      expect(await text(`${url('k8s_ingress.consul_http')}/v1/config/proxy-defaults/global`)).toContain('"protocol":"http"');
      expect(await text(`${url('docs.docs')}/index`)).toContain('<h1 id="welcome">Welcome');
    } finally {
      await new Promise((done) => laptop.close(done));
    }
  });
});
