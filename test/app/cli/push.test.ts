import { symlinkSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { push } from '../../../src/app/cli/push.ts';
import { resourceKey } from '../../../src/app/cli/resource-key.ts';
import { workspace } from '../../blueprints/workspace.ts';
import { testIo } from '../../commands/io.ts';
import { openRpc } from '../rpc/open.ts';

const IMAGE = 'nicholasjackson/fake-service:v0.24.2';
const mapped = { pattern: 'acme/api', command: ['./api'], workingDirectory: '/', env: {}, ports: [] };

describe('mesh push', () => {
  it('has nothing to do for a built-in image', async () => {
    const io = testIo();
    expect(await push({ args: [IMAGE], options: {} }, io)).toBe(0);
    expect(io.written.out).toBe(`Nothing to push: ${IMAGE} is built in, and clusters run it as it is\n`);
  });

  it('has nothing to do for one that a configuration file maps to a program', async () => {
    const io = testIo({ images: [mapped] });
    expect(await push({ args: ['acme/api:v1'], options: { json: true } }, io)).toBe(0);
    expect(JSON.parse(io.written.out)).toEqual({
      image: 'acme/api:v1',
      pushed: false,
      reason: 'is ./api on this machine, which clusters start as it is',
    });
  });

  it('fails for any other, with what to do', async () => {
    await expect(push({ args: ['acme/web:v1'], options: {} }, testIo({ images: [mapped] }))).rejects.toMatchObject({
      code: 'failed',
      message: 'image "acme/web:v1" can\'t run here',
      hint: expect.stringContaining('in .mesh.hcl: image "acme/web:v1" { command = ["./server"] }'),
    });
  });

  it('knows the clusters that run', async () => {
    const cluster = { key: 'k8s_cluster.k3s', type: 'k8s_cluster', spec: {}, owners: [], addresses: [] };
    await using server = await openRpc({ applied: () => Promise.resolve({ blueprints: [], resources: [cluster] }) });
    const home = workspace({});
    symlinkSync(dirname(server.path), join(home, 'run'));
    const io = testIo({ env: { MESH_HOME: home } });
    expect(await push({ args: [IMAGE, 'k8s_cluster.k3s'], options: {} }, io)).toBe(0);
    await expect(push({ args: [IMAGE, 'k8s_cluster.k33'], options: {} }, io)).rejects.toMatchObject({
      hint: 'did you mean "k8s_cluster.k3s"?',
    });
    await expect(push({ args: [IMAGE, 'k8s_cluster.k3s'], options: {} }, testIo())).rejects.toMatchObject({
      hint: 'no cluster runs: mesh run <blueprint>',
    });
  });
});

describe('a resource that is typed', () => {
  it.each([
    ['container.web', 'container.web'],
    ['resource.container.web', 'container.web'],
    ['container.shop.web', 'container.shop.web'],
    ['module.shop.resource.container.web', 'container.shop.web'],
    ['unknown.web', 'unknown.web'],
    ['web', 'web'],
  ])('%s is %s', (typed, key) => {
    expect(resourceKey(typed)).toBe(key);
  });
});
