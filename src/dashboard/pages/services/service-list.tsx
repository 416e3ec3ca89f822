import { useState } from 'preact/hooks';
import type { FlowCount } from '../../../api/rates.ts';
import { quantileMs, successOf } from '../../../api/rates.ts';
import type { Topology, TopologyService } from '../../../api/topology.ts';
import { useDatacenter, withDatacenter } from '../../client/datacenter.ts';
import { useLive } from '../../client/live.ts';
import { useTraffic } from '../../client/traffic.ts';
import { Badge, Health } from '../../components/badge.tsx';
import { type Column, DataTable } from '../../components/data-table.tsx';
import { ErrorBanner } from '../../components/error-banner.tsx';
import { Loading } from '../../components/loading.tsx';
import { PageFrame } from '../../components/page.tsx';
import { SearchField } from '../../components/search-field.tsx';
import { href } from '../../shell/route.ts';
import { duration, percent, rate } from '../../texts/numbers.ts';
import { countedAt, healthOf } from '../topology/graph.ts';
import { kindText } from '../topology/kinds.ts';

export function ServiceList() {
  const { data, error } = useLive<Topology>(withDatacenter('/v1/mesh/topology', useDatacenter()));
  const { counts, boundsMs } = useTraffic();
  const [search, setSearch] = useState('');
  const rows = (data?.services ?? []).filter(({ name }) => name.toLowerCase().includes(search.toLowerCase()));
  return (
    <PageFrame title="Services" aside={<SearchField label="Search services" value={search} onChange={setSearch} />}>
      {error && <ErrorBanner text={error.message} />}
      {data ? (
        <DataTable
          caption="Services"
          columns={columns(counts, boundsMs, new Set(rows.map(({ datacenter }) => datacenter)).size > 1)}
          rows={rows}
          rowKey={({ name, datacenter }) => `${datacenter}/${name}`}
          empty={search === '' ? 'No services yet: `mesh run v2` starts some.' : 'None has this in its name.'}
        />
      ) : (
        !error && <Loading />
      )}
    </PageFrame>
  );
}

function columns(counts: readonly FlowCount[], boundsMs: readonly number[], withDatacenters: boolean): Column<TopologyService>[] {
  const place: Column<TopologyService>[] = withDatacenters ? [{ title: 'Datacenter', cell: ({ datacenter }) => datacenter }] : [];
  return [
    { title: 'Service', cell: ({ name, datacenter }) => <a href={href(['services', name], { dc: datacenter })}>{name}</a> },
    ...place,
    {
      title: 'Health',
      cell: (service) => (service.instances.length === 0 ? <Badge>no instances</Badge> : <Health status={healthOf(service)} />),
    },
    { title: 'Instances', numeric: true, cell: ({ instances }) => instances.length },
    { title: 'Kind', cell: ({ kind }) => kindText(kind) },
    { title: 'Protocol', cell: ({ protocol }) => protocol },
    { title: 'Rate', numeric: true, cell: (service) => rate(countedAt(service, counts)) },
    {
      title: 'Success',
      numeric: true,
      cell: (service) => {
        const success = successOf(countedAt(service, counts));
        return success === undefined ? '–' : percent(success);
      },
    },
    {
      title: 'p95',
      numeric: true,
      cell: (service) => {
        const ms = quantileMs(0.95, countedAt(service, counts).latency, boundsMs);
        return ms === undefined ? '–' : duration(ms);
      },
    },
  ];
}
