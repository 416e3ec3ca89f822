import { compileFinder, type Finder } from '../../../base/re2/find.ts';
import type { Located } from '../../../schema/located.ts';
import { textValue } from '../convert.ts';
import { type FunctionFailure, failure } from '../scope.ts';
import { define, type FunctionTable } from './define.ts';
import { listValue, nullValue, objectValue } from './values.ts';

export const REGEX: FunctionTable = {
  regex: define(
    {
      parameters: { pattern: 'text', text: 'text' },
      doc: 'The first match of an expression (RE2): the text, or a list of its groups, or an object of its named groups.',
      example: ['regex("(\\\\w+):(\\\\d+)", "at web:9090")', ['web', '9090']],
    },
    ({ pattern, text }) =>
      withFinder(pattern, (finder) => {
        const match = finder.find(text);
        return match ? captured(finder, text, match) : failure('the expression matches nothing in the text', 1);
      }),
  ),
  regexall: define(
    {
      parameters: { pattern: 'text', text: 'text' },
      doc: 'All matches of an expression, each as `regex` gives it.',
      example: ['regexall("[a-z]+", "ab 12 cd")', ['ab', 'cd']],
    },
    ({ pattern, text }) =>
      withFinder(pattern, (finder) => listValue(allMatches(finder, text).map((match) => captured(finder, text, match)))),
  ),
};

function withFinder(pattern: string, then: (finder: Finder) => Located | FunctionFailure): Located | FunctionFailure {
  const compiled = compileFinder(pattern);
  if (!compiled.ok) return failure(compiled.error, 0);
  const named = compiled.value.names.filter((name) => name !== undefined).length;
  if (named !== 0 && named !== compiled.value.names.length) return failure('either all groups have names or none has', 0);
  return then(compiled.value);
}

/** An empty match right after another one does not count, as in Go. */
function allMatches(finder: Finder, text: string): (readonly number[])[] {
  const matches: (readonly number[])[] = [];
  let last = -1;
  for (let from = 0; from <= text.length; ) {
    const match = finder.find(text, from);
    if (!match) break;
    const [start, end] = match as [number, number];
    if (end > start || start !== last) matches.push(match);
    last = end;
    from = end > start ? end : end + (text.codePointAt(end)! > 0xffff ? 2 : 1);
  }
  return matches;
}

function captured({ names }: Finder, text: string, match: readonly number[]): Located {
  const group = (index: number): Located => {
    const start = match[2 * index]!;
    return start === -1 ? nullValue : textValue(text.slice(start, match[2 * index + 1]));
  };
  if (names.length === 0) return group(0);
  if (names[0] === undefined) return listValue(names.map((_, i) => group(i + 1)));
  return objectValue(names.map((name, i) => [name!, group(i + 1)]));
}
