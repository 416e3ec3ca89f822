import { describe, expect, it } from 'vitest';
import { keysOf, keysOfId } from '../../../src/app/test/resource-key.ts';

describe('keys that a name can mean', () => {
  it.each([
    ['container', 'web', ['container.web']],
    ['kubernetes_cluster', 'k3s', ['kubernetes_cluster.k3s', 'k8s_cluster.k3s']],
    ['k8s_cluster', 'server.k3s', ['k8s_cluster.server.k3s', 'k8s_cluster.k3s', 'kubernetes_cluster.server.k3s', 'kubernetes_cluster.k3s']],
  ])('%s %s', (type, name, keys) => {
    expect(keysOf(type, name)).toEqual(keys);
  });

  it('takes the forms of ingress for one', () => {
    expect(keysOf('k8s_ingress', 'web')).toContain('ingress.web');
    expect(keysOf('ingress', 'web')).toContain('container_ingress.web');
  });

  it.each([
    ['resource.container.web', 'container.web'],
    ['container.web', 'container.web'],
    ['module.consul.resource.container.server', 'container.consul.server'],
    ['module.a.module.b.resource.network.local', 'network.a.b.local'],
    ['web', 'web'],
  ])('%s', (id, key) => {
    expect(keysOfId(id)).toContain(key);
  });
});
