import { useOnce } from '../../client/live.ts';
import { Badge, Health } from '../../components/badge.tsx';
import { DataTable } from '../../components/data-table.tsx';
import { Card } from '../../components/page.tsx';
import type { OfService } from './service-view.tsx';

interface HealthRow {
  readonly Node: { readonly Node: string };
  readonly Service: { readonly ID: string };
  readonly Checks: readonly { readonly CheckID: string; readonly Name: string; readonly Status: string; readonly Output: string }[];
}

/** Where a service runs, with the checks of each instance and whether its sidecar serves. */
export function Instances({ service, topology }: OfService) {
  const { name, datacenter, instances } = service;
  const { data: rows } = useOnce<HealthRow[]>(
    `/v1/health/service/${encodeURIComponent(name)}?dc=${encodeURIComponent(datacenter)}`,
    topology.index,
  );
  const checksOf = (node: string, id: string) => rows?.find((row) => row.Node.Node === node && row.Service.ID === id)?.Checks ?? [];
  return (
    <Card title="Instances">
      <DataTable
        caption={`Instances of ${name}`}
        rows={instances}
        rowKey={({ node, id }) => `${node}/${id}`}
        empty="None is registered."
        columns={[
          { title: 'Instance', cell: ({ id }) => id },
          { title: 'Node', cell: ({ node }) => node },
          { title: 'Address', cell: ({ address }) => <code>{address}</code> },
          { title: 'Health', cell: ({ health }) => <Health status={health} /> },
          {
            title: 'Checks',
            cell: ({ node, id }) => (
              <ul class="checks">
                {checksOf(node, id).map(({ CheckID, Name, Status, Output }) => (
                  <li key={CheckID} class={Status}>
                    {Name}
                    {Status !== 'passing' && `: ${Output === '' ? Status : Output}`}
                  </li>
                ))}
              </ul>
            ),
          },
          {
            title: 'Sidecar',
            cell: ({ sidecar }) =>
              sidecar ? (
                <>
                  <Badge tone={sidecar.serves ? 'good' : 'warn'}>{sidecar.serves ? 'serves' : 'does not serve'}</Badge>
                  <code>{sidecar.address}</code>
                  {sidecar.error !== undefined && <div>{sidecar.error}</div>}
                </>
              ) : (
                '–'
              ),
          },
          {
            title: 'Tags and meta',
            cell: ({ tags, meta }) => (
              <div class="badges">
                {tags.map((tag) => (
                  <Badge key={tag}>{tag}</Badge>
                ))}
                {Object.entries(meta).map(([key, value]) => (
                  <Badge key={key}>
                    {key}={value}
                  </Badge>
                ))}
              </div>
            ),
          },
        ]}
      />
    </Card>
  );
}
