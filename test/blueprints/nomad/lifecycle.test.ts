import { describe, expect, it } from 'vitest';
import { k8sConfigLifecycle as lifecycle } from '../../../src/blueprints/k8s/lifecycle.ts';
import { ALLOCATIONS, type NomadJobSpec } from '../../../src/blueprints/nomad/spec.ts';
import { nomadJob } from '../../../src/blueprints/resources/nomad-job.ts';
import { outputsOf } from '../../nomad/jobs.ts';
import { RecordingContext } from '../recording-context.ts';
import { job } from './workspace.ts';

const signal = new AbortController().signal;
const KEY = 'nomad_job.app';

/** Job files as `lower` makes them, through JSON as from the command line to the agent. */
function specOf(...texts: string[]): NomadJobSpec {
  const { sets, jobs, groups, diagnostics } = outputsOf(texts.map((text, i) => ({ name: `${i}.nomad`, text })));
  expect(diagnostics.map(({ summary }) => summary)).toEqual([]);
  const spec = { cluster: 'nomad_cluster.dev', sets, jobs, groups, services: [], entries: [], protocols: {} };
  return JSON.parse(JSON.stringify(spec)) as NomadJobSpec;
}

function world(): RecordingContext {
  const context = new RecordingContext();
  context.record = () => ({
    spec: { podSubnet: ALLOCATIONS, serviceSubnet: ALLOCATIONS },
    reservation: undefined,
    definedAt: 'main.hcl:1',
  });
  return context;
}

async function apply(spec: NomadJobSpec, context: RecordingContext) {
  const reserved = await lifecycle.reserve(KEY, spec, context);
  await lifecycle.create(KEY, spec, reserved, context, { adopt: false, signal });
  return { spec, reserved };
}

const batch = `job "report" {
  type = "batch"
  group "report" {
    count = 2
    task "before" {
      driver = "exec"
      lifecycle {
        hook = "prestart"
      }
      config {
        command = "true"
      }
    }
    task "main" {
      driver = "exec"
      config {
        command = "true"
      }
    }
  }
}
`;

describe('jobs of Nomad in the agent', () => {
  it('are allocations with an address, registered, published, and gone without a trace', async () => {
    const context = world();
    const { spec, reserved } = await apply(specOf(job('web', { count: 2 }), job('api', { group: 'rest' }), batch), context);
    expect([...context.exists].toSorted()).toEqual(
      expect.arrayContaining([
        `address address of ${KEY} (pod web-1)`,
        'published nomad_cluster.dev/api/group/rest',
        'published nomad_cluster.dev/web/group/web',
        expect.stringMatching(/^service dev-client\/_nomad-task-[0-9a-f-]{36}-group-rest-api-http$/),
        `workload ${KEY}/api-rest-0/main`,
        `workload ${KEY}/web-0/main`,
        `workload ${KEY}/web-1/main`,
      ]),
    );
    expect([...context.exists].filter((what) => what.startsWith('service'))).toHaveLength(3);
    await lifecycle.destroy(KEY, spec, reserved, context);
    expect([...context.exists]).toEqual([]);
  });

  it('of type batch run to their end, tasks that come first first', async () => {
    const context = world();
    await apply(specOf(batch), context);
    const of = (index: number) => context.log.filter((what) => what.includes(`report-${index}/`));
    for (const index of [0, 1]) expect(of(index)).toEqual([`run ${KEY}/report-${index}/before`, `run ${KEY}/report-${index}/main`]);
  });

  it('replace what has changed, one allocation after the other, and nothing else', async () => {
    const context = world();
    const before = await apply(specOf(job('web', { count: 2 }), job('api')), context);
    context.log.length = 0;
    const after = specOf(job('web', { count: 2, message: 'two' }), job('api'));
    expect(lifecycle.canUpdate(before.spec, after)).toBe(true);
    await nomadJob.update!(KEY, before, after, context, { ports: 'fixed', signal });
    const touched = context.log.filter((what) => /^(start|stop) /.test(what));
    expect(touched).toEqual([`start ${KEY}/web-2/main`, `stop ${KEY}/web-0/main`, `start ${KEY}/web-0/main`, `stop ${KEY}/web-1/main`]);
  });
});
