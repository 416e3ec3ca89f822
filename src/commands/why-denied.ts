import type { Command } from './command.ts';

export const whyDenied: Command = {
  name: 'why-denied',
  group: 'Environments',
  summary: 'Explain the last refusals, and print what would allow them',
  description:
    'Prints the last calls that an intention, the default policy or a missing token has refused, the newest first: which rule it was, the config entry that holds it, and where that was written. Each is judged by the configuration as it is: what would pass now says by which rule, and what would not comes with the command that allows exactly this and nothing else. For requests that is an entry with one more permission, for this source, path and method, and everything else that the entry says; for connections, an intention. Where only more could be allowed there is no command, and it says why. Sidecars remember 500 different refusals, also while the agent is away.',
  args: [
    { name: 'source', doc: 'who called; alone, either end', completes: 'service' },
    { name: 'destination', doc: 'who was called', completes: 'service' },
  ],
  options: [
    { flags: '--since <duration>', doc: 'only what was refused in this time: 5m' },
    { flags: '--json', doc: 'print it as JSON' },
  ],
  examples: [
    ['mesh why-denied', 'what was refused, and why'],
    ['mesh why-denied web payments --since 5m', 'calls of web to payments in the last five minutes'],
    [`mesh why-denied web payments --json | jq -r '.denials[0].fix // empty' | sh`, 'allow the last one'],
  ],
  see: ['intention create', 'tap'],
  grammar: 'mesh',
  load: async () => (await import('../app/cli/why-denied.ts')).whyDenied,
};
