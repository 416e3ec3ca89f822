import { attempt, type Command } from './command.ts';
import { JSON_FLAGS, printJson, wantsJson } from './json.ts';
import { agentSelf } from './self.ts';

export const info: Command = {
  name: 'info',
  synopsis: 'Print what operators look at',
  usage: [''],
  description: 'Prints figures of an agent by topic.',
  examples: ['info'],
  flags: JSON_FLAGS,
  run: async ({ io, flags, client }) => {
    const json = wantsJson(flags);
    const api = await client();
    const { Stats = {} } = await attempt('Error querying agent', agentSelf(api));
    if (json) {
      printJson(io, Stats);
      return 0;
    }
    for (const topic of Object.keys(Stats).sort()) {
      io.out(`${topic}:\n`);
      const figures = Stats[topic]!;
      for (const name of Object.keys(figures).sort()) io.out(`\t${name} = ${figures[name]}\n`);
    }
    return 0;
  },
};
