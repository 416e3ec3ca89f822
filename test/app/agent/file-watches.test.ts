import { appendFileSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { FileWatches } from '../../../src/app/agent/file-watches.ts';
import { workspace } from '../../blueprints/workspace.ts';

const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

/** Writes until the watcher has seen it: when it has begun to look is not told. */
async function touch(path: string, seen: () => boolean): Promise<void> {
  await vi.waitFor(
    async () => {
      appendFileSync(path, ' ');
      await pause(250);
      expect(seen()).toBe(true);
    },
    { timeout: 10_000 },
  );
}

describe('FileWatches', () => {
  it('calls for files that fit, once for a burst, and not again while the last call goes on', async () => {
    const folder = workspace({ 'src/a/b.js': '', 'src/b.css': '', 'node_modules/x.js': '' });
    const watches = new FileWatches();
    onTestFinished(() => watches.closeAll());
    const changed: string[] = [];
    let finish: () => void = () => undefined;
    watches.open('process.a', { folder, patterns: ['**/*.js'] }, (file) => {
      changed.push(file);
      return new Promise((resolve) => {
        finish = resolve;
      });
    });
    await touch(join(folder, 'src/a/b.js'), () => changed.length > 0);
    expect(changed).toEqual(['src/a/b.js']);
    writeFileSync(join(folder, 'src/b.css'), ' ');
    writeFileSync(join(folder, 'node_modules/x.js'), ' ');
    mkdirSync(join(folder, 'src/c.js'));
    await pause(400);
    finish();
    await pause(300);
    expect(changed).toEqual(['src/a/b.js']);
    for (let i = 0; i < 5; i++) writeFileSync(join(folder, `src/new.js`), String(i));
    await vi.waitFor(() => expect(changed).toEqual(['src/a/b.js', 'src/new.js']), { timeout: 5000 });
    watches.close('process.a');
    finish();
    writeFileSync(join(folder, 'src/a/b.js'), 'later');
    await pause(300);
    expect(changed).toHaveLength(2);
  });
});
