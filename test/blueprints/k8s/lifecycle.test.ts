import { describe, expect, it } from 'vitest';
import { MeshError } from '../../../src/base/errors.ts';
import { k8sConfigLifecycle as lifecycle } from '../../../src/blueprints/k8s/lifecycle.ts';
import type { RecordingContext } from '../recording-context.ts';
import { KEY, service, specOf, workload, world } from './manifests.ts';

const signal = new AbortController().signal;

async function apply(text: string, context: RecordingContext, adopt = false) {
  const spec = specOf(text);
  const reserved = await lifecycle.reserve(KEY, spec, context);
  await lifecycle.create(KEY, spec, reserved, context, { adopt, signal });
  return { spec, reserved };
}

const INJECT = 'consul.hashicorp.com/connect-inject: "true"';
const job = (more: string) => `
apiVersion: batch/v1
kind: Job
metadata: {name: migrate}
spec: {${more}, template: {spec: {restartPolicy: Never, containers: [{name: main, image: a/b}]}}}
`;

describe('manifests in the agent', () => {
  it('runs init containers before the others, in their order', async () => {
    const context = world();
    const init = 'initContainers: [{name: wait, image: a/b}, {name: proxy, image: a/b, restartPolicy: Always}, {name: seed, image: a/b}]';
    await apply(workload('web', { spec: init }), context);
    expect(context.log).toEqual([`run ${KEY}/web-0/wait`, `start ${KEY}/web-0/proxy`, `run ${KEY}/web-0/seed`, `start ${KEY}/web-0/main`]);
  });

  it('starts nothing of a pod whose init container fails, after some tries', async () => {
    const context = world();
    context.unstartable.set(`${KEY}/web-0/wait`, new MeshError('incomplete', 'web-0/wait exited with code 1'));
    const failed = apply(workload('web', { spec: 'initContainers: [{name: wait, image: a/b}]' }), context);
    await expect(failed).rejects.toThrow('web-0/wait exited with code 1');
    expect(context.log).toEqual([`run ${KEY}/web-0/wait`, `run ${KEY}/web-0/wait`, `run ${KEY}/web-0/wait`]);
  });

  it('takes over what runs: nothing that has ended is run again, and no entry is written', async () => {
    const context = world();
    const init = 'initContainers: [{name: wait, image: a/b}, {name: proxy, image: a/b, restartPolicy: Always}]';
    const entry = 'apiVersion: consul.hashicorp.com/v1alpha1\nkind: ServiceDefaults\nmetadata: {name: web}\nspec: {protocol: http}\n';
    await apply(`${workload('web', { spec: init })}---${job('completions: 1')}---\n${entry}`, context, true);
    expect(context.log).toEqual([`adopt ${KEY}/web-0/proxy`, `adopt ${KEY}/web-0/main`]);
    expect([...context.exists].filter((what) => what.startsWith('entry'))).toEqual([]);
  });

  it('leaves nothing behind', async () => {
    const context = world();
    const entry = 'apiVersion: consul.hashicorp.com/v1alpha1\nkind: ServiceDefaults\nmetadata: {name: db}\nspec: {protocol: http}\n';
    const web = workload('web', { replicas: 2, annotations: `${INJECT}, consul.hashicorp.com/connect-service-protocol: http` });
    const text = `${web}${service('web')}---${workload('db', { kind: 'StatefulSet' })}---${job('completions: 2')}---\n${entry}`;
    const { spec, reserved } = await apply(text, context);
    expect([...context.exists].toSorted()).toEqual(
      expect.arrayContaining([
        `address address of ${KEY} (pod web-1)`,
        `address address of ${KEY} (service default/web)`,
        'entry service-defaults/db',
        `forward ${KEY}/svc/default/web:80`,
        'protocol web',
        'published k8s_cluster.k3s/default/statefulset/db',
        'published k8s_cluster.k3s/default/svc/web',
        'service k3s-virtual/web-1-web',
        `workload ${KEY}/migrate-1/main`,
        `workload ${KEY}/web-1/main`,
      ]),
    );
    await lifecycle.destroy(KEY, spec, reserved, context);
    expect([...context.exists]).toEqual([]);
  });

  it('leaves nothing behind of what no record tells of', async () => {
    const context = world();
    const { spec } = await apply(workload('web', { replicas: 2, annotations: INJECT }) + service('web'), context);
    await lifecycle.destroy(KEY, spec, undefined, context);
    expect([...context.exists]).toEqual([]);
  });

  it('asks a container to end when its hook has ended', async () => {
    const context = world();
    const containers = 'containers: [{name: main, image: a/b, lifecycle: {preStop: {exec: {command: [flush]}}}}]';
    const text = workload('web', { annotations: INJECT }).replace(/containers: .*\}\], /, `${containers}, `);
    const { spec, reserved } = await apply(text, context);
    context.log.length = 0;
    await lifecycle.destroy(KEY, spec, reserved, context);
    expect(context.log).toEqual([`run ${KEY}/web-0/main/pre-stop`, `stop ${KEY}/web-0/main/pre-stop`, `stop ${KEY}/web-0/main`]);
  });
});

describe('Jobs', () => {
  it('run as often as they must, and are tried again up to their limit', async () => {
    const context = world();
    await apply(job('completions: 3, parallelism: 2'), context);
    expect(context.log.toSorted()).toEqual([0, 1, 2].map((i) => `run ${KEY}/migrate-${i}/main`));
    context.log.length = 0;
    context.unstartable.set(
      `${KEY}/migrate-0/main`,
      new MeshError('incomplete', 'migrate-0 exited with code 3; its last lines:\n  no table'),
    );
    await expect(apply(job('backoffLimit: 1'), context)).rejects.toThrow(
      'job/migrate has failed: migrate-0 exited with code 3; its last lines:\n  no table',
    );
    expect(context.log).toHaveLength(2);
  });

  it('that fail until the time of the run is up say how', async () => {
    const context = world();
    context.unstartable.set(`${KEY}/migrate-0/main`, new MeshError('incomplete', 'migrate-0 exited with code 2'));
    const spec = specOf(job('backoffLimit: 6'));
    const reserved = await lifecycle.reserve(KEY, spec, context);
    const late = { adopt: false, signal: AbortSignal.timeout(20) };
    await expect(lifecycle.create(KEY, spec, reserved, context, late)).rejects.toThrow(
      'job/migrate was still running when the time was up; it has failed once: migrate-0 exited with code 2',
    );
  });

  it('are ended when their time is up', async () => {
    const context = world();
    context.workloads.runOnce = (_workload, { signal }) =>
      new Promise((_, reject) => signal.addEventListener('abort', () => reject(signal.reason)));
    const spec = specOf(job('activeDeadlineSeconds: 1'));
    const short = { ...spec, jobs: spec.jobs.map((one) => ({ ...one, deadlineMs: 5 })) };
    const reserved = await lifecycle.reserve(KEY, short, context);
    const run = lifecycle.create(KEY, short, reserved, context, { adopt: false, signal });
    await expect(run).rejects.toThrow('job/migrate did not end within 0.005 s');
  });

  it('with a sidecar leave the registry when they end', async () => {
    const context = world();
    const seen: string[] = [];
    context.onAct = (what) =>
      void (what.startsWith('run') && seen.push([...context.exists].filter((one) => one.startsWith('service')).join()));
    const injected = job('completions: 1').replace('template: {', `template: {metadata: {annotations: {${INJECT}}}, `);
    await apply(injected, context);
    expect(seen).toEqual(['service k3s-virtual/migrate-0-main']);
    expect([...context.exists].filter((one) => one.startsWith('service'))).toEqual([]);
  });
});

it('starts a pod of a StatefulSet when the one before it is ready', async () => {
  const context = world();
  context.unready.add(`${KEY}/db-1/main`);
  const stop = new AbortController();
  const spec = specOf(workload('db', { kind: 'StatefulSet', replicas: 3 }));
  const reserved = await lifecycle.reserve(KEY, spec, context);
  const created = lifecycle.create(KEY, spec, reserved, context, { adopt: false, signal: stop.signal });
  await new Promise((resolve) => setImmediate(resolve));
  stop.abort(new Error('enough'));
  await expect(created).rejects.toThrow('enough');
  expect(context.log).toEqual([`start ${KEY}/db-0/main`, `start ${KEY}/db-1/main`]);
});
