import { Badge, Health } from '../../components/badge.tsx';
import { type Column, DataTable } from '../../components/data-table.tsx';
import { Icon } from '../../components/icon.tsx';
import { Card, PageFrame } from '../../components/page.tsx';
import { href } from '../../shell/route.ts';
import { type Check, type Node, type Service, worstOf } from './node.ts';

/** What is on a node, how it is, and what is written about it. */
export function NodeView({ node }: { readonly node: Node }) {
  const { Node: name, Address, Services, Checks, Meta, TaggedAddresses } = node;
  return (
    <PageFrame
      title={
        <span class="row">
          <a class="button icon" href={href(['nodes'])} aria-label="All nodes">
            <Icon name="back" />
          </a>
          {name} <Health status={worstOf(Checks)} />
        </span>
      }
      aside={<span class="mono muted">{Address}</span>}
    >
      <Card title="Services">
        <DataTable caption={`Services of ${name}`} columns={SERVICES} rows={Services} rowKey={({ ID }) => ID} />
      </Card>
      <Card title="Checks">
        <DataTable
          caption={`Checks of ${name}`}
          columns={CHECKS}
          rows={Checks}
          rowKey={({ CheckID, ServiceID }) => `${ServiceID} ${CheckID}`}
        />
      </Card>
      <div class="nodes-cards">
        <Pairs title="Meta" pairs={Meta ?? {}} />
        <Pairs title="Addresses" pairs={TaggedAddresses ?? {}} />
        <Pairs title="Identity" pairs={{ ID: node.ID }} />
      </div>
    </PageFrame>
  );
}

function Pairs({ title, pairs }: { readonly title: string; readonly pairs: Readonly<Record<string, string>> }) {
  const entries = Object.entries(pairs).filter(([, value]) => value !== '');
  if (entries.length === 0) return null;
  return (
    <Card title={title}>
      <dl class="nodes-pairs">
        {entries.map(([key, value]) => (
          <div key={key}>
            <dt>{key}</dt>
            <dd class="mono">{value}</dd>
          </div>
        ))}
      </dl>
    </Card>
  );
}

const SERVICES: readonly Column<Service>[] = [
  {
    title: 'Service',
    cell: ({ Service, Kind = '' }) => (Kind === 'connect-proxy' ? Service : <a href={href(['services', Service])}>{Service}</a>),
  },
  { title: 'Kind', cell: ({ Kind = '' }) => (Kind === '' ? 'service' : Kind) },
  { title: 'ID', cell: ({ ID }) => <span class="mono">{ID}</span> },
  { title: 'Address', cell: ({ Address, Port }) => <span class="mono">{`${Address}:${Port}`}</span> },
  { title: 'Tags', cell: ({ Tags }) => (Tags ?? []).map((tag) => <Badge key={tag}>{tag}</Badge>) },
  {
    title: 'Meta',
    cell: ({ Meta }) => (
      <span class="nodes-meta mono">
        {Object.entries(Meta ?? {})
          .map(([key, value]) => `${key}=${value}`)
          .join(' ')}
      </span>
    ),
  },
];

const CHECKS: readonly Column<Check>[] = [
  { title: 'Check', cell: ({ Name, CheckID }) => Name || CheckID },
  { title: 'Of', cell: ({ ServiceName }) => ServiceName || 'the node' },
  { title: 'Kind', cell: ({ Type }) => Type || '–' },
  { title: 'Status', cell: ({ Status }) => <Health status={Status} /> },
  { title: 'Output', cell: ({ Output }) => <pre class="nodes-output">{Output}</pre> },
];
