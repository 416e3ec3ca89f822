import type { Feature, Scenario } from '@cucumber/messages';
import { type Diagnostic, warningAt } from '../base/diagnostic.ts';
import type { Source } from '../base/source.ts';
import { didYouMean, nearest } from '../base/suggest.ts';
import { stepKeywordsIn } from './keywords.ts';
import { rangeAt } from './place.ts';

/** What the parser lets pass though nobody can have meant it: it would make a test that cannot fail. */
export function lintFeature(feature: Feature, source: Source): Diagnostic[] {
  const children = feature.children.flatMap((child) => [child, ...(child.rule?.children ?? [])]);
  return children.flatMap(({ background, scenario }) => {
    const described = background ?? scenario;
    if (!described) return [];
    return [
      ...mistypedSteps(described.description, described.location.line, source),
      ...(scenario ? unknownPlaceholders(scenario, source) : []),
    ];
  });
}

/** Below "Scenario:" any text is a description, up to the first line that begins with a keyword. */
function mistypedSteps(description: string, line: number, source: Source): Diagnostic[] {
  if (description === '') return [];
  const keywords = stepKeywordsIn(source.text);
  const lines = source.text.split('\n');
  const described = description.split('\n').map((text) => text.trim());
  return described.flatMap((text) => {
    const word = text.split(/\s/, 1)[0] ?? '';
    // A step has something behind its keyword; short words are near to anything.
    const near = text === word || word.length < 4 ? undefined : nearest(word, keywords);
    if (near === undefined || near === word) return [];
    const at = lines.findIndex((candidate, i) => i >= line && candidate.trim() === text);
    const subject = rangeAt(source, { line: at + 1 });
    return [
      warningAt({ ...subject, end: subject.start + word.length }, `${JSON.stringify(word)} begins no step`, {
        detail: 'lines above the first step are a description and are not run',
        hint: `did you mean "${near}"?`,
      }),
    ];
  });
}

/** `<nodes>` in a step, where the examples have no such column: it would stay as it is. */
function unknownPlaceholders({ steps, examples }: Scenario, source: Source): Diagnostic[] {
  if (examples.length === 0) return [];
  const columns = examples.map(({ tableHeader }) => (tableHeader?.cells ?? []).map(({ value }) => value));
  return steps.flatMap(({ text, location }) =>
    [...text.matchAll(/<([^<>]+)>/g)].flatMap(([, name = '']) => {
      if (columns.every((names) => names.includes(name))) return [];
      const known = [...new Set(columns.flat())];
      return [
        warningAt(rangeAt(source, location), `the examples have no column ${JSON.stringify(name)}`, {
          hint: `their columns: ${known.join(', ')}`,
          ...didYouMean(name, known),
        }),
      ];
    }),
  );
}
