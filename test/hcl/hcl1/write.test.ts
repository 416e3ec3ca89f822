import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { formatHcl } from '../../../src/hcl/format/format.ts';
import { decodeHcl1, writeHcl1 } from '../../../src/hcl/hcl1/index.ts';
import { toJson } from '../../../src/schema/located.ts';

const read = (text: string) => {
  const { value, diagnostics } = decodeHcl1({ name: 'x.hcl', text });
  return { value: toJson(value), diagnostics };
};

describe('writeHcl1', () => {
  it('lays out as mesh fmt does', () => {
    const text = writeHcl1({
      Kind: 'service-router',
      Name: 'payments',
      Routes: [{ Match: { HTTP: { PathPrefix: '/currency', Methods: ['GET', 'PUT'] } }, Destination: {} }, {}],
      Subsets: { 'v 1': { OnlyPassing: true } },
      CACert: '-----BEGIN\nx\n',
      Weight: 0.5,
    });
    expect(text).toBe(`Kind = "service-router"
Name = "payments"
Routes = [
  {
    Match {
      HTTP {
        PathPrefix = "/currency"
        Methods    = ["GET", "PUT"]
      }
    }
    Destination {}
  },
  {},
]
Subsets {
  "v 1" {
    OnlyPassing = true
  }
}
CACert = <<EOF
-----BEGIN
x
EOF
Weight = 0.5
`);
    expect(formatHcl({ name: 'x.hcl', text }).text).toBe(text);
  });

  it('writes every text so that it reads back', () => {
    const piece = fc.constantFrom('${', '}', '{', '"', '\\', '\n', 'EOF', ' ', '\r', '\t', '\u0000', 'é', '\u{1f600}', '$', 'a', '<<EOF\n');
    const text = fc.oneof(
      fc.string({ unit: 'grapheme' }),
      fc.array(piece, { maxLength: 8 }).map((all) => all.join('')),
    );
    fc.assert(
      fc.property(text, text, (value, key) => {
        const object = { A: value, [`k${key}`]: [value, 'x'], B: 1 };
        expect(read(writeHcl1(object))).toEqual({ value: object, diagnostics: [] });
      }),
      { numRuns: 1000 },
    );
  });
});
