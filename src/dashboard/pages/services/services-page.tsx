import { useState } from 'preact/hooks';
import type { Topology, TopologyService } from '../../../api/topology.ts';
import { useLive } from '../../client/live.ts';
import { Health } from '../../components/badge.tsx';
import { type Column, DataTable } from '../../components/data-table.tsx';
import { ErrorBanner } from '../../components/error-banner.tsx';
import { Loading } from '../../components/loading.tsx';
import { PageFrame } from '../../components/page.tsx';
import { SearchField } from '../../components/search-field.tsx';
import { href } from '../../shell/route.ts';
import type { PageProps } from '../pages.ts';

export default function ServicesPage(_props: PageProps) {
  const { data, error } = useLive<Topology>('/v1/mesh/topology');
  const [search, setSearch] = useState('');
  const rows = (data?.services ?? []).filter(({ name }) => name.includes(search));
  return (
    <PageFrame title="Services" aside={<SearchField label="Search services" value={search} onChange={setSearch} />}>
      {error && <ErrorBanner text={error.message} />}
      {data ? (
        <DataTable caption="Services" columns={COLUMNS} rows={rows} rowKey={({ name, datacenter }) => `${datacenter}/${name}`} />
      ) : (
        !error && <Loading />
      )}
    </PageFrame>
  );
}

const COLUMNS: readonly Column<TopologyService>[] = [
  { title: 'Service', cell: ({ name, datacenter }) => <a href={href(['services', name], { dc: datacenter })}>{name}</a> },
  { title: 'Datacenter', cell: ({ datacenter }) => datacenter },
  { title: 'Kind', cell: ({ kind }) => kind },
  { title: 'Protocol', cell: ({ protocol }) => protocol },
  { title: 'Instances', numeric: true, cell: ({ instances }) => instances.length },
  { title: 'Health', cell: ({ instances }) => instances.map(({ id, health }) => <Health key={id} status={health} />) },
];
