import { describe, expect, it } from 'vitest';
import { describeRange } from '../../../src/base/source.ts';
import type { NomadClusterSpec, NomadJobSpec } from '../../../src/blueprints/nomad/spec.ts';
import { runningOf } from '../fixture.ts';
import { CLUSTER, JOBS, job, lowered } from './workspace.ts';

const consul = (name: string, datacenter: string) => `container "${name}" {
  image {
    name = "consul:1.10.1"
  }
  command = ["consul", "agent", "-dev", "-datacenter=${datacenter}"]
}
`;

describe('a cluster of Nomad', () => {
  it('has no node that listens, and says so', async () => {
    const { summaries } = await lowered({
      'main.hcl': 'nomad_cluster "dev" {\n  open_in_browser = "/"\n  port {\n    local = 4646\n    host = 4646\n  }\n}\n',
    });
    expect(summaries).toEqual([
      '"port" of a cluster has no effect: no Nomad runs that would listen',
      '"open_in_browser" of a cluster has no effect: no Nomad runs that would listen',
    ]);
  });

  it.each([
    ['joins the only server there is', {}, consul('consul', 'east'), '', 'east'],
    ['is in the implicit datacenter without one', {}, '', '', undefined],
    [
      'joins whom its Consul agent joins',
      { 'conf/agent.hcl': 'retry_join = ["two.container.shipyard.run:8301"]\n' },
      consul('one', 'east') + consul('two', 'west'),
      'consul_config = "conf/agent.hcl"',
      'west',
    ],
    [
      'is in the datacenter of its Consul agent',
      { 'conf/agent.hcl': 'datacenter = "east"\nserver = false\n' },
      consul('one', 'east') + consul('two', 'west'),
      'consul_config = "conf/agent.hcl"',
      'east',
    ],
    [
      'registers with the agent that Nomad is told of',
      { 'conf/client.hcl': 'consul {\n  address = "two.container.shipyard.run:8500"\n}\n' },
      consul('one', 'dc1') + consul('two', 'dc1b'),
      'client_config = "conf/client.hcl"\n environment = { CONSUL_DATACENTER = "dc1b" }',
      'dc1b',
    ],
  ])('%s', async (_, files, containers, attributes, datacenter) => {
    const main = `${containers}nomad_cluster "dev" {\n ${attributes}\n}\n`;
    const { spec, summaries, dependsOn } = await lowered({ ...files, 'jobs/web.nomad': job('web'), 'main.hcl': main + JOBS });
    expect(summaries).toEqual([]);
    expect(spec<NomadClusterSpec>('nomad_cluster.dev').datacenter).toBe(datacenter);
    expect(spec<NomadJobSpec>('nomad_job.app').datacenter).toBe(datacenter);
    if (datacenter !== undefined) expect(dependsOn('nomad_cluster.dev')).toHaveLength(1);
  });

  it('reads what Nomad calls its datacenter, and how many clients there are', async () => {
    const { spec, summaries } = await lowered({
      'conf/client.hcl': 'datacenter = "west"\n',
      'jobs/web.nomad': job('web', { more: 'type = "system"\n  datacenters = ["w*"]' }),
      'main.hcl': `nomad_cluster "dev" {\n  client_nodes = 3\n  client_config = "conf/client.hcl"\n}\n${JOBS}`,
    });
    expect(summaries).toEqual([]);
    expect(spec<NomadJobSpec>('nomad_job.app').sets[0]!.replicas).toBe(3);
  });

  it('says what is wrong with a configuration, where it is', async () => {
    const { diagnostics } = await lowered({
      'conf/client.hcl': 'datacenter = \n',
      'main.hcl': 'nomad_cluster "dev" {\n  client_config = "conf/client.hcl"\n  server_config = "conf/srver.hcl"\n}\n',
    });
    expect(diagnostics.map(({ subject, summary }) => `${describeRange(subject!)} ${summary}`)).toEqual([
      "main.hcl:3:19 can't read conf/srver.hcl",
      expect.stringMatching(/^conf\/client\.hcl:1:\d+ /),
    ]);
  });
});

describe('jobs of Nomad', () => {
  it('are read from files and folders, in their order', async () => {
    const { spec, summaries } = await lowered({
      'jobs/b.nomad': job('b'),
      'jobs/a.hcl': job('a'),
      'jobs/notes.txt': 'no job',
      'more/c.hcl': job('c', { group: 'api' }),
      'main.hcl': CLUSTER + JOBS.replace('["jobs"]', '["jobs", "more/c.hcl"]'),
    });
    expect(summaries).toEqual([]);
    const { sets, groups } = spec<NomadJobSpec>('nomad_job.app');
    expect(sets.map(({ baseName, owner, pod }) => `${baseName} ${pod.namespace}/${owner} on ${pod.consulNode}`)).toEqual([
      'a a/group/a on dev-client',
      'b b/group/b on dev-client',
      'c-api c/group/api on dev-client',
    ]);
    expect(groups[2]).toEqual({ job: 'c', group: 'api', tasks: ['main'], ports: { http: 9090 }, fixed: {} });
  });

  it('read files beside them', async () => {
    const { spec, summaries } = await lowered({
      'jobs/web.nomad': job('web').replace('driver =', 'template {\n destination = "local/x"\n data = file("x.tpl")\n }\n driver ='),
      'jobs/x.tpl': 'port {{ env "NOMAD_PORT_http" }}',
      'main.hcl': CLUSTER + JOBS,
    });
    expect(summaries).toEqual([]);
    const mounts = spec<NomadJobSpec>('nomad_job.app').sets[0]!.pod.containers[0]!.mounts;
    expect(mounts.at(-1)).toMatchObject({ destination: '/local/x', source: { text: 'port 9090' } });
  });

  it('say which file they can not read', async () => {
    const { diagnostics } = await lowered({
      'jobs/web.nomad': job('web').replace('"one"', 'file("x.tpl")'),
      'main.hcl': CLUSTER + JOBS.replace('["jobs"]', '["jobs", "jbos/api.nomad"]'),
    });
    expect(diagnostics.map(({ subject, summary }) => `${describeRange(subject!)} ${summary}`)).toEqual([
      "main.hcl:4:20 can't read jbos/api.nomad",
      'jobs/web.nomad:31:24 file: can\'t read "x.tpl"',
    ]);
  });

  it('warn of calls to services that nobody provides, where they are written', async () => {
    const files = { 'jobs/web.nomad': job('web', { calls: ['payments', 'pyaments'] }), 'jobs/payments.nomad': job('payments') };
    const { diagnostics } = await lowered({ ...files, 'main.hcl': CLUSTER + JOBS });
    expect(diagnostics.map(({ severity, summary, hint }) => ({ severity, summary, hint }))).toEqual([
      { severity: 'warning', summary: 'there is no service "pyaments", here or in what runs', hint: 'did you mean "payments"?' },
    ]);
    expect(describeRange(diagnostics[0]!.subject!)).toBe('jobs/web.nomad:24:21');
  });

  it('run local programs for images that a configuration file maps', async () => {
    const image = { pattern: 'acme/web', command: ['node', 'web.js'], workingDirectory: '/src/web', env: { A: 'b' }, ports: [9090] };
    const files = { 'jobs/web.nomad': job('web').replace('nicholasjackson/fake-service', 'acme/web'), 'main.hcl': CLUSTER + JOBS };
    const { spec, summaries } = await lowered(files, { images: [image] });
    expect(summaries).toEqual([]);
    const [task] = spec<NomadJobSpec>('nomad_job.app').sets[0]!.pod.containers;
    expect(task).toMatchObject({ command: ['node', 'web.js'], cwd: '/src/web', env: { A: 'b', MESSAGE: 'one' } });
    expect((await lowered(files)).summaries).toEqual(['image "acme/web:v0.24.2" can\'t run here']);
  });

  it('are one of a name in a cluster', async () => {
    const other = { key: 'nomad_job.old', type: 'nomad_job', spec: { cluster: 'nomad_cluster.dev', groups: [{ job: 'web' }], sets: [] } };
    const files = { 'jobs/web.nomad': job('web'), 'main.hcl': CLUSTER + JOBS };
    const { summaries } = await lowered(files, { running: () => Promise.resolve(runningOf([other])) });
    expect(summaries).toEqual(['nomad_job.old has a job "web" already']);
  });

  it('warn of a health check that waits for nothing', async () => {
    const main = `${CLUSTER}${JOBS.replace('paths', 'health_check {\n    timeout = "1s"\n    nomad_jobs = ["web", "wbe"]\n  }\n  paths')}`;
    const { summaries } = await lowered({ 'jobs/web.nomad': job('web'), 'main.hcl': main });
    expect(summaries).toEqual(['there is no job "wbe", so there is nothing to wait for']);
  });
});
