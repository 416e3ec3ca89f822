// biome-ignore-all lint/suspicious/noTemplateCurlyInString: they are HCL's templates, not ours
import type { Body } from '../../../src/hcl/hcl2/index.ts';
import { parseHcl2 } from '../../../src/hcl/hcl2/parse.ts';
import type { Verdict } from './originals.ts';

/** A text that two readers of a dialect do not read alike. */
export interface Disagreement {
  readonly text: string;
  readonly ours: Verdict;
  readonly original: Verdict;
}

/** Why they differ, and in which texts that may be. */
export interface Rule {
  readonly dialect: 'hcl1' | 'hcl2';
  readonly because: string;
  /** A text that shows it. */
  readonly example: string;
  applies(disagreement: Disagreement): boolean;
}

/** A text that only the original accepts, or only we. */
const weRefuse = ({ ours, original }: Disagreement): boolean => !ours.accepts && original.accepts;
const weAccept = ({ ours, original }: Disagreement): boolean => ours.accepts && !original.accepts;

/**
 * Why a reader of ours and HashiCorp's own, as compiled to JavaScript, do not read a text alike. `npm run fuzz:hcl` and the
 * tests accept these reasons and no other; docs/hcl.md shows this table.
 */
export const RULES: Readonly<Record<string, Rule>> = {
  'hcl1-json': {
    dialect: 'hcl1',
    because:
      'A text whose first character is `{` is JSON for Consul. It is read as strict JSON, as `consul config write` does, not with the lenient JSON reader of HCL 1.',
    example: '{"a": {"b": 1}}',
    applies: ({ text }) => /^\s*\{/.test(text),
  },
  'hcl1-byte-order-mark': {
    dialect: 'hcl1',
    because: 'HCL 1.0.0 refuses a byte order mark. Editors write it where nobody sees it: it is skipped.',
    example: '\ufeffa = 1\n',
    applies: (d) => weAccept(d) && d.text.startsWith('\ufeff'),
  },
  'hcl1-no-value': {
    dialect: 'hcl1',
    because:
      'HCL 1 takes a `key =` without a value, at the end of a block or of the file, for nothing. That is always a mistake: it is refused.',
    example: 'a =',
    applies: (d) =>
      weRefuse(d) &&
      !d.ours.accepts &&
      d.ours.error.includes('a value is missing here') &&
      /=(?:\s|#.*|\/\/.*|\/\*[\s\S]*?\*\/)*(?:\}|$)/.test(d.text),
  },
  'hcl1-32-bits': {
    dialect: 'hcl1',
    because: 'Whole numbers have 64 bits in HCL 1, and 32 in the original as compiled to JavaScript.',
    example: 'a = 9223372036854775807\n',
    applies: ({ text, original }) =>
      !original.accepts && /value out of range/.test(original.error) && /\d{10}|0[xX][0-9a-fA-F]{8}/.test(text),
  },
  'hcl1-point-and-exponent': {
    dialect: 'hcl1',
    because:
      'HCL 1.0.0 loses its place in a number that begins with a point and has an exponent (`.5e3`). It is read as the number that it is.',
    example: 'a = .5e3\n',
    applies: (d) => weAccept(d) && /(?<![\d.])\.\d+[eE]/.test(d.text),
  },
  'hcl1-half-characters': {
    dialect: 'hcl1',
    because: 'A mutant can hold half of a character of UTF-16, which no file can: in the original it becomes U+FFFD.',
    example: '"\ud83d" = 1\n',
    applies: ({ text }) => /\p{Cs}/u.test(text),
  },
  'hcl2-half-characters': {
    dialect: 'hcl2',
    because: 'The same in HCL 2.',
    example: 'a = "\ud83d"\n',
    applies: ({ text }) => /\p{Cs}/u.test(text),
  },
  'hcl2-labels': {
    dialect: 'hcl2',
    because:
      'The converter behind the original makes one list or one object of all blocks of a type. Blocks with different numbers of labels are refused or merged, and an attribute that shares the name of a block is lost. The language allows both.',
    example: 'a {}\na "x" {}\n',
    applies: ({ text, ours }) => ours.accepts && sharesNames(parseHcl2({ name: 'mutant', text }).body),
  },
  'hcl2-number-with-dots': {
    dialect: 'hcl2',
    because:
      'An address without quotes (`10.5.0.0/16`) is refused when it is computed, where what is wrong can be said, not when it is parsed.',
    example: 'a = 10.5.0.0\n',
    applies: (d) => weAccept(d) && /\d\.\d+\.\d/.test(d.text),
  },
  'hcl2-text-without-quotes': {
    dialect: 'hcl2',
    because:
      'What everybody but HCL takes for a text without quotes (`1.e-`, which HCL reads as an attribute of a number) is refused when it is parsed: it could never be computed.',
    example: 'a = 1.e-\n',
    applies: (d) => weRefuse(d) && !d.ours.accepts && d.ours.error === 'a text needs quotes',
  },
  'hcl2-templates': {
    dialect: 'hcl2',
    because:
      'The converter writes templates in a way of its own: `$${` and `%%{` lose their second character, `~` is dropped, directives are rewritten.',
    example: 'a = "${~ x}%{ if y }z%{ endif }"\n',
    applies: ({ text, ours, original }) => ours.accepts && original.accepts && /\$\$\{|%\{|~/.test(text),
  },
};

/** Whether blocks of one type in one body have different numbers of labels, or share a name with an attribute. */
function sharesNames({ attributes, blocks }: Body): boolean {
  const labels = new Map<string, number>();
  const names = new Set(attributes.map(({ name }) => name));
  return blocks.some(({ type, labels: { length }, body }) => {
    const other = labels.get(type) ?? length;
    labels.set(type, length);
    return other !== length || names.has(type) || sharesNames(body);
  });
}

/** The name of the first rule that explains it. */
export function explain(dialect: Rule['dialect'], disagreement: Disagreement): string | undefined {
  return Object.entries(RULES).find(([, rule]) => rule.dialect === dialect && rule.applies(disagreement))?.[0];
}
