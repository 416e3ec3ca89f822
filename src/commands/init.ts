import type { Command } from './command.ts';

export const init: Command = {
  name: 'init',
  group: 'Environments',
  summary: 'Write a blueprint for your own services: two questions, or flags',
  description:
    'Writes main.hcl, with a `process` for each program, its config entry and the intentions between them, and README.md. The ' +
    'commands are those of the folder in which it is typed. On a terminal it asks for what is not given. A blueprint that is ' +
    'there is not touched without --force, a README.md never.',
  args: [{ name: 'folder', doc: 'where to write it; made if it is not there (default: this folder)', completes: 'folder' }],
  options: [
    {
      flags: '--service <name=command:port>',
      doc: 'a program, and the port that it listens on',
      repeatable: true,
      onlyTyped: 'it says what to write',
    },
    { flags: '--call <caller=called>', doc: 'who calls whom; others may not then', repeatable: true, onlyTyped: 'it says what to write' },
    {
      flags: '--protocol <protocol>',
      doc: 'protocol of the services (default http)',
      choices: ['tcp', 'http', 'http2', 'grpc'],
    },
    { flags: '--force', doc: 'replace the main.hcl that is there', onlyTyped: 'it would replace files unasked' },
    { flags: '--json', doc: 'print what was written as JSON' },
  ],
  examples: [
    ['mesh init', 'asks which programs there are, and who calls whom'],
    ['mesh init --service web=./web:8080 --service payments=./payments:9090 --call web=payments', 'asks nothing'],
    ['mesh init shop --service web=bin/web:8080', 'in the folder shop, for a program of this one'],
  ],
  see: ['run', 'validate'],
  grammar: 'mesh',
  load: async () => (await import('../app/cli/init.ts')).init,
};
