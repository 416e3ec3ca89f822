import { functionTables } from './index.ts';
import type { World } from './world.ts';

/** A world without anything in it: only what is said of the functions is asked for. */
const NOWHERE: World = {
  file: '',
  env: {},
  userHome: '',
  dataFolder: '',
  cwd: '',
  files: {} as World['files'],
  render: () => ({ ok: false, error: '' }),
};

/** The part of the reference page about functions, from their tables. */
export function renderFunctions(): string {
  return Object.entries(functionTables(NOWHERE))
    .flatMap(([heading, table]) => [
      `### ${heading}`,
      '',
      '| function | | example | value |',
      '|---|---|---|---|',
      ...Object.entries(table)
        .toSorted(([a], [b]) => (a < b ? -1 : 1))
        .map(([name, called]) => {
          const { doc, example, parameters, variadic } = called;
          const signature = `${name}(${[...parameters, ...(variadic === undefined ? [] : [`${variadic}...`])].join(', ')})`;
          return `| ${[signature, doc, example[0], JSON.stringify(example[1])].map((cell, i) => (i === 1 ? cell : code(cell))).join(' | ')} |`;
        }),
      '',
    ])
    .join('\n')
    .trimEnd();
}

const code = (text: string): string => `\`${text.replaceAll('|', '\\|')}\``;
