import { describe, expect, it } from 'vitest';
import { renderDiagnostic } from '../../src/base/diagnostic.ts';
import { load, runningOf } from './fixture.ts';
import { workspace } from './workspace.ts';

const HCS = { key: 'container.hcs', type: 'container', spec: { workload: { names: ['hcs.container.shipyard.run', 'consul.test'] } } };

async function said(text: string): Promise<string[]> {
  const options = { running: () => Promise.resolve(runningOf([HCS])) };
  const { diagnostics, graph } = await load(workspace({ 'main.hcl': text }), [], options);
  expect(graph).toBeDefined();
  return diagnostics.map((diagnostic) => renderDiagnostic(diagnostic));
}

const command = (body: string): string => `exec_local "a" {\n  cmd = "sh"\n  ${body}\n}\n`;

describe('a name below shipyard.run that nothing has', () => {
  it('in the environment is a warning at its place, with the nearest one', async () => {
    const [text, ...more] = await said(
      command('env {\n    key = "CONSUL_HTTP_ADDR"\n    value = "http://hsc.container.shipyard.run:8500"\n  }'),
    );
    expect(more).toEqual([]);
    expect(text).toContain('main.hcl:5:13: warning: nothing here is called hsc.container.shipyard.run\n');
    expect(text).toContain('hint: did you mean "hcs.container.shipyard.run"?');
  });

  it.each([
    [
      'env_var = { A = "hcs.ingress.shipyard.run:80" }',
      'main.hcl:3:19',
      'hcs.ingress.shipyard.run',
      'did you mean "hcs.container.shipyard.run"?',
    ],
    [
      'args = ["-c", "curl payments.container.shipyard.run:9090"]',
      'main.hcl:3:17',
      'payments.container.shipyard.run',
      'there are: hcs.container.shipyard.run',
    ],
  ])('%s', async (body, place, name, more) => {
    const [text] = await said(command(body));
    expect(text).toContain(`${place}: warning: nothing here is called ${name}\n`);
    expect(text).toContain(more);
  });

  it('is said once for each place', async () => {
    const twice = 'args = ["a.container.shipyard.run a.container.shipyard.run", "a.container.shipyard.run"]';
    expect(await said(command(twice))).toHaveLength(2);
  });
});

it.each([
  'args = ["http://HCS.container.shipyard.run:8500/v1", "consul.test:8500"]',
  // Of another domain, or of the Services of a cluster.
  'args = ["a.container.shipyard.run.example.com", "shipyard.run", "https://shipyard.run/docs", "web.default.svc.k3s.k8s_cluster.shipyard.run"]',
])('nothing is said of %s', async (body) => {
  expect(await said(command(body))).toEqual([]);
});

it('names of this blueprint are known, aliases too, wherever they stand', async () => {
  const container =
    'container "web" {\n  image {\n    name = "nicholasjackson/fake-service:v0.24.2"\n  }\n  network {\n    name = "network.local"\n    aliases = ["front.shipyard.run"]\n  }\n}\n';
  const network = 'network "local" {\n  subnet = "10.6.0.0/16"\n}\n';
  expect(await said(`${command('args = ["web.container.shipyard.run", "front.shipyard.run"]')}${network}${container}`)).toEqual([]);
});
