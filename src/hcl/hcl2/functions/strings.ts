import { compareTexts, textValue } from '../convert.ts';
import { failure } from '../scope.ts';
import { define, type FunctionTable } from './define.ts';
import { textsValue } from './values.ts';

/** What people take for characters: an accent belongs to its letter. */
export const graphemes = (text: string): string[] =>
  /^[\x20-\x7e]*$/.test(text) ? text.split('') : Array.from(new Intl.Segmenter().segment(text), ({ segment }) => segment);

/** As Go does it: one character for each, so ß stays. */
const inCase = (text: string, change: (character: string) => string): string =>
  Array.from(text, (character) => {
    const changed = change(character);
    return Array.from(changed).length === 1 ? changed : character;
  }).join('');

const upper = (text: string): string => inCase(text, (character) => character.toUpperCase());

export const STRINGS: FunctionTable = {
  chomp: define(
    { parameters: { text: 'text' }, doc: 'The text without the line breaks at its end.', example: ['chomp("a\\n\\n")', 'a'] },
    ({ text }) => textValue(text.replace(/[\r\n]+$/, '')),
  ),
  indent: define(
    {
      parameters: { spaces: 'int', text: 'text' },
      doc: 'The text with so many spaces before each line but the first.',
      example: ['indent(2, "a\\nb")', 'a\n  b'],
    },
    ({ spaces, text }) =>
      spaces < 0 || spaces > 1000
        ? failure('expected a number from 0 to 1000', 0)
        : textValue(text.replaceAll('\n', `\n${' '.repeat(spaces)}`)),
  ),
  join: define(
    {
      parameters: { separator: 'text' },
      variadic: ['lists', 'texts'],
      doc: 'The items of all lists as one text, with the separator between them.',
      example: ['join("-", ["a", "b"], ["c"])', 'a-b-c'],
    },
    ({ separator }, lists) => (lists.length === 0 ? failure('at least one list is needed') : textValue(lists.flat().join(separator))),
  ),
  lower: define({ parameters: { text: 'text' }, doc: 'The text in lower case.', example: ['lower("ABC")', 'abc'] }, ({ text }) =>
    textValue(inCase(text, (character) => character.toLowerCase())),
  ),
  sort: define(
    {
      parameters: { list: 'texts' },
      doc: 'The strings of a list in the order of their characters.',
      example: ['sort(["b", "a", "B"])', ['B', 'a', 'b']],
    },
    ({ list }) => textsValue(list.toSorted(compareTexts)),
  ),
  split: define(
    {
      parameters: { separator: 'text', text: 'text' },
      doc: 'The parts of a text between the separators.',
      example: ['split(",", "a,b,")', ['a', 'b', '']],
    },
    ({ separator, text }) => textsValue(separator === '' ? Array.from(text) : text.split(separator)),
  ),
  strrev: define(
    { parameters: { text: 'text' }, doc: 'The text from its end to its start.', example: ['strrev("abc")', 'cba'] },
    ({ text }) => textValue(graphemes(text).toReversed().join('')),
  ),
  substr: define(
    {
      parameters: { text: 'text', offset: 'int', length: 'int' },
      doc: 'A part of a text; a negative offset counts from its end, the length -1 is the rest.',
      example: ['substr("hello", -3, 2)', 'll'],
    },
    ({ text, offset, length }) => {
      const all = graphemes(text);
      const start = offset < 0 ? Math.max(0, all.length + offset) : offset;
      return textValue(all.slice(start, length < 0 ? undefined : start + length).join(''));
    },
  ),
  title: define(
    {
      parameters: { text: 'text' },
      doc: 'The text with a capital at the start of each word.',
      example: ['title("hello big world")', 'Hello Big World'],
    },
    ({ text }) => textValue(text.replace(/(?<![\p{L}\p{N}_])\p{L}/gu, (letter) => upper(letter))),
  ),
  trim: define(
    { parameters: { text: 'text' }, doc: 'The text without white space at both ends.', example: ['trim(" a b ")', 'a b'] },
    ({ text }) => textValue(text.trim()),
  ),
  trimprefix: define(
    {
      parameters: { text: 'text', prefix: 'text' },
      doc: 'The text without the prefix, if it has it.',
      example: ['trimprefix("v1.2", "v")', '1.2'],
    },
    ({ text, prefix }) => textValue(text.startsWith(prefix) ? text.slice(prefix.length) : text),
  ),
  trimspace: define({ parameters: { text: 'text' }, doc: 'The same as `trim`.', example: ['trimspace("\\n a ")', 'a'] }, ({ text }) =>
    textValue(text.trim()),
  ),
  trimsuffix: define(
    {
      parameters: { text: 'text', suffix: 'text' },
      doc: 'The text without the suffix, if it has it.',
      example: ['trimsuffix("web.hcl", ".hcl")', 'web'],
    },
    ({ text, suffix }) => textValue(suffix !== '' && text.endsWith(suffix) ? text.slice(0, -suffix.length) : text),
  ),
  upper: define({ parameters: { text: 'text' }, doc: 'The text in upper case.', example: ['upper("abc")', 'ABC'] }, ({ text }) =>
    textValue(upper(text)),
  ),
};
