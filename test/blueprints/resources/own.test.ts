import { describe, expect, it } from 'vitest';
import { renderDiagnostic } from '../../../src/base/diagnostic.ts';
import type { ProcessSpec } from '../../../src/blueprints/process/spec.ts';
import type { ConfigEntrySpec } from '../../../src/blueprints/resources/config-entry.ts';
import type { IntentionSpec } from '../../../src/blueprints/resources/intention.ts';
import type { ServiceSpec } from '../../../src/blueprints/service/lower.ts';
import { bench } from '../engine-harness.ts';
import { load } from '../fixture.ts';
import { workspace } from '../workspace.ts';

async function loaded(files: Readonly<Record<string, string>>) {
  const { graph, diagnostics } = await load(workspace(files));
  return { graph, said: diagnostics.map((one) => renderDiagnostic(one)).join('\n') };
}

async function specOf<T>(text: string, key: string): Promise<T> {
  const { graph, said } = await loaded({ 'main.hcl': text });
  expect(said).toBe('');
  return graph!.resources.find((resource) => resource.key === key)!.spec as T;
}

const dependenciesOf = async (text: string): Promise<Record<string, readonly string[]>> => {
  const { graph, said } = await loaded({ 'main.hcl': text });
  expect(said).toBe('');
  return Object.fromEntries(graph!.resources.map(({ key, dependsOn }) => [key, dependsOn]));
};

describe('process', () => {
  const WEB = `process "web" {
    command     = ["node", "web.js"]
    environment = { LOG = "debug", PAYMENTS_URL = "http://127.0.0.1:9091/v2" }
    port        = 9091
    upstream "payments" {}
    upstream "legacy-db" { local_bind_port = 9092 }
  }
  process "payments" {
    command  = ["node", "payments.js"]
    port     = 9090
    protocol = "http"
  }
  process "legacy-db" { 
    command = ["node", "db.js"]
    port    = 5432
    connect = false
  }`;

  it('has a sidecar if somebody can call it, and is told where its upstreams are', async () => {
    const { workload, services } = await specOf<ProcessSpec>(WEB, 'process.web');
    expect(services[0]!.sidecar!.upstreams.map(({ service, localPort }) => [service, localPort])).toEqual([
      ['payments', 9093],
      ['legacy-db', 9092],
    ]);
    expect(workload).toMatchObject({ serves: 9091, upstreamPorts: [9093, 9092], image: '' });
    // What the block says itself is stronger.
    expect(workload.env).toEqual({
      LOG: 'debug',
      PAYMENTS_ADDR: '127.0.0.1:9093',
      PAYMENTS_URL: 'http://127.0.0.1:9091/v2',
      LEGACY_DB_ADDR: '127.0.0.1:9092',
      LEGACY_DB_URL: 'http://127.0.0.1:9092',
    });
    expect((await specOf<ProcessSpec>(WEB, 'process.legacy-db')).services[0]).not.toHaveProperty('sidecar');
  });

  it('is ready when its port accepts, or by its checks, which stand in the catalog', async () => {
    const byDefault = await specOf<ProcessSpec>(WEB, 'process.payments');
    expect(byDefault.workload.readiness.map(({ action }) => action)).toEqual([{ type: 'tcp', port: 9090 }]);
    const text = `process "a" {
      command = ["./a"]
      port    = 80
      check { http = "/health" }
      check {
        exec     = ["./check.sh"]
        interval = "2s"
      }
    }`;
    const { workload, services } = await specOf<ProcessSpec>(text, 'process.a');
    expect(workload.readiness.map(({ action, periodMs }) => [action.type, periodMs])).toEqual([
      ['http', 10_000],
      ['exec', 2000],
    ]);
    expect(services[0]!.checks.map(({ id, action }) => [id, action.type])).toEqual([
      ['service:a:1', 'http'],
      ['service:a:2', 'script'],
    ]);
  });

  it('warns of an upstream that nobody provides', async () => {
    const { said } = await loaded({ 'main.hcl': 'process "a" {\n  command = ["./a"]\n  upstream "paymets" {}\n}\n' });
    expect(said).toContain('main.hcl:3:');
    expect(said).toContain('there is no service "paymets"');
  });

  it('sets its protocol as a default, watches its files, and leaves nothing', async () => {
    const text = 'process "a" {\n command = ["./a"]\n port = 80\n protocol = "http"\n restart_on_change = ["src/**"]\n host_port = 0\n}\n';
    const { graph } = await loaded({ 'main.hcl': text });
    const { context, run, destroy } = bench();
    await run(graph!);
    expect([...context.exists].toSorted()).toEqual([
      'address address of process.a',
      'forward process.a:0',
      'protocol a',
      'published process.a',
      'service a/a',
      'workload process.a',
    ]);
    expect(context.watched.get('process.a')).toEqual(['src/**']);
    await destroy();
    expect([...context.exists]).toEqual([]);
  });
});

describe('config_entry', () => {
  it('takes snake_case and CamelCase, two labels or one name, and files', async () => {
    const text = `config_entry "service-defaults" "web" { Protocol = "http" }
    config_entry "payments" {
      kind           = "service-defaults"
      protocol       = "http"
      meta           = { team = "pay" }
    }
    config_entry "more" { file = "./entries" }`;
    const { graph, said } = await loaded({
      'main.hcl': text,
      'entries/a.hcl': 'Kind = "proxy-defaults"\nName = "global"\nConfig { protocol = "http" }',
      'entries/b.json': '{"Kind": "service-resolver", "Name": "web", "DefaultSubset": "v1", "Subsets": {"v1": {}}}',
    });
    expect(said).toBe('');
    const entries = graph!.resources.flatMap(({ spec }) => (spec as ConfigEntrySpec).entries.map(({ Kind, Name }) => `${Kind}/${Name}`));
    expect(entries.toSorted()).toEqual([
      'proxy-defaults/global',
      'service-defaults/payments',
      'service-defaults/web',
      'service-resolver/web',
    ]);
    const payments = graph!.resources.find(({ key }) => key === 'config_entry.payments')!.spec as ConfigEntrySpec;
    expect(payments.entries[0]).toMatchObject({ Name: 'payments', Protocol: 'http', Meta: { team: 'pay' } });
  });

  it('comes after the entries and protocols that it needs, in whatever order they are written', async () => {
    const text = `config_entry "service-router" "web" { routes = [{ destination = { service = "payments" } }] }
    config_entry "service-resolver" "web" { redirect = { service = "currency" } }
    config_entry "service-defaults" "payments" { protocol = "http" }
    config_entry "service-defaults" "unrelated" { protocol = "http" }
    process "web" {
      command  = ["./web"]
      port     = 80
      protocol = "http"
    }`;
    const found = await dependenciesOf(text);
    expect(found['config_entry.service-router/web']!.toSorted()).toEqual([
      'config_entry.service-defaults/payments',
      'config_entry.service-resolver/web',
      'process.web',
    ]);
    expect(found['config_entry.service-defaults/payments']).toEqual([]);
  });

  it('has the last word on the protocol of a process', async () => {
    const text =
      'process "web" {\n command = ["./web"]\n port = 80\n protocol = "http"\n}\nconfig_entry "service-defaults" "web" { protocol = "tcp" }\n';
    expect(await specOf<ProcessSpec>(text, 'process.web')).not.toHaveProperty('protocol');
  });
});

describe('intention', () => {
  it("is one source, with Consul's names and in its canonical form", async () => {
    const text = `intention "a" {
      source      = "web"
      destination = "payments"
      description = "front"
      action      = "deny"
    }`;
    expect(await specOf<IntentionSpec>(text, 'intention.a')).toEqual({
      intention: { source: 'web', destination: 'payments', action: 'deny', description: 'front' },
    });
  });
});

describe('service', () => {
  it('takes what its block does not say from a service definition', async () => {
    const files = {
      'main.hcl': 'service "legacy" {\n address = "10.0.0.5"\n file = "./config/legacy.hcl"\n tags = ["own"]\n}\n',
      'config/legacy.hcl':
        'service {\n name = "db"\n port = 5432\n tags = ["theirs"]\n check {\n  tcp = "localhost:5433"\n  interval = "3s"\n }\n}\n',
    };
    const { graph, said } = await loaded(files);
    expect(said).toBe('');
    const { services, workload, address } = graph!.resources[0]!.spec as ServiceSpec;
    expect(services[0]).toMatchObject({ name: 'db', port: 5432, tags: ['own'], sidecar: { upstreams: [] } });
    expect(workload.readiness).toMatchObject([{ action: { type: 'tcp', port: 5433 }, periodMs: 3000 }]);
    expect(address).toBe('10.0.0.5');
  });
});
