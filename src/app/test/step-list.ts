import { wrap } from '../../ui/wrap.ts';
import type { MeshStep } from './steps/step.ts';

type Described = Pick<MeshStep, 'phrase' | 'group' | 'from' | 'doc' | 'example' | 'below'>;

/** `mesh test --steps` */
export function stepsText(steps: readonly Described[]): string {
  const groups = [...new Set(steps.map(({ group }) => group))];
  const parts = groups.map((group) => {
    const own = steps
      .filter((step) => step.group === group)
      .map(({ phrase, doc, example }) => {
        const text = wrap(plain(doc), 96).map((line) => `      ${line}`);
        return [`  ${phrase}`, ...text, ...example.split('\n').map((line) => `        ${line}`)].join('\n');
      });
    return `${group}:\n\n${own.join('\n\n')}\n`;
  });
  return `${parts.join('\n')}\nKeywords (Given, When, Then, And, But) don't matter; [parts in brackets] may be left out.\n`;
}

export function stepsJson(steps: readonly Described[]): string {
  const rows = steps.map(({ phrase, group, from, doc, example, below }) => ({
    phrase,
    group,
    from,
    doc: plain(doc),
    example,
    ...(below ? { below } : {}),
  }));
  return `${JSON.stringify(rows, undefined, 2)}\n`;
}

/** Backticks are for the page. */
const plain = (doc: string): string => doc.replaceAll('`', '');
