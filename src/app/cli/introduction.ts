import type { BlueprintMetadata } from '../../blueprints/metadata.ts';
import { printable } from '../../ui/printable.ts';
import type { Style } from '../../ui/style.ts';
import { wrap } from '../../ui/wrap.ts';

/** Text beyond this is tiring to read, however wide the terminal is. */
const MAX_COLUMNS = 100;

/** What a blueprint says of itself, in short: its title, who wrote it, and the first paragraph of its introduction. */
export function introduction(metadata: BlueprintMetadata | undefined, { style, columns }: { style: Style; columns: number }): string {
  if (!metadata?.title) return '';
  const by = metadata.author === undefined ? '' : style.dim(` by ${printable(metadata.author)}`);
  const lines = [`${style.bold(printable(metadata.title))}${by}`];
  const paragraph = firstParagraph(metadata.intro ?? '');
  if (paragraph !== '') lines.push(...wrap(paragraph, Math.min(columns, MAX_COLUMNS)));
  return `\n${lines.join('\n')}\n\n`;
}

/** The first block of Markdown that is plain text. */
function firstParagraph(markdown: string): string {
  const blocks = markdown.split(/\r?\n\s*\r?\n/).map((block) => block.trim());
  const text = blocks.find((block) => block !== '' && !/^(#|```|~~~|[-*+] |\d+\. |>|\||!?\[|<|---|===)/.test(block)) ?? '';
  return printable(text.replace(/\s+/g, ' '));
}
