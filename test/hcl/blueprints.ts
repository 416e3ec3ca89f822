import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import type { Source } from '../../src/base/source.ts';

/** The shipped files of one dialect: what lies in `consul_service` and the like is Consul's, the rest are blueprints. */
export function shippedFiles(dialect: 'hcl1' | 'hcl2'): Source[] {
  const root = resolve(import.meta.dirname, '../../blueprints');
  if (!existsSync(root)) return [];
  return readdirSync(root, { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.hcl') && /\/consul_[^/]*\//.test(file) === (dialect === 'hcl1'))
    .map((file) => ({ name: file, text: readFileSync(join(root, file), 'utf8') }));
}
