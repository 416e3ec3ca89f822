import { existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { hasErrors, renderDiagnostic } from '../../src/base/diagnostic.ts';
import { interpret } from '../../src/kube/interpret.ts';
import { readManifests } from '../../src/kube/read.ts';

/**
 * `<case>.in.yml` -> `<case>.out.json` (the interpretation; absent when there are errors) and `<case>.out.txt` (the
 * diagnostics; absent when there are none). UPDATE_GOLDEN=1 rewrites the outputs. A first line `# inject by default` sets
 * that option.
 */
const folder = join(import.meta.dirname, '../golden/kube');
const shipped = join(import.meta.dirname, '../../blueprints/v2/k8s_config/web.yml');
const cases = readdirSync(folder)
  .filter((file) => file.endsWith('.in.yml'))
  .map((file) => file.slice(0, -'.in.yml'.length));

function outputs(name: string, text: string): { json: string | undefined; txt: string | undefined } {
  const read = readManifests([{ name, text }]);
  const injectByDefault = text.startsWith('# inject by default');
  const injector = { injectByDefault, allowNamespaces: ['*'], denyNamespaces: ['denied'] };
  const options = { cluster: 'dev', datacenter: 'dc1', injector, resourceId: 'k8s_config.app' };
  const { diagnostics, calls: _, ...rest } = interpret(read.objects, options);
  const all = [...read.diagnostics, ...diagnostics];
  const plain = { ...rest, serviceDefaults: rest.serviceDefaults.map(({ service, protocol }) => ({ service, protocol })) };
  return {
    json: hasErrors(all) ? undefined : `${JSON.stringify(plain, undefined, 2)}\n`,
    txt: all.length === 0 ? undefined : `${all.map((d) => renderDiagnostic(d)).join('\n')}\n`,
  };
}

function check(path: string, actual: string | undefined): void {
  if (process.env['UPDATE_GOLDEN'] !== undefined) {
    if (actual === undefined) rmSync(path, { force: true });
    else writeFileSync(path, actual);
  }
  expect(actual).toBe(existsSync(path) ? readFileSync(path, 'utf8') : undefined);
}

describe('manifests as intended', () => {
  it.each(cases)('%s', (name) => {
    const { json, txt } = outputs(`${name}.yml`, readFileSync(join(folder, `${name}.in.yml`), 'utf8'));
    check(join(folder, `${name}.out.json`), json);
    check(join(folder, `${name}.out.txt`), txt);
  });

  it('reads the shipped web.yml without errors', () => {
    const { json, txt } = outputs('web.yml', readFileSync(shipped, 'utf8'));
    check(join(folder, 'shipped-web.out.json'), json);
    check(join(folder, 'shipped-web.out.txt'), txt);
    expect(json).toBeDefined();
  });

  it('has no output without its input', () => {
    const known = new Set([...cases, 'shipped-web']);
    expect(readdirSync(folder).filter((file) => !known.has(file.replace(/\.(in\.yml|out\.(json|txt))$/, '')))).toEqual([]);
  });

  it('covers the kinds of rejected and warned input', () => {
    expect(cases.filter((name) => /^(rejected|warned)-/.test(name)).length).toBeGreaterThanOrEqual(15);
  });
});
