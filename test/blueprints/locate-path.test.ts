import { expect, it } from 'vitest';
import { locatePath } from '../../src/blueprints/locate-path.ts';
import { bodyToLocated, parseHcl2 } from '../../src/hcl/hcl2/index.ts';

const source = {
  name: 'a.hcl',
  text: 'image {\n  name = "x"\n}\nport {\n  host = 1\n}\nport {\n  host = 2\n}\npaths = ["a", "b"]\n',
};
const { value } = bodyToLocated(parseHcl2(source).body, { variables: new Map(), functions: new Map() });

it.each([
  ['image.name', '"x"'],
  ['port[0].host', '1'],
  ['port[1].host', '2'],
  ['paths[1]', '"b"'],
  ['paths', '["a", "b"]'],
  ['paths[7]', '["a", "b"]'],
  ['absent.name', undefined],
])('%s stands at %s', (path, text) => {
  const range = locatePath(value, path);
  expect(range && source.text.slice(range.start, range.end)).toBe(text);
});
