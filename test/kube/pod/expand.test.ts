import { expect, it } from 'vitest';
import { expand } from '../../../src/kube/pod/expand.ts';

const variables = new Map(Object.entries({ A: 'one', B: '$(A)', EMPTY: '', 'a.b': 'dotted' }));

it.each([
  ['$(A)', 'one'],
  ['x$(A)$(A)y', 'xoneoney'],
  ['$(B)', '$(A)'],
  ['[$(EMPTY)]', '[]'],
  ['$(a.b)', 'dotted'],
  ['$(NONE)', '$(NONE)'],
  ['$(toString)', '$(toString)'],
  ['$$(A)', '$(A)'],
  ['$$$(A)', '$one'],
  ['$$$$(A)', '$$(A)'],
  // biome-ignore lint/suspicious/noTemplateCurlyInString: a shell's variable, not a template's
  ['$A ${A} $', '$A ${A} $'],
  ['$(A', '$(A'],
  ['$()', '$()'],
])('expands %j', (text, expected) => {
  expect(expand(text, (name) => variables.get(name))).toBe(expected);
});
