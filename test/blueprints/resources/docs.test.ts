import { describe, expect, it, vi } from 'vitest';
import { docs } from '../../../src/blueprints/resources/docs.ts';
import { bench } from '../engine-harness.ts';
import { load } from '../fixture.ts';
import { workspace } from '../workspace.ts';

const BLUEPRINT = `network "azure" {
  subnet = "10.5.0.0/16"
}

docs "docs" {
  path            = "./docs"
  port            = 8080
  open_in_browser = true
  index_title     = "Contents at localhost:80"
  index_pages     = ["index", "service_mesh"]

  network {
    name = "network.azure"
  }
}`;

async function graph() {
  const folder = workspace({
    'docs.hcl': BLUEPRINT,
    'docs/index.md': 'text',
    'docs/mesh.md': '---\nid: service_mesh\n---\ntext',
    'docs/assets/a.png': '',
  });
  const result = await load(folder);
  expect(result.diagnostics).toEqual([]);
  return { folder, graph: result.graph! };
}

describe('docs', () => {
  it('is a workload with its settings in a file, and leaves nothing', async () => {
    const { folder, graph: desired } = await graph();
    const { run, destroy, context } = bench();
    const start = vi.spyOn(context.workloads, 'start');
    await run(desired);
    expect(start.mock.calls[0]![0]).toMatchObject({
      image: 'shipyardrun/docs',
      names: ['docs.docs.shipyard.run'],
      env: { DOCS_FOLDER: '/docs', DOCS_SETTINGS: '/settings.json', LISTEN_ADDR: '0.0.0.0:80' },
      mounts: [
        { destination: '/docs', source: { path: `${folder}/docs` } },
        { source: { text: '{"title":"Contents at localhost:80","pages":["index","service_mesh"]}', secret: false } },
      ],
    });
    expect(context.log).toContain('open docs.docs:8080 at 8080');
    await destroy();
    expect([...context.exists]).toEqual([]);
  });

  it('opens its page', () => {
    const spec = { name: 'docs', folder: '/', settings: { title: '', pages: [] }, network: {}, names: [], host: 8080, open: true };
    const reserved = { address: '10.5.0.2', ports: { 8080: 40_000 } };
    expect(docs.browse!(spec, reserved)).toEqual(['http://localhost:40000/']);
    expect(docs.browse!({ ...spec, open: false }, reserved)).toEqual([]);
    expect(docs.hostPorts!(spec)).toEqual([8080]);
  });
});
