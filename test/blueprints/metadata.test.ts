// biome-ignore-all lint/suspicious/noTemplateCurlyInString: they are HCL's templates, not ours
import { expect, it } from 'vitest';
import type { BlueprintMetadata } from '../../src/blueprints/metadata.ts';
import { load } from './fixture.ts';
import { workspace } from './workspace.ts';

async function metadataOf(files: Readonly<Record<string, string>>): Promise<BlueprintMetadata | undefined> {
  const { graph, diagnostics } = await load(workspace({ 'main.hcl': '', ...files }));
  expect(diagnostics).toEqual([]);
  return graph!.blueprint.metadata;
}

const README = `---
title: Moving to a microservice world
author: Erik Veld
slug: microservices
browser_windows: "http://localhost:8080, http://localhost:9090/ui"
health_check_timeout: 30s
shipyard_version: ">= 0.0.26"
env:
  - KUBECONFIG=\${HOME}/.shipyard/config/aks/kubeconfig.yaml
  - OPTIONS=a=b,c=d
---

# Moving

First paragraph,
of two lines.

Second.
`;

it('comes from the front matter of README.md', async () => {
  expect(await metadataOf({ 'README.md': README })).toEqual({
    title: 'Moving to a microservice world',
    author: 'Erik Veld',
    slug: 'microservices',
    intro: 'First paragraph,\nof two lines.\n\nSecond.',
    browserWindows: ['http://localhost:8080', 'http://localhost:9090/ui'],
    env: [
      { name: 'KUBECONFIG', value: '${HOME}/.shipyard/config/aks/kubeconfig.yaml' },
      { name: 'OPTIONS', value: 'a=b,c=d' },
    ],
  });
});

it('comes from a *.yard file before that', async () => {
  const yard = `
    title = "A shop"
    author = "Somebody"
    slug = "shop"
    intro = <<-EOF
      # Welcome
      It sells.
    EOF
    browser_windows = ["http://localhost:9090"]
    health_check_timeout = "30s"
    shipyard_version = ">= 0.3"
    env {
      key = "PORT"
      value = 9090
    }
    env {
      key = "CONFIG"
      value = "\${home()}/x"
    }
  `;
  expect(await metadataOf({ 'README.md': README, 'about.yard': yard })).toEqual({
    title: 'A shop',
    author: 'Somebody',
    slug: 'shop',
    intro: '# Welcome\nIt sells.\n',
    browserWindows: ['http://localhost:9090'],
    env: [
      { name: 'PORT', value: '9090' },
      { name: 'CONFIG', value: '/home/me/x' },
    ],
  });
});

it('is the heading and the text of a README without front matter', async () => {
  expect(await metadataOf({ 'README.md': '# v1: no mesh\n\nTwo processes.\n' })).toEqual({ title: 'v1: no mesh', intro: 'Two processes.' });
  // A rule, not a front matter.
  expect(await metadataOf({ 'README.md': '---\nand no end of it\n' })).toEqual({ intro: '---\nand no end of it' });
});

it('is nothing where nothing is said, or for a single file', async () => {
  expect(await metadataOf({})).toBeUndefined();
  const folder = workspace({ 'main.hcl': '', 'README.md': README });
  expect((await load(`${folder}/main.hcl`)).graph!.blueprint).toEqual({ id: `${folder}/main.hcl`, name: 'test' });
});

it.each([
  ['README.md', '---\nbuilds_on: [v2, ../ground, v2]\n---\n'],
  ['shop.yard', 'builds_on = ["v2", "../ground"]\n'],
])('names what the blueprint builds on: %s', async (file, text) => {
  expect(await metadataOf({ [file]: text })).toEqual({ buildsOn: ['v2', '../ground'] });
});
