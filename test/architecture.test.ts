import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import { describe, expect, it } from 'vitest';

/**
 * Who may import whom, from the top layer down (docs/ARCHITECTURE.md). A folder may import itself and what is listed.
 * Pure folders compute; they use no I/O, clock, randomness, `process` or `console`.
 */
const LAYERS: Record<string, { pure: boolean; imports: string[] }> = {
  base: { pure: true, imports: [] },
  api: { pure: true, imports: ['base'] },
  schema: { pure: true, imports: ['base'] },
  hcl: { pure: true, imports: ['base', 'schema'] },
  pki: { pure: true, imports: ['base'] },
  filter: { pure: true, imports: ['base'] },
  entries: { pure: true, imports: ['base', 'schema', 'filter'] },
  acl: { pure: true, imports: ['base', 'schema', 'filter', 'entries', 'catalog'] },
  'agent-config': { pure: true, imports: ['base', 'schema', 'entries'] },
  catalog: { pure: true, imports: ['base', 'schema', 'filter', 'entries'] },
  dns: { pure: true, imports: ['base', 'entries', 'catalog', 'acl'] },
  compile: { pure: true, imports: ['base', 'api', 'schema', 'filter', 'entries', 'catalog', 'pki'] },
  lint: { pure: true, imports: ['base', 'api', 'schema', 'entries', 'catalog', 'compile'] },
  kube: { pure: true, imports: ['base', 'schema', 'entries'] },
  nomad: { pure: true, imports: ['base', 'schema', 'hcl'] },
  store: { pure: false, imports: ['base'] },
  docs: { pure: true, imports: ['base'] },
  gherkin: { pure: true, imports: ['base'] },
  images: { pure: false, imports: ['base', 'docs'] },
  drivers: { pure: false, imports: ['base', 'store', 'images'] },
  control: {
    pure: false,
    imports: [
      'base',
      'schema',
      'hcl',
      'pki',
      'filter',
      'entries',
      'catalog',
      'acl',
      'dns',
      'compile',
      'lint',
      'store',
      'api',
      'topology',
      'explain',
    ],
  },
  matching: { pure: true, imports: ['base', 'api', 'compile'] },
  topology: { pure: true, imports: ['base', 'api', 'entries', 'catalog', 'compile', 'matching', 'pki'] },
  proxy: { pure: false, imports: ['base', 'api', 'compile', 'matching', 'pki'] },
  explain: { pure: true, imports: ['base', 'api', 'filter', 'entries', 'catalog', 'compile', 'matching'] },
  blueprints: { pure: false, imports: ['base', 'schema', 'hcl', 'pki', 'entries', 'kube', 'nomad', 'docs', 'images', 'store'] },
  dashboard: { pure: false, imports: ['base', 'api'] },
  ui: { pure: false, imports: ['base'] },
  app: { pure: false, imports: ['*'] },
  library: { pure: false, imports: ['*'] },
  commands: { pure: false, imports: ['base', 'ui', 'app'] },
  main: { pure: false, imports: ['*'] },
};

/** Node modules that do no I/O: bytes, hashes and text only. */
const PURE_NODE_MODULES = new Set(['node:crypto', 'node:buffer', 'node:zlib', 'node:path', 'node:path/posix', 'node:url', 'node:util']);
const IMPURE = /(?<![\w/-])(process\.|console\.|Date\.now|new Date\(\)|Math\.random|setTimeout|setInterval|fetch\()/;

const root = resolve(import.meta.dirname, '../src');
const files = readdirSync(root, { recursive: true, encoding: 'utf8' }).filter((file) => /\.tsx?$/.test(file));

function importsOf(file: string): { specifier: string; typeOnly: boolean }[] {
  const text = readFileSync(join(root, file), 'utf8');
  const found = [
    ...text.matchAll(
      /(?:^|\n)\s*(import|export)\s+(type\s)?[^;'"]*?from\s+'([^']+)'|import\(\s*'([^']+)'\s*\)|(?:^|\n)import\s+'([^']+)'/g,
    ),
  ];
  return found.map((match) => ({ specifier: (match[3] ?? match[4] ?? match[5])!, typeOnly: match[2] !== undefined }));
}

const layerOf = (file: string): string => (file.includes('/') ? file.split('/')[0]! : 'main');

describe('layers', () => {
  it('knows every folder under src', () => {
    expect([...new Set(files.map(layerOf))].filter((layer) => !(layer in LAYERS))).toEqual([]);
  });

  it('imports only downwards', () => {
    const wrong: string[] = [];
    for (const file of files) {
      const rule = LAYERS[layerOf(file)]!;
      for (const { specifier } of importsOf(file)) {
        if (!specifier.startsWith('.')) continue;
        const target = layerOf(relative(root, resolve(root, dirname(file), specifier)));
        if (target !== layerOf(file) && !rule.imports.includes('*') && !rule.imports.includes(target))
          wrong.push(`${file} -> ${specifier}`);
      }
    }
    expect(wrong).toEqual([]);
  });

  it('keeps pure layers free of I/O, clocks, randomness and the process', () => {
    const wrong: string[] = [];
    for (const file of files.filter((file) => LAYERS[layerOf(file)]?.pure)) {
      for (const { specifier, typeOnly } of importsOf(file)) {
        if (specifier.startsWith('node:') && !typeOnly && !PURE_NODE_MODULES.has(specifier)) wrong.push(`${file} imports ${specifier}`);
      }
      const code = readFileSync(join(root, file), 'utf8').replace(/\/\*[\s\S]*?\*\/|\/\/.*$/gm, '');
      const impure = IMPURE.exec(code);
      if (impure) wrong.push(`${file} uses ${impure[0]}`);
    }
    expect(wrong).toEqual([]);
  });

  it('reads process.* only at the entry points', () => {
    const wrong = files.filter((file) => {
      if (layerOf(file) === 'main') return false;
      const code = readFileSync(join(root, file), 'utf8').replace(/\/\*[\s\S]*?\*\/|\/\/.*$/gm, '');
      return /(?<![\w/-])process\.(?!kill\b|nextTick\b|hrtime\b)/.test(code);
    });
    expect(wrong).toEqual([]);
  });
});
