import { dialects } from '@cucumber/gherkin';
import { type Diagnostic, errorAt } from '../base/diagnostic.ts';
import type { Range, Source } from '../base/source.ts';
import { didYouMean } from '../base/suggest.ts';
import { keywordsIn } from './keywords.ts';
import { rangeAt } from './place.ts';

/** The parser's tokens, in words of people who write feature files; the ones that are meant most come first. */
const TOKENS: Readonly<Record<string, string>> = {
  '#StepLine': 'a step (Given, When, Then, And, But or *)',
  '#ScenarioLine': '"Scenario:"',
  '#FeatureLine': '"Feature:"',
  '#ExamplesLine': '"Examples:"',
  '#TableRow': 'a row of a table',
  '#DocStringSeparator': '"""',
  '#RuleLine': '"Rule:"',
  '#BackgroundLine': '"Background:"',
  '#TagLine': 'a tag',
  '#EOF': 'the end of the file',
};

/** More of them are too long a list to be read. */
const MAX_EXPECTED = 4;

interface Failure {
  readonly message: string;
  readonly location?: { readonly line: number; readonly column?: number };
}

/** What the parser threw, as diagnostics: each of its errors once. Anything else is thrown on. */
export function explainFailure(error: unknown, source: Source): Diagnostic[] {
  const failures = (error as { errors?: readonly Failure[] }).errors ?? [error as Failure];
  if (failures.some(({ location }) => location === undefined)) throw error;
  // In a language that is not known, nothing is.
  const language = failures.find(({ message }) => message.includes(LANGUAGE));
  return (language ? [language] : failures).map((failure) => explain(failure, source));
}

const LANGUAGE = 'Language not supported: ';

function explain({ message, location }: Failure, source: Source): Diagnostic {
  const range = rangeAt(source, location!);
  const text = message.replace(/^\(\d+:\d+\): /, '');
  const unexpected = /^expected: (.*), got '([\s\S]*)'$/.exec(text);
  if (unexpected) return unexpectedLine(range, unexpected[1]!, unexpected[2]!, source);
  const ended = /^unexpected end of file, expected: (.*)$/.exec(text);
  if (ended?.[1]?.includes('#DocStringSeparator'))
    return errorAt(lastSeparator(source) ?? range, 'this text has no end', { hint: 'it ends with a line that holds only """' });
  if (ended) return errorAt(range, 'the file ends too early', { detail: expectedOf(ended[1]!) });
  const language = text.startsWith(LANGUAGE) ? text.slice(LANGUAGE.length) : undefined;
  if (language !== undefined) {
    const near = didYouMean(language, Object.keys(dialects));
    return errorAt(range, `there is no language ${JSON.stringify(language)}`, { hint: 'codes as in "# language: de"', ...near });
  }
  if (text.startsWith('inconsistent cell count'))
    return errorAt(range, 'this row has another number of cells than the first row of its table', {
      hint: 'a | within a cell is written \\|',
    });
  return errorAt(range, text.charAt(0).toLowerCase() + text.slice(1));
}

function unexpectedLine(range: Range, expected: string, got: string, source: Source): Diagnostic {
  const word = got.split(/[\s:]/, 1)[0] ?? '';
  const keywords = keywordsIn(source.text);
  if (keywords.includes(word)) return errorAt(range, `${JSON.stringify(word)} can't stand here`, { detail: expectedOf(expected) });
  const near = didYouMean(word, keywords);
  // One word is wrong, or all of the line.
  const subject = near.hint === undefined ? range : { ...range, end: range.start + word.length };
  return errorAt(subject, `found ${JSON.stringify(got)}`, { detail: expectedOf(expected), ...near });
}

/** Where the text begins that goes on to the end of the file. */
function lastSeparator(source: Source): Range | undefined {
  const lines = source.text.split('\n');
  const line = lines.findLastIndex((text) => /^\s*("""|```)/.test(text));
  return line === -1 ? undefined : rangeAt(source, { line: line + 1 });
}

function expectedOf(tokens: string): string {
  const expected = tokens.split(', ');
  const words = Object.entries(TOKENS).flatMap(([token, word]) => (expected.includes(token) ? [word] : []));
  const shown = words.slice(0, MAX_EXPECTED);
  return `expected ${shown.join(', ')}${shown.length < words.length ? ', …' : ''}`;
}
