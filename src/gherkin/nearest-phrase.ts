import { nearest } from '../base/suggest.ts';

/** The phrase that a mistyped step was meant to be; what users fill in does not count. Undefined when none is near. */
export function nearestPhrase(text: string, phrases: readonly string[]): string | undefined {
  const byShape = new Map(phrases.map((phrase) => [shapeOf(phrase), phrase] as const));
  const shape = shapeOf(text);
  const near = nearest(shape, byShape.keys()) ?? mostWords(shape, [...byShape.keys()]);
  return near === undefined ? undefined : byShape.get(near);
}

/** Without optional parts, texts in quotes and numbers. */
function shapeOf(text: string): string {
  return text
    .replace(/\[[^\]]*\]/g, '')
    .replace(/"[^"]*"/g, '""')
    .replace(/\b\d+(?:\/\d+)*\b|\bN\b/g, '0')
    .replace(/\s+/g, ' ')
    .trim();
}

/** Somebody who remembers half of the words: the phrase that shares most of them, if that is more than half. */
function mostWords(shape: string, shapes: readonly string[]): string | undefined {
  const words = new Set(wordsOf(shape));
  const rated = shapes.map((candidate) => {
    const others = new Set(wordsOf(candidate));
    const shared = [...others].filter((word) => words.has(word)).length;
    return { candidate, share: shared / Math.max(words.size, others.size, 1) };
  });
  const best = rated.toSorted((a, b) => b.share - a.share)[0];
  return best && best.share >= 0.5 ? best.candidate : undefined;
}

const wordsOf = (text: string): string[] => text.toLowerCase().match(/[a-z]{2,}/g) ?? [];
