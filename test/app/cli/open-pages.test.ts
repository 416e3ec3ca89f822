import { chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openPages } from '../../../src/app/cli/open-pages.ts';
import { testIo } from '../../commands/io.ts';
import { eventually } from '../../e2e/harness.ts';

let folder: string;
let opened: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'mesh-browser-'));
  opened = join(folder, 'opened');
  writeFileSync(join(folder, 'browser'), `#!/bin/sh\necho "$1" >> '${opened}'\n`);
  chmodSync(join(folder, 'browser'), 0o755);
});
afterEach(() => rmSync(folder, { recursive: true }));

const terminal = { stdoutIsTty: true, stderrIsTty: true, colour: false, animate: true, columns: 80 };
const pages = ['http://localhost:9090/ui', 'http://localhost:9090/ui', 'file:///etc/passwd', 'http://localhost:8080'];
/** The pages written so far: the shell makes the file before it writes the line, so only finished lines count. */
const lines = (): string[] => {
  try {
    return readFileSync(opened, 'utf8').split('\n').slice(0, -1).toSorted();
  } catch {
    return [];
  }
};

describe('pages of a blueprint', () => {
  it('open in the browser of the user, each once, and nothing that is no page', async () => {
    openPages(pages, testIo({ terminal, env: { BROWSER: join(folder, 'browser') } }));
    const seen = await eventually(lines, (found) => found.length === 2);
    expect(seen).toEqual(['http://localhost:8080', 'http://localhost:9090/ui']);
  });

  it('are named where there is no browser', async () => {
    const io = testIo({ terminal, env: { BROWSER: join(folder, 'nowhere') } });
    openPages(['http://localhost:8080'], io);
    await eventually(
      () => io.written.err,
      (text) => text !== '',
    );
    expect(io.written.err).toBe('Open http://localhost:8080\n');
  });

  it('stay closed where nobody sees them: in a pipe, in CI', async () => {
    for (const part of [{ stdoutIsTty: false }, { animate: false }]) {
      openPages(pages, testIo({ terminal: { ...terminal, ...part }, env: { BROWSER: join(folder, 'browser') } }));
    }
    openPages(['http://localhost:1/last'], testIo({ terminal, env: { BROWSER: join(folder, 'browser') } }));
    await eventually(lines, (found) => found.length > 0);
    expect(lines()).toEqual(['http://localhost:1/last']);
  });
});
