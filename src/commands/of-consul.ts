import type { Command } from './command.ts';

/**
 * Commands that are Consul's alone, one row each: `mesh kv …` is `consul kv …` with our diagnostics on a terminal. What they do is
 * in src/app/consul/table.ts, what `main.ts` has to know of them in src/app/consul/names.ts.
 */
export const OF_CONSUL: readonly Command[] = [
  row('config', 'Read and write config entries: write, read, list, delete', [
    ['mesh config write v2/consul_service/payments_defaults.hcl', 'from a file; `-` reads standard input'],
    ['mesh config read -kind service-defaults -name payments', 'as JSON'],
    ['mesh config list -kind service-defaults', 'names'],
    ['mesh config delete -kind service-defaults -name payments', ''],
  ]),
  row('intention', 'Allow and deny calls between services: create, check, match, get, list, delete', [
    ['mesh intention create -deny web payments', 'also ends connections that are open'],
    ['mesh intention check web payments', 'Allowed (exit 0) or Denied (exit 1)'],
    ['mesh intention list', ''],
    ['mesh intention delete web payments', ''],
  ]),
];

/** `words` stand behind the name of a command that has no subcommands. */
function row(name: string, summary: string, examples: Command['examples'], words?: string): Command {
  return {
    name,
    group: 'Consul',
    summary,
    examples,
    grammar: 'consul',
    ...(words === undefined ? {} : { words }),
    load: async () => {
      const { runConsul } = await import('../app/consul/top.ts');
      return (input, io) => runConsul([name, ...input.args], io);
    },
  };
}
