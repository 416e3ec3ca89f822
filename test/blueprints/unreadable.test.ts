import { chmodSync, mkdirSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { load } from './fixture.ts';
import { workspace } from './workspace.ts';

async function said(folder: string): Promise<string[]> {
  const { diagnostics } = await load(folder);
  return diagnostics.map(({ summary }) => summary);
}

describe('a file of a blueprint that can not be read', () => {
  it('is an error, be it a folder, a link that leads nowhere, or forbidden', async () => {
    const folder = workspace({ 'main.hcl': '', 'secret.hcl': '' });
    mkdirSync(join(folder, 'folder.hcl'));
    symlinkSync('nowhere', join(folder, 'link.hcl'));
    chmodSync(join(folder, 'secret.hcl'), 0);
    expect(await said(folder)).toEqual([
      "can't read folder.hcl: it is a folder",
      "can't read link.hcl: it is a link that leads nowhere",
      // Nothing is forbidden to root.
      ...(process.getuid?.() === 0 ? [] : ["can't read secret.hcl: permission denied"]),
    ]);
  });

  it('is left out if it is one of an editor', async () => {
    const folder = workspace({ 'main.hcl': '', '.main.hcl': 'not a blueprint' });
    symlinkSync('me@host.123', join(folder, '.#main.hcl'));
    expect(await said(folder)).toEqual([]);
  });

  it('is told from one that is not there, where manifests are named', async () => {
    const folder = workspace({
      'main.hcl': `k8s_cluster "k3s" {
  driver = "k3s"
}
k8s_config "web" {
  cluster          = "k8s_cluster.k3s"
  paths            = ["./k8s"]
  wait_until_ready = true
}`,
    });
    mkdirSync(join(folder, 'k8s/web.yml'), { recursive: true });
    expect(await said(folder)).toEqual(["can't read k8s/web.yml: it is a folder"]);
  });
});
