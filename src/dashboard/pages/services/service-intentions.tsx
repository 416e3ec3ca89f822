import { useOnce } from '../../client/live.ts';
import { Badge } from '../../components/badge.tsx';
import { DataTable } from '../../components/data-table.tsx';
import { ErrorBanner } from '../../components/error-banner.tsx';
import { Card } from '../../components/page.tsx';
import { count } from '../../texts/numbers.ts';
import type { OfService } from './service-view.tsx';

interface Intention {
  readonly SourceName: string;
  readonly DestinationName: string;
  readonly Action?: 'allow' | 'deny';
  readonly Permissions?: readonly unknown[] | null;
  readonly Precedence: number;
  readonly Description?: string;
}

/** Who may call a service, in the order in which intentions are looked at. */
export function ServiceIntentions({ service: { name, datacenter }, topology }: OfService) {
  const query = new URLSearchParams({ by: 'destination', name, dc: datacenter });
  const { data, error } = useOnce<Record<string, Intention[] | null>>(`/v1/connect/intentions/match?${query.toString()}`, topology.index);
  return (
    <Card title="Intentions" aside={<span class="muted">the first that matches decides</span>}>
      {error && <ErrorBanner text={error.message} />}
      <DataTable
        caption={`Intentions for ${name}`}
        rows={data?.[name] ?? []}
        rowKey={({ SourceName, DestinationName }) => `${SourceName} ${DestinationName}`}
        empty="None: the default decides."
        columns={[
          { title: 'Source', cell: ({ SourceName }) => SourceName },
          { title: 'Destination', cell: ({ DestinationName }) => DestinationName },
          {
            title: 'Action',
            cell: ({ Action, Permissions }) =>
              Permissions && Permissions.length > 0 ? (
                <Badge tone="warn">{count(Permissions.length, 'permission')}</Badge>
              ) : (
                <Badge tone={Action === 'deny' ? 'bad' : 'good'}>{Action ?? 'deny'}</Badge>
              ),
          },
          { title: 'Precedence', numeric: true, cell: ({ Precedence }) => Precedence },
          { title: 'Description', cell: ({ Description = '' }) => Description },
        ]}
      />
    </Card>
  );
}
