import { dirname, join } from 'node:path';
import { expect, it } from 'vitest';
import { nearestPath } from '../../src/blueprints/nearest-path.ts';

const FILES = ['/shop/v2/k8s_config/web.yml', '/shop/v2/consul_service/payments.hcl', '/shop/v2/consul_service/web.hcl', '/other/file'];

const folders = new Map<string, Set<string>>();
for (const file of FILES) {
  for (let path = file; path !== '/'; path = dirname(path)) {
    const above = dirname(path);
    folders.set(above, new Set([...(folders.get(above) ?? []), path.slice(above === '/' ? 1 : above.length + 1)]));
  }
}
const list = (path: string) => Promise.resolve(folders.has(path) ? [...folders.get(path)!] : undefined);

it.each([
  ['/shop/v2/k8s_confg', 'k8s_config'],
  ['/shop/v2/consl_service/payments.hcl', 'consul_service/payments.hcl'],
  ['/shop/v2/consul_service/paymens.hcl', 'consul_service/payments.hcl'],
  ['/shop/v2/consl_service/nothing.hcl', undefined],
  ['/shop/v2/unlike', undefined],
  ['/othr/file', '/other/file'],
])('of %s: %s', async (path, found) => {
  const hint = await nearestPath(path, join('/shop', 'v2'), list);
  expect(hint).toEqual(found === undefined ? {} : { hint: `did you mean "${found}"?` });
});
