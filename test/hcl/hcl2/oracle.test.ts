import { describe, expect, it } from 'vitest';
import { parseHcl2 } from '../../../src/hcl/hcl2/parse.ts';
import { shippedFiles } from '../blueprints.ts';
import { originalHcl2 } from '../fuzz/originals.ts';
import { structureOf } from './structure.ts';

/** Mutants are in `../fuzz`. */
describe('HCL 2 beside the original', () => {
  it.each(shippedFiles('hcl2').map((file) => [file.name, file] as const))('reads %s alike', (_, file) => {
    const { body, diagnostics } = parseHcl2(file);
    expect(diagnostics).toEqual([]);
    expect({ accepts: true, value: structureOf(body) }).toEqual(originalHcl2(file.text));
  });
});
