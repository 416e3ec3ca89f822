import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { renderDiagnostic } from '../../../src/base/diagnostic.ts';
import type { DocsSpec } from '../../../src/blueprints/resources/docs.ts';
import { load } from '../fixture.ts';
import { workspace } from '../workspace.ts';

const MAIN = `
resource "container" "shell" {
  image {
    name = "shipyardrun/tools:v0.6.0"
  }
  command = ["sleep", "60"]
}
resource "task" "hello" {
  description = "Say hello"
  config {
    target  = resource.container.shell
    timeout = 60
  }
  condition "file" {
    description = "There is a file"
    check {
      script          = "scripts/check.sh"
      failure_message = "Make it"
    }
    solve {
      script = <<-EOF
        #!/bin/bash
        touch /tmp/x
      EOF
      timeout = "2m"
    }
  }
}
resource "chapter" "start" {
  title = "The start"
  tasks = {
    greet = resource.task.hello
  }
  page "intro" {
    content = file("./docs/intro.mdx")
  }
  page "next" {
    content = "# Next\\n\\n[back](intro) ![logo](/assets/logo.png)"
  }
}
resource "book" "guide" {
  title    = "A guide"
  chapters = [resource.chapter.start]
}
resource "docs" "site" {
  port    = 8081
  content = [resource.book.guide]
  assets  = "./assets"
  logo {
    url = "/assets/logo.png"
  }
}
`;
const FILES = {
  'docs/intro.mdx': '# Hello\n\n<Task id="greet">\n</Task>\n',
  'scripts/check.sh': '#!/bin/sh\ntest -f /tmp/x\n',
  'assets/logo.png': 'png',
};

describe('books', () => {
  it('become the pages of a site, in their order, with their tasks', async () => {
    const folder = workspace({ 'main.hcl': MAIN, ...FILES });
    const { graph, diagnostics } = await load(folder);
    expect(diagnostics.map((one) => renderDiagnostic(one))).toEqual([]);
    const { dependsOn, spec } = graph!.resources.find(({ key }) => key === 'docs.site')!;
    expect(dependsOn).toEqual(['book.guide']);
    const { settings, pages, assets } = spec as DocsSpec;
    expect(assets).toBe(join(folder, 'assets'));
    expect(existsSync(assets!)).toBe(true);
    expect(pages).toEqual({
      'guide/start/intro.mdx': '# Hello\n\n<Task id="task.hello">\n</Task>\n',
      'guide/start/next.mdx': expect.stringContaining('# Next'),
    });
    const listed = ['guide/start/intro', 'guide/start/next'];
    expect(settings).toEqual({
      title: 'A guide',
      pages: listed,
      groups: [{ title: 'The start', pages: listed }],
      logo: { url: '/assets/logo.png', width: 32, height: 32 },
      tasks: {
        'task.hello': {
          title: 'Say hello',
          prerequisites: [],
          conditions: [
            {
              id: 'file',
              description: 'There is a file',
              check: [
                {
                  command: ['sh', '-c', '#!/bin/sh\ntest -f /tmp/x\n'],
                  target: 'container.shell',
                  timeoutMs: 60_000,
                  failureMessage: 'Make it',
                },
              ],
              solve: [{ command: ['bash', '-c', '#!/bin/bash\ntouch /tmp/x\n'], target: 'container.shell', timeoutMs: 120_000 }],
              setup: [],
              cleanup: [],
            },
          ],
        },
      },
    });
  });

  it('say what their pages and tasks lack', async () => {
    const folder = workspace({
      'main.hcl': MAIN.replace('greet = resource', 'gret = resource').replace('"2m"', '"soon"').replace('[back](intro)', '[back](introo)'),
      ...FILES,
    });
    const { diagnostics } = await load(folder);
    const said = diagnostics.map((one) => renderDiagnostic(one)).join('\n');
    expect(said).toMatch(/error: the page shows a task "greet", which the chapter does not have[\s\S]*did you mean "gret"/);
    expect(said).toContain('"timeout" is no time: "soon"');
    expect(said).toMatch(/guide\/start\/next\.mdx of docs\.site:3:\d+: warning/);
  });
});
