import { expect, it } from 'vitest';
import type * as declared from '../../src/library/exports.ts';
import * as real from '../../src/main/library.ts';

it('what is declared to users is what there is', () => {
  const all: typeof declared = real satisfies Record<keyof typeof declared, unknown>;
  expect(Object.keys(all).sort()).toEqual(['MeshError', 'configEntry', 'intention', 'service', 'startMesh']);
});
