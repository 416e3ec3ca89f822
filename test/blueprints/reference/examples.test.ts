import { describe, expect, it } from 'vitest';
import { renderDiagnostic } from '../../../src/base/diagnostic.ts';
import { EXAMPLES, exampleName } from '../../../src/blueprints/reference/examples/index.ts';
import { RESOURCE_TYPES } from '../../../src/blueprints/resources/index.ts';
import { load } from '../fixture.ts';
import { workspace } from '../workspace.ts';

/** Files that examples name. */
const FILES = {
  'docs/index.md': '---\nid: index\ntitle: Start\n---\n\nHello.\n',
  'files/config.json': '{}\n',
  'files/payments_defaults.hcl': 'Kind = "service-defaults"\nName = "payments"\nProtocol = "http"\n',
  'k8s/web.yaml': `apiVersion: v1
kind: Service
metadata:
  name: web
spec:
  selector:
    app: web
  ports:
    - port: 9090
---
apiVersion: apps/v1
kind: Deployment
metadata:
  name: web
spec:
  selector:
    matchLabels:
      app: web
  template:
    metadata:
      labels:
        app: web
    spec:
      containers:
        - name: web
          image: nicholasjackson/fake-service:v0.26.2
          ports:
            - containerPort: 9090
`,
  'nomad/web.nomad': `job "web" {
  group "web" {
    network {
      mode = "bridge"
      port "http" {
        to = 9090
      }
    }
    service {
      name = "web"
      port = "http"
      connect {
        sidecar_service {}
      }
    }
    task "web" {
      driver = "docker"
      config {
        image = "nicholasjackson/fake-service:v0.26.2"
        ports = ["http"]
      }
    }
  }
}
`,
};

const rows = RESOURCE_TYPES.map((type): [string, string | undefined] => {
  const name = exampleName(type);
  return [name, EXAMPLES[name]];
});

describe('the example of', () => {
  it.each(rows)('%s loads, and has one', async (name, example) => {
    expect(example, 'write one into src/blueprints/reference/examples').toBeDefined();
    const { graph, diagnostics } = await load(workspace({ ...FILES, 'main.hcl': example!.trimStart() }));
    expect(diagnostics.map((one) => renderDiagnostic(one))).toEqual([]);
    const all = [...graph!.resources, ...(graph!.deferred ?? [])].map(({ key }) => key.split('.', 1)[0]);
    expect(all).toContain(name.split('/', 1)[0]);
  });

  it('nothing else', () => {
    expect(Object.keys(EXAMPLES).filter((name) => !rows.some(([row]) => row === name))).toEqual([]);
  });
});
