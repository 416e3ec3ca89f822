import { sortedEntries } from '../../../base/order.ts';
import { tabbed } from '../columns.ts';
import { atMost, attempt, type Command, Failure } from '../command.ts';
import { JSON_FLAGS, parseJson, printJson, wantsJson } from '../json.ts';

interface Usage {
  readonly Services: number;
  readonly ServiceInstances: number;
  readonly ConnectServiceInstances: Readonly<Record<string, number>>;
  readonly BillableServiceInstances: number;
}

interface Answer {
  readonly Usage: Readonly<Record<string, Usage>>;
}

export const usageInstances: Command = {
  name: 'operator usage instances',
  synopsis: 'Count services and their instances',
  usage: [''],
  description: 'Counts services and their instances, and those that take part in the mesh by what they are.',
  examples: ['operator usage instances', 'operator usage instances -connect', 'operator usage instances -all-datacenters'],
  flags: [
    { name: 'all-datacenters', kind: 'bool', doc: 'Of all datacenters, not only of that of the agent.' },
    { name: 'billable', kind: 'bool', doc: 'Only those that Consul Enterprise counts.' },
    { name: 'connect', kind: 'bool', doc: 'Only those that take part in the mesh.' },
    ...JSON_FLAGS,
  ],
  run: async ({ io, flags, args, client }) => {
    atMost(args, 0);
    const [billable, connect, all] = [flags.bool('billable'), flags.bool('connect'), flags.bool('all-datacenters')];
    if (billable && connect) throw new Failure('Cannot specify both -billable and -connect flags');
    const json = wantsJson(flags);
    const api = await client();
    const query = { global: all ? '' : undefined };
    const asked = api.expectOk('GET', '/v1/operator/usage', { query }).then(parseJson<Answer>);
    const answer = await attempt('Error fetching usage information', asked);
    if (json) {
      printJson(io, answer);
      return 0;
    }
    const usages = sortedEntries(answer.Usage);
    if (!connect) {
      const total = usages.reduce((sum, [, usage]) => sum + usage.BillableServiceInstances, 0);
      io.out(`Billable Service Instances Total: ${total}\n`);
      for (const [dc, usage] of usages) io.out(`${dc} Billable Service Instances: ${usage.BillableServiceInstances}\n`);
      io.out(`\nBillable Services\n${billableTable(usages, all)}\n\n`);
    }
    if (!billable) io.out(`Connect Services\n${connectTable(usages, all)}\n`);
    return 0;
  },
};

type ByDatacenter = readonly (readonly [datacenter: string, usage: Usage])[];

function billableTable(usages: ByDatacenter, named: boolean): string {
  const rows = usages.map(([dc, usage]) => [dc, String(usage.Services), String(usage.BillableServiceInstances)]);
  const sum = (of: (usage: Usage) => number): string => String(usages.reduce((total, [, usage]) => total + of(usage), 0));
  const totals = ['Total', sum((usage) => usage.Services), sum((usage) => usage.BillableServiceInstances)];
  return table(['Datacenter', 'Services', 'Service instances'], rows, totals, named);
}

function connectTable(usages: ByDatacenter, named: boolean): string {
  const kinds = (usage: Usage) => sortedEntries(usage.ConnectServiceInstances);
  const counts = usages.flatMap(([dc, usage]) => kinds(usage).map(([kind, count]) => ({ dc, kind, count })));
  const rows = counts.map(({ dc, kind, count }) => [dc, kind, String(count)]);
  const totals = ['Total', '', String(counts.reduce((sum, { count }) => sum + count, 0))];
  return table(['Datacenter', 'Type', 'Service instances'], rows, totals, named);
}

/** With a column for datacenters and a last row for their sum, or without both. */
function table(head: string[], rows: string[][], totals: string[], named: boolean): string {
  const all = named ? [head, ...rows, ['', '', ''], totals] : [head, ...rows].map((row) => row.slice(1));
  return tabbed(all, 6).trim();
}
