import { describe, expect, it } from 'vitest';
import type { DesiredResource } from '../../src/blueprints/graph.ts';
import { isIdle } from '../../src/blueprints/idle.ts';
import { scaled } from '../../src/blueprints/scale.ts';
import { applyRecord, emptyState, type ResourceRecord, type State } from '../../src/blueprints/state.ts';
import { container, network } from './engine-harness.ts';

interface Set {
  readonly owner: string;
  readonly replicas: number;
  readonly baseName?: string;
}

const manifests = (name: string, ...sets: Set[]): DesiredResource => ({
  key: `k8s_config.${name}`,
  type: 'k8s_config',
  name,
  dependsOn: ['k8s_cluster.k3s'],
  spec: {
    cluster: 'k8s_cluster.k3s',
    sets: sets.map(({ owner, replicas, baseName = owner.split('/')[1] }) => ({
      baseName,
      owner,
      replicas,
      pod: { services: [{ name: baseName }] },
    })),
  },
  definedAt: 'main.hcl:1',
});

const cluster: DesiredResource = { ...network(), key: 'k8s_cluster.k3s', type: 'k8s_cluster', name: 'k3s' };

/** Blueprints by name, each with its resources. */
function stateOf(blueprints: Record<string, DesiredResource[]>, more: Partial<ResourceRecord> = {}): State {
  let state = emptyState;
  for (const [name, resources] of Object.entries(blueprints)) {
    state = applyRecord(state, { type: 'blueprint', blueprint: { id: `/${name}`, name }, since: 1 });
    for (const resource of resources)
      state = applyRecord(state, { type: 'resource', record: { resource, owners: [`/${name}`], status: 'created', since: 1, ...more } });
  }
  return state;
}

const web = manifests(
  'web',
  { owner: 'deployment/web', replicas: 1 },
  { owner: 'statefulset/db', replicas: 2 },
  { owner: 'daemonset/log', replicas: 1 },
);

describe('scaling', () => {
  const state = stateOf({ pay: [network(), container('payments')], shop: [web, cluster] });

  it('runs only the blueprint that is concerned, with other numbers and everything else as it is', () => {
    const { graphs, scalings } = scaled(state, { web: 3, db: 0 });
    expect(scalings).toEqual([
      { name: 'web', owner: 'deployment/web', from: 1, to: 3 },
      { name: 'db', owner: 'statefulset/db', from: 2, to: 0 },
    ]);
    const expected = manifests(
      'web',
      { owner: 'deployment/web', replicas: 3 },
      { owner: 'statefulset/db', replicas: 0 },
      { owner: 'daemonset/log', replicas: 1 },
    );
    // Dependencies first, whatever order the journal has.
    expect(graphs).toEqual([{ blueprint: { id: '/shop', name: 'shop' }, resources: [cluster, expected] }]);
  });

  it('takes a kind to tell equal names apart, and says so where it is needed', () => {
    const both = stateOf({
      shop: [
        manifests('all', { owner: 'deployment/web', replicas: 1 }, { owner: 'statefulset/web', replicas: 1, baseName: 'default-web' }),
      ],
    });
    expect(() => scaled(both, { web: 2 })).toThrow('there are several called web');
    expect(scaled(both, { 'statefulset/web': 2 }).scalings).toEqual([
      { name: 'statefulset/web', owner: 'statefulset/web', from: 1, to: 2 },
    ]);
  });

  it('finds a job of Nomad by its name, if it has one group, and each group by its own', () => {
    const group = (job: string, name: string) => ({
      baseName: `${job}-${name}`,
      owner: `group/${name}`,
      replicas: 1,
      pod: { namespace: job, services: [] },
    });
    const spec = { cluster: 'nomad_cluster.dev', sets: [group('shop', 'web'), group('shop', 'cache'), group('pay', 'main')] };
    const jobs: DesiredResource = { ...network(), key: 'nomad_job.all', type: 'nomad_job', name: 'all', spec };
    const applied = stateOf({ shop: [jobs] });
    expect(scaled(applied, { pay: 2, web: 3 }).scalings).toEqual([
      { name: 'pay', owner: 'group/main', from: 1, to: 2 },
      { name: 'web', owner: 'group/web', from: 1, to: 3 },
    ]);
    expect(() => scaled(applied, { shop: 2 })).toThrow('there are several called shop');
  });

  it.each([
    [
      { payments: 2 },
      'payments is a container, which runs once; only deployments scale',
      'these can be scaled: deployment/web, statefulset/db',
    ],
    [{ log: 2 }, 'there is no deployment "log"', 'these can be scaled: deployment/web, statefulset/db'],
    [{ wbe: 2 }, 'there is no deployment "wbe"', 'did you mean "web"?'],
    [{ web: 501 }, "web can't be scaled to 501", 'a number from 0 to 500'],
  ])('refuses %j', (counts, message, hint) => {
    expect(() => scaled(state, counts as Record<string, number>)).toThrow(expect.objectContaining({ message, hint }));
  });

  it('of nothing says that', () => {
    expect(() => scaled(stateOf({ pay: [network()] }), { web: 1 })).toThrow(
      expect.objectContaining({ hint: 'nothing that is applied can be scaled' }),
    );
  });
});

describe('a service that nobody is meant to serve', () => {
  it.each<[string, State, boolean]>([
    ['has pods', stateOf({ shop: [web] }), false],
    ['is scaled to none', stateOf({ shop: [manifests('web', { owner: 'deployment/web', replicas: 0 })] }), true],
    ['has pods elsewhere', stateOf({ a: [manifests('a', { owner: 'deployment/web', replicas: 0 })], b: [web] }), false],
    ['is provided by nothing', stateOf({ pay: [network()] }), false],
    [
      'is on its way to none',
      stateOf({ shop: [web] }, { status: 'updating', next: manifests('web', { owner: 'deployment/web', replicas: 0 }) }),
      true,
    ],
    ['is paused', applyRecord(stateOf({ shop: [web] }), { type: 'paused', id: '/shop', paused: true }), true],
  ])('%s', (_, state, idle) => {
    expect(isIdle(state, 'web', undefined)).toBe(idle);
  });

  it('is one of its datacenter', () => {
    const state = stateOf({ shop: [manifests('web', { owner: 'deployment/web', replicas: 0 })] });
    expect(isIdle(state, 'web', 'dc2')).toBe(false);
  });
});
