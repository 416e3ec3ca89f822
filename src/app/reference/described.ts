import type { Option } from '../../commands/command.ts';

/** `the text (default x)` */
export function described({ doc, default: value, choices }: Option): string {
  const all = choices && !choices.every((choice) => doc.includes(choice)) ? `${doc}: ${choices.join(', ')}` : doc;
  return value === undefined ? all : `${all} (default ${value})`;
}
