import { dialects } from '@cucumber/gherkin';

/** Keywords of the language that a file is written in, without blanks and colons: `Given`, `Scenario`. */
export function keywordsIn(text: string): string[] {
  return Object.values(dialectOf(text)).flatMap((words) => (Array.isArray(words) ? (words as string[]).map((word) => word.trim()) : []));
}

/** Those that begin a step, but for `*`. */
export function stepKeywordsIn(text: string): string[] {
  const { given, when, then, and, but } = dialectOf(text);
  return [given, when, then, and, but].flatMap((words) => words.map((word) => word.trim())).filter((word) => word !== '*');
}

function dialectOf(text: string): (typeof dialects)[string] {
  const language = /^\s*#\s*language\s*:\s*([a-zA-Z\-_]+)\s*$/m.exec(text)?.[1] ?? 'en';
  return dialects[language] ?? dialects['en']!;
}
