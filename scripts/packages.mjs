// What is bundled: the package needs no other at run time, and licences ask for their texts to go with the code.
import { readdir, readFile } from 'node:fs/promises';
import { isBuiltin } from 'node:module';
import { join } from 'node:path';
import { ROOT } from './bundled.mjs';

/** Names of the packages that lie in bundles, from what esbuild tells of them, and their folders. */
export function packagesIn(metafiles) {
  const found = new Map();
  for (const { inputs } of metafiles)
    for (const path of Object.keys(inputs)) {
      const [, folder, name] = /^(.*node_modules\/((?:@[^/]+\/)?[^/]+))\//.exec(path) ?? [];
      if (name !== undefined) found.set(name, folder);
    }
  return new Map([...found].sort(([a], [b]) => (a < b ? -1 : 1)));
}

/** What bundles import that is neither Node's nor a file beside them. */
export function missingIn(metafiles) {
  const imports = metafiles.flatMap(({ outputs }) => Object.values(outputs).flatMap((output) => output.imports));
  const names = imports.filter(({ external, path }) => external && !isBuiltin(path) && !path.startsWith('.')).map(({ path }) => path);
  return [...new Set(names)].sort((a, b) => (a < b ? -1 : 1));
}

/** Text of `dist/LICENSES.txt`. Throws for a package that says nothing of its licence: it must not be bundled. */
export async function licencesOf(packages) {
  const parts = [];
  for (const [name, path] of packages) {
    const folder = join(ROOT, path);
    const { version, license } = JSON.parse(await readFile(join(folder, 'package.json'), 'utf8'));
    const file = (await readdir(folder)).find((entry) => /^licen[cs]e/i.test(entry));
    const notice = (await readdir(folder)).find((entry) => /^notice/i.test(entry));
    if (license === undefined || file === undefined) throw new Error(`${name} is bundled, and has no licence: ${folder}`);
    const texts = await Promise.all([file, ...(notice ? [notice] : [])].map((one) => readFile(join(folder, one), 'utf8')));
    parts.push(
      `${'='.repeat(80)}\n${name} ${version} (${license})\n${'='.repeat(80)}\n\n${texts.map((text) => text.trim()).join('\n\n')}\n`,
    );
  }
  return `mesh is licensed under Apache-2.0 (LICENSE). Its bundles hold code of these packages:\n\n${parts.join('\n')}`;
}
