import { describe, expect, it } from 'vitest';
import { hasErrors } from '../../../src/base/diagnostic.ts';
import { positionOf } from '../../../src/base/source.ts';
import { parseHcl2 } from '../../../src/hcl/hcl2/index.ts';
import { loadProbes } from '../probes.ts';
import { structureOf } from './structure.ts';

/** Texts whose recorded structure is that of the converter that recorded it, not of HCL 2; why. */
const OTHER_STRUCTURE: Record<string, string> = {
  block_and_attr: 'the converter drops an attribute that shares the name of a block',
  scalar_then_block: 'the same',
  label_dup: 'the same',
  mixed_label: 'the converter merges blocks with and without label',
};

describe('HCL 2 probes', () => {
  const probes = loadProbes();

  it.each(probes.map((probe) => [probe.name, probe] as const))('%s', (name, probe) => {
    const { body, diagnostics } = parseHcl2({ name: 'probe.hcl', text: probe.src });
    expect(hasErrors(diagnostics), diagnostics[0]?.summary).toBe(!probe.hcl2.ok);
    if (probe.hcl2.ok && !(name in OTHER_STRUCTURE)) expect(structureOf(body)).toEqual(probe.hcl2.value);
  });

  /** Never closed: told where it was opened, not where the file ends. */
  const TOLD_AT_OPENING = new Set(['her_noeof', 'unclosed_list']);

  it('names the same line as the original', () => {
    const wrong: string[] = [];
    for (const probe of probes) {
      if (probe.hcl2.ok || TOLD_AT_OPENING.has(probe.name)) continue;
      const subject = parseHcl2({ name: 'probe.hcl', text: probe.src }).diagnostics[0]?.subject;
      const line = subject && positionOf(subject.source, subject.start).line;
      if (line !== probe.hcl2.line) wrong.push(`${probe.name}: ${line} instead of ${probe.hcl2.line}`);
    }
    expect(wrong).toEqual([]);
  });
});
