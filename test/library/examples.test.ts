import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { expect, it } from 'vitest';

const root = join(import.meta.dirname, '../..');

/** Output of a program of Node that ends by itself: a handle that a mesh left open would keep it. */
async function outputOf(args: readonly string[]): Promise<string> {
  const { NODE_TEST_CONTEXT: _, VITEST: __, ...env } = process.env;
  const child = spawn(process.execPath, args, { cwd: root, env: { ...env, NO_COLOR: '1' }, stdio: ['ignore', 'pipe', 'pipe'] });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8');
    stream.on('data', (text: string) => {
      output += text;
    });
  }
  const code = await new Promise((resolve) => child.once('close', resolve));
  return `${output}\nexit ${String(code)}`;
}

it.concurrent('the example of vitest passes', { timeout: 60_000 }, async () => {
  const vitest = join(root, 'node_modules/vitest/vitest.mjs');
  const output = await outputOf([vitest, 'run', '--root', 'examples/testing/vitest', '--reporter', 'verbose']);
  expect(output).toContain('exit 0');
  expect(output).toMatch(/Tests +6 passed/);
  expect(output).not.toMatch(/close timed out|hanging/);
});

it.concurrent('the example of node:test passes', { timeout: 60_000 }, async () => {
  const output = await outputOf(['--test', 'examples/testing/node-test/']);
  expect(output).toContain('exit 0');
  expect(output).toMatch(/# pass 4\n# fail 0/);
});

it.concurrent('many meshes at once, in one process: each its own, and nothing is left that keeps the process', {
  timeout: 60_000,
}, async () => {
  const script = `import { service, startMesh } from 'mesh';
    const one = async (n) => {
      const mesh = await startMesh({ services: [service('web', (_, { fetch }) => fetch('payments'), { upstreams: ['payments'] }), service('payments', () => new Response('paid ' + n))] });
      const text = await (await mesh.fetch('web')).text();
      await mesh.close();
      return text;
    };
    console.log((await Promise.all(Array.from({ length: 12 }, (_, n) => one(n)))).join(', '));`;
  const output = await outputOf(['--input-type=module', '-e', script]);
  expect(output.trim()).toBe(`${Array.from({ length: 12 }, (_, n) => `paid ${n}`).join(', ')}\n\nexit 0`);
});
