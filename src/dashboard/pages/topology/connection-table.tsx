import { type Counted, type FlowCount, quantileMs, successOf } from '../../../api/rates.ts';
import { Badge } from '../../components/badge.tsx';
import { DataTable } from '../../components/data-table.tsx';
import { href } from '../../shell/route.ts';
import { duration, percent, rate } from '../../texts/numbers.ts';
import { countedOn, type Link } from './graph.ts';

interface ConnectionTableProps {
  readonly caption: string;
  readonly links: readonly Link[];
  readonly empty: string;
  readonly counts: readonly FlowCount[];
  readonly boundsMs: readonly number[];
}

/** Lines of the picture as a table. */
export function ConnectionTable({ caption, links, empty, counts, boundsMs }: ConnectionTableProps) {
  const rows = links.map((link) => ({ link, counted: countedOn(link, counts) }));
  const time = (quantile: number) => (row: Row) => {
    const ms = quantileMs(quantile, row.counted.latency, boundsMs);
    return ms === undefined ? '–' : duration(ms);
  };
  return (
    <DataTable<Row>
      caption={caption}
      rows={rows}
      rowKey={({ link }) => link.key}
      empty={empty}
      columns={[
        {
          title: 'Caller',
          cell: ({ link: { edges } }) => (
            <a href={href(['services', edges[0]!.source], { dc: edges[0]!.sourceDatacenter })}>{edges[0]!.source}</a>
          ),
        },
        {
          title: 'Service',
          cell: ({ link: { edges } }) => (
            <a href={href(['services', edges[0]!.destination], { dc: edges[0]!.destinationDatacenter })}>{edges[0]!.destination}</a>
          ),
        },
        { title: 'Protocol', cell: ({ link: { edges } }) => [...new Set(edges.map(({ protocol }) => protocol))].join(', ') },
        { title: 'TLS', cell: ({ link: { edges } }) => edges[0]!.tls ?? 'none' },
        { title: 'Intention', cell: ({ link }) => <Intention link={link} /> },
        { title: 'Rate', numeric: true, cell: ({ counted }) => rate(counted) },
        { title: 'Success', numeric: true, cell: ({ counted }) => percentOrNone(successOf(counted)) },
        { title: 'p50', numeric: true, cell: time(0.5) },
        { title: 'p95', numeric: true, cell: time(0.95) },
        { title: 'p99', numeric: true, cell: time(0.99) },
      ]}
    />
  );
}

interface Row {
  readonly link: Link;
  readonly counted: Counted;
}

const percentOrNone = (share: number | undefined): string => (share === undefined ? '–' : percent(share));

export function Intention({ link: { edges } }: { readonly link: Link }) {
  const all = [...new Set(edges.map(({ intention }) => intention))];
  const [only] = all;
  if (all.length > 1 || only === 'mixed') return <Badge tone="warn">by request</Badge>;
  return only === 'deny' ? <Badge tone="bad">deny</Badge> : <Badge tone="good">allow</Badge>;
}
