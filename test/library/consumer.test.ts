import { execFile } from 'node:child_process';
import { cp, mkdir, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';

const root = join(import.meta.dirname, '../..');
let project: string;

/** What users have: the package by its name, types of Node and vitest, the examples and the code of the guide. */
beforeAll(async () => {
  project = await mkdtemp(join(tmpdir(), 'mesh-consumer-'));
  const packed = join(project, 'node_modules/mesh');
  await mkdir(join(packed, 'dist'), { recursive: true });
  await cp(join(root, 'package.json'), join(packed, 'package.json'));
  await cp(join(root, 'dist/library.d.ts'), join(packed, 'dist/library.d.ts'));
  for (const name of ['@types', 'vitest']) await symlink(join(root, 'node_modules', name), join(project, 'node_modules', name));
  await cp(join(root, 'examples/testing/vitest'), join(project, 'example'), { recursive: true });
  await writeFile(join(project, 'package.json'), '{ "type": "module" }');
  // An error, unless the types are missing or any.
  await writeFile(
    join(project, 'wrong.ts'),
    "import { configEntry } from 'mesh';\n// @ts-expect-error no such kind\nconfigEntry({ Kind: 'service-spliter' });\n",
  );
  const guide = await readFile(join(root, 'docs/testing-in-code.md'), 'utf8');
  const blocks = Array.from(guide.matchAll(/^```ts\n(.*?)^```$/gms), ([, code]) => code!);
  expect(blocks.length).toBeGreaterThan(5);
  for (const [i, code] of blocks.entries()) {
    const declared =
      /\bmesh\b(?!')/.test(code) && !/const mesh\b|let mesh\b/.test(code)
        ? "import type { Mesh } from 'mesh';\ndeclare const mesh: Mesh;\n"
        : '';
    await writeFile(join(project, `guide-${i + 1}.ts`), `${declared}${code}\nexport {};\n`);
  }
});

afterAll(() => rm(project, { recursive: true }));

const COMPILER = {
  target: 'es2022',
  strict: true,
  exactOptionalPropertyTypes: true,
  noUncheckedIndexedAccess: true,
  allowImportingTsExtensions: true,
  noEmit: true,
  types: ['node'],
};

it('types and guide are right for a project of Node that checks its libraries, too', async () => {
  const compilerOptions = { ...COMPILER, module: 'node16', moduleResolution: 'node16', skipLibCheck: false };
  expect(await tsc('tsconfig.node.json', { compilerOptions, include: ['*.ts', 'node_modules/mesh/dist/*.d.ts'] })).toBe('');
});

it('example and guide are right for a project with a bundler', async () => {
  const compilerOptions = { ...COMPILER, module: 'esnext', moduleResolution: 'bundler', skipLibCheck: true };
  expect(await tsc('tsconfig.bundler.json', { compilerOptions, include: ['*.ts', 'example/*.ts'] })).toBe('');
});

async function tsc(name: string, config: object): Promise<string> {
  await writeFile(join(project, name), JSON.stringify(config));
  return new Promise((resolve) => {
    execFile(process.execPath, [join(root, 'node_modules/typescript/bin/tsc'), '-p', name], { cwd: project }, (_, stdout, stderr) =>
      resolve(stdout + stderr),
    );
  });
}
