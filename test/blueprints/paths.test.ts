import { expect, it } from 'vitest';
import { shownPath } from '../../src/blueprints/paths.ts';

it.each([
  ['/shop/v2/web.hcl', '/shop', 'v2/web.hcl'],
  ['/shop', '/shop', ''],
  ['/shop/v1/web.hcl', '/shop/v2', '../v1/web.hcl'],
  ['/etc/x.hcl', '/home/me/shop/v2', '/etc/x.hcl'],
])('%s in %s is %s', (path, cwd, shown) => expect(shownPath(path, cwd)).toBe(shown));
