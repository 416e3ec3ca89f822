import { useState } from 'preact/hooks';
import { useDatacenter, withDatacenter } from '../../client/datacenter.ts';
import { useLive } from '../../client/live.ts';
import { Health } from '../../components/badge.tsx';
import { type Column, DataTable } from '../../components/data-table.tsx';
import { Empty } from '../../components/empty.tsx';
import { ErrorBanner } from '../../components/error-banner.tsx';
import { Loading } from '../../components/loading.tsx';
import { PageFrame } from '../../components/page.tsx';
import { SearchField } from '../../components/search-field.tsx';
import { href } from '../../shell/route.ts';
import type { PageProps } from '../pages.ts';
import { type Node, worstOf } from './node.ts';
import { NodeView } from './node-view.tsx';

/** `#/nodes`, `#/nodes/payments`. */
export default function NodesPage({ params }: PageProps) {
  const datacenter = useDatacenter();
  const { data, error } = useLive<Node[]>(withDatacenter('/v1/internal/ui/nodes', datacenter));
  const [search, setSearch] = useState('');
  const [name] = params;
  const one = data?.find(({ Node }) => Node === name);
  if (name !== undefined && one) return <NodeView node={one} />;
  if (name !== undefined && data) {
    return (
      <Empty title={`There is no node ${name}`}>
        <a href={href(['nodes'])}>All nodes</a>
      </Empty>
    );
  }
  const rows = (data ?? []).filter(({ Node, Address }) => Node.includes(search) || Address.includes(search));
  return (
    <PageFrame title="Nodes" aside={<SearchField label="Search nodes" value={search} onChange={setSearch} />}>
      {error && <ErrorBanner text={error.message} />}
      {data ? <DataTable caption="Nodes" columns={COLUMNS} rows={rows} rowKey={({ Node }) => Node} /> : !error && <Loading />}
    </PageFrame>
  );
}

const COLUMNS: readonly Column<Node>[] = [
  { title: 'Node', cell: ({ Node }) => <a href={href(['nodes', Node])}>{Node}</a> },
  { title: 'Address', cell: ({ Address }) => <span class="mono">{Address}</span> },
  { title: 'Health', cell: ({ Checks }) => <Health status={worstOf(Checks)} /> },
  { title: 'Checks', numeric: true, cell: ({ Checks }) => Checks.length },
  {
    title: 'Services',
    cell: ({ Services }) =>
      Services.filter(({ Kind = '' }) => Kind !== 'connect-proxy')
        .map(({ Service }) => Service)
        .join(', '),
  },
];
