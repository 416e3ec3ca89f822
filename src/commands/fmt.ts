import type { Command } from './command.ts';

export const fmt: Command = {
  name: 'fmt',
  group: 'Environments',
  summary: 'Bring HCL files into their canonical form',
  description:
    'Formats *.hcl, *.vars and *.yard files of folders and of what is below them (by default, of this folder) and prints the names of ' +
    'those that changed. Only blanks change: comments stay, and each file reads as before. Files of Consul are read in their own ' +
    'dialect. One that can not be read is reported and stays as it is; the exit code is 3 then.',
  args: [{ name: 'path', variadic: true, doc: 'files and folders; "-" formats standard input', completes: 'file' }],
  options: [
    { flags: '--check', doc: 'change nothing; the exit code is 1 if a file is not in its canonical form' },
    { flags: '--diff', doc: 'print the differences' },
    { flags: '--json', doc: 'print the result as JSON' },
  ],
  examples: [
    ['mesh fmt', 'all files of this folder'],
    ['mesh fmt --check --diff ./shop', 'what would change, for CI'],
    ['mesh fmt web.hcl prod.vars', 'only these'],
  ],
  exits: [
    [1, 'a file is not in its canonical form (--check)'],
    [3, 'a file can not be read'],
  ],
  see: ['validate'],
  grammar: 'mesh',
  load: async () => (await import('../app/cli/fmt.ts')).fmt,
};
