import { describe, expect, it } from 'vitest';
import { hasErrors } from '../../../src/base/diagnostic.ts';
import { consulSyntaxError, decodeConsulText } from '../../../src/hcl/hcl1/index.ts';
import { type Json, toJson } from '../../../src/schema/located.ts';
import { loadProbes } from '../probes.ts';

/** Where this reader differs from HCL 1.0.0 on purpose: what it gives instead (the text 'error', or the value), and why. */
const INTENDED: Record<string, { gives: Json; because: string }> = {
  bom: { gives: { a: 1 }, because: 'editors on Windows write a byte order mark that nobody sees' },
  json1: { gives: { a: { b: 1 }, c: [{ d: 1 }] }, because: 'config write reads JSON with encoding/json, which wraps no objects in lists' },
  json_nested: { gives: { sub: { v1: { field: '1' }, v2: { field: '2' } } }, because: 'as json1' },
  json_null: { gives: { a: null }, because: 'encoding/json keeps null' },
  json_trail: { gives: 'error', because: 'encoding/json refuses a trailing comma' },
};

/** Errors of the later decoding step, of the JSON reader of the HCL package, which config write doesn't use, or of the lines after a bad heredoc marker, which are skipped here. */
const OTHER_TEXT = new Set(['her_quoted', 'scalar_then_block', 'mixed_label', 'bom', 'json_comment', 'json_trail']);

describe('HCL 1 probes', () => {
  const probes = loadProbes();

  it.each(probes.map((probe) => [probe.name, probe] as const))('%s', (name, probe) => {
    const { value, diagnostics } = decodeConsulText({ name: 'probe.hcl', text: probe.src });
    const got: Json = hasErrors(diagnostics) ? 'error' : toJson(value);
    expect(got).toEqual(INTENDED[name]?.gives ?? (probe.hcl1.ok ? probe.hcl1.value : 'error'));
  });

  it.each(probes.filter((probe) => !OTHER_TEXT.has(probe.name)).map((probe) => [probe.name, probe] as const))(
    "%s in Consul's words",
    (_, probe) => {
      expect(consulSyntaxError({ name: 'probe.hcl', text: probe.src })).toBe(probe.hcl1.ok ? undefined : probe.hcl1.err);
    },
  );
});
