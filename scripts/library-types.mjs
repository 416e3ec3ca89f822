// The types of the library as one file that needs no other: those of its public face hold no code, so they are put one after the
// other, without what they import of each other.
import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';

const SOURCES = ['src/library/types.ts', 'src/library/config-entries.ts', 'src/api/explanation.ts', 'src/library/exports.ts'];

const IMPORT = /^import type \{([^}]*)\} from '([^']+)';\n/gm;

/** Text of `dist/library.d.ts`. */
export async function libraryTypes() {
  const root = resolve(import.meta.dirname, '..');
  const imports = new Map();
  const parts = [];
  for (const path of SOURCES) {
    const text = await readFile(resolve(root, path), 'utf8');
    for (const [, names, from] of text.matchAll(IMPORT)) {
      if (from.startsWith('.')) continue;
      const known = imports.get(from) ?? new Set();
      for (const name of names.split(',')) if (name.trim() !== '') known.add(name.trim());
      imports.set(from, known);
    }
    parts.push(
      text
        .replace(IMPORT, '')
        .replace(/^export type \* from .*\n/gm, '')
        .trim(),
    );
  }
  const head = [...imports].map(([from, names]) => `import type { ${[...names].sort(byText).join(', ')} } from '${from}';`).sort(byText);
  return `${['/// <reference types="node" />', ...head].join('\n')}\n\n${parts.join('\n\n')}\n\nexport {};\n`;
}

function byText(a, b) {
  return a < b ? -1 : 1;
}
