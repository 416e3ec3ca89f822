import { describe, expect, it } from 'vitest';
import { MeshError } from '../../../src/base/errors.ts';
import { k8sConfigLifecycle as lifecycle } from '../../../src/blueprints/k8s/lifecycle.ts';
import type { K8sConfigSpec, K8sReserved } from '../../../src/blueprints/k8s/spec.ts';
import type { RecordingContext } from '../recording-context.ts';
import { KEY, service, specOf, workload, world } from './manifests.ts';

const signal = new AbortController().signal;
const options = { ports: 'fixed', signal } as const;

interface Applied {
  readonly spec: K8sConfigSpec;
  readonly reserved: K8sReserved;
}

async function apply(text: string, context: RecordingContext): Promise<Applied> {
  const spec = specOf(text);
  const reserved = await lifecycle.reserve(KEY, spec, context);
  await lifecycle.create(KEY, spec, reserved, context, { adopt: false, signal });
  context.log.length = 0;
  return { spec, reserved };
}

async function update(before: Applied, text: string, context: RecordingContext): Promise<Applied> {
  context.log.length = 0;
  const spec = specOf(text);
  return { spec, reserved: await lifecycle.update(KEY, before, spec, context, options) };
}

/** `start web-2` for `start k8s_config.app/web-2/main`. */
const short = (context: RecordingContext): string[] => context.log.map((line) => line.replace(`${KEY}/`, '').replace('/main', ''));
const pods = ({ reserved }: Applied): string[] => Object.keys(reserved.pods).toSorted();

describe('a change of manifests', () => {
  it('leaves pods alone that stay the same', async () => {
    const context = world();
    const before = await apply(`${workload('web', { replicas: 2 })}---${workload('api')}`, context);
    const after = await update(
      before,
      `${workload('web', { replicas: 2 })}---${workload('api', { message: 'two' })}${service('web')}`,
      context,
    );
    expect(short(context)).toEqual([`open svc/default/web:80 at 80`, 'start api-1', 'stop api-0']);
    expect(pods(after)).toEqual(['api-1', 'web-0', 'web-1']);
    expect(after.reserved.pods['web-0']).toEqual(before.reserved.pods['web-0']);
  });

  it('replaces pods one by one, a new one before an old one goes', async () => {
    const context = world();
    const before = await apply(workload('web', { replicas: 3 }), context);
    const after = await update(before, workload('web', { replicas: 3, message: 'two' }), context);
    expect(short(context)).toEqual(['start web-3', 'stop web-0', 'start web-0', 'stop web-1', 'start web-1', 'stop web-2']);
    expect(pods(after)).toEqual(['web-0', 'web-1', 'web-3']);
    const again = await update(after, workload('web', { replicas: 3, message: 'three' }), context);
    expect(pods(again)).toEqual(['web-0', 'web-1', 'web-2']);
    expect([...context.exists].filter((what) => what.startsWith('address'))).toHaveLength(3);
  });

  it('makes only the number other when only the number is', async () => {
    const context = world();
    const two = await apply(workload('web', { replicas: 2 }), context);
    const four = await update(two, workload('web', { replicas: 4 }), context);
    expect(short(context)).toEqual(['start web-2', 'start web-3']);
    const none = await update(four, workload('web', { replicas: 0 }), context);
    expect(short(context)).toEqual(['stop web-3', 'stop web-2', 'stop web-1', 'stop web-0']);
    expect(pods(none)).toEqual([]);
    expect([...context.exists].filter((what) => what.startsWith('address'))).toEqual([]);
  });

  it('takes pods of a StatefulSet away first, from the last one on', async () => {
    const context = world();
    const before = await apply(workload('db', { kind: 'StatefulSet', replicas: 3 }), context);
    const after = await update(before, workload('db', { kind: 'StatefulSet', replicas: 2, message: 'two' }), context);
    expect(short(context)).toEqual(['stop db-2', 'stop db-1', 'start db-1', 'stop db-0', 'start db-0']);
    expect(pods(after)).toEqual(['db-0', 'db-1']);
  });

  it('takes away what is not asked for any more', async () => {
    const context = world();
    const entry = 'apiVersion: consul.hashicorp.com/v1alpha1\nkind: ServiceDefaults\nmetadata: {name: web}\nspec: {protocol: http}\n';
    const before = await apply(`${workload('web')}${service('web')}---${workload('api')}---\n${entry}`, context);
    await update(before, workload('web'), context);
    expect([...context.exists].toSorted()).toEqual([
      `address address of ${KEY} (pod web-0)`,
      'published k8s_cluster.k3s/default/deployment/web',
      'published k8s_cluster.k3s/default/pod/web-0',
      `workload ${KEY}/web-0/main`,
    ]);
  });

  it('runs a Job again only when it has changed', async () => {
    const context = world();
    const job = (image: string) =>
      `apiVersion: batch/v1\nkind: Job\nmetadata: {name: seed}\nspec: {template: {spec: {restartPolicy: Never, containers: [{name: main, image: ${image}}]}}}\n`;
    const before = await apply(job('a/b'), context);
    const same = await update(before, `${job('a/b')}---${workload('web')}`, context);
    expect(short(context)).toEqual(['start web-0']);
    await update(same, job('a/c'), context);
    expect(short(context)).toContain('run seed-0');
  });

  it('ends with the old pods where a new one does not get ready', async () => {
    const context = world();
    const before = await apply(workload('web', { replicas: 2 }), context);
    context.unstartable.set(`${KEY}/web-2/main`, new MeshError('incomplete', 'web-2 exited with code 1'));
    await expect(update(before, workload('web', { replicas: 2, message: 'two' }), context)).rejects.toThrow('web-2 exited with code 1');
    expect([...context.exists].filter((what) => what.startsWith('workload'))).toEqual([
      `workload ${KEY}/web-0/main`,
      `workload ${KEY}/web-1/main`,
    ]);
  });

  it('says which pod was not ready when the time was up', async () => {
    const context = world();
    const before = await apply(workload('web'), context);
    context.unready.add(`${KEY}/web-1/main`);
    context.troubles.set(`${KEY}/web-1/main`, 'it waits');
    const spec = specOf(workload('web', { message: 'two' }));
    const late = { ...options, signal: AbortSignal.timeout(5) };
    await expect(lifecycle.update(KEY, before, spec, context, late)).rejects.toThrow(
      'web-1 was not ready, still waiting for: web-1: ready (it waits) when the time was up',
    );
  });
});

describe('an update that is broken off', () => {
  const INJECT = 'consul.hashicorp.com/connect-inject: "true"';
  const before = `${workload('web', { replicas: 3, annotations: INJECT })}${service('web')}---${workload('db', { kind: 'StatefulSet', replicas: 2 })}`;
  const after = `${workload('web', { replicas: 2, annotations: INJECT, message: 'two' })}---${workload('db', { kind: 'StatefulSet', replicas: 3, message: 'two' })}---${workload('api')}${service('api')}`;

  it.each(Array.from({ length: 24 }, (_, i) => i))('leaves nothing behind when it is taken away, %i actions later', async (actions) => {
    const context = world();
    const applied = await apply(before, context);
    const spec = specOf(after);
    let left = actions;
    // As after a kill: nothing more is done, not even to clean up.
    context.onAct = () => {
      if (left-- <= 0) throw new Error('killed');
    };
    await lifecycle.update(KEY, applied, spec, context, options).catch(() => undefined);
    context.onAct = () => undefined;
    await lifecycle.destroy(KEY, applied.spec, applied.reserved, context);
    await lifecycle.destroy(KEY, spec, undefined, context);
    expect([...context.exists]).toEqual([]);
  });
});
