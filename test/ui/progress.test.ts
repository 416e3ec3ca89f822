import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { build } from 'esbuild';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { progressOf } from '../../src/ui/progress.ts';
import { styleOf } from '../../src/ui/style.ts';

async function shown(
  options: { animate: boolean; quiet: boolean },
  work: (progress: ReturnType<typeof progressOf>) => void,
): Promise<string> {
  let text = '';
  const progress = progressOf({
    ...options,
    style: await styleOf(false),
    err: (more) => {
      text += more;
    },
  });
  work(progress);
  progress.stop();
  progress.stop();
  return text;
}

describe('progress', () => {
  it('is a plain line for each thing that has happened where nothing can be redrawn', async () => {
    const text = await shown({ animate: false, quiet: false }, (progress) => {
      progress.line('Using ./v2');
      progress.doing('Waiting for container.web');
      progress.line('ready container.web');
    });
    expect(text).toBe('Using ./v2\nready container.web\n');
  });

  it('is nothing when it should be quiet, on a terminal too', async () => {
    for (const animate of [false, true]) {
      const text = await shown({ animate, quiet: true }, (progress) => {
        progress.line('Using ./v2');
        progress.doing('Waiting');
      });
      expect(text).toBe('');
    }
  });

  it('shows the lines of something short on a terminal without a spinner', async () => {
    const text = await shown({ animate: true, quiet: false }, (progress) => {
      progress.doing('Waiting');
      progress.line('ready');
    });
    expect(text).toBe('ready\n');
  });
});

/** The spinner writes to the standard error of its process, so it gets a process. */
describe('the spinner', () => {
  let folder: string;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'mesh-progress-'));
  });
  afterAll(() => rm(folder, { recursive: true }));

  it('shows what takes longer, and lets the process end', async () => {
    const contents = `
      import { progressOf } from './progress.ts';
      const write = process.stderr.write.bind(process.stderr);
      const progress = progressOf({ animate: true, quiet: false, err: (text) => write(text) });
      progress.doing('Waiting for container.web');
      process.stderr.write = (chunk, ...rest) => {
        if (String(chunk).includes('container.web')) {
          process.stderr.write = write;
          progress.line('ready container.web');
          progress.stop();
        }
        return write(chunk, ...rest);
      };`;
    const outfile = join(folder, 'spinner.mjs');
    await build({
      stdin: { contents, resolveDir: join(import.meta.dirname, '../../src/ui'), loader: 'ts' },
      banner: { js: "import{createRequire as __cr}from'node:module';const require=__cr(import.meta.url);" },
      outfile,
      bundle: true,
      format: 'esm',
      platform: 'node',
      target: 'node20',
    });
    const child = spawn(process.execPath, [outfile], { stdio: ['ignore', 'ignore', 'pipe'], env: { TERM: 'xterm' } });
    let text = '';
    child.stderr.on('data', (chunk: Buffer) => {
      text += chunk.toString();
    });
    const [code] = (await once(child, 'close')) as [number];
    expect(code, text).toBe(0);
    expect(text).toContain('Waiting for container.web');
    expect(text).toContain('ready container.web\n');
  });
});
