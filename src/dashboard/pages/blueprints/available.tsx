import type { AvailableInfo } from '../../../api/blueprints.ts';
import { Badge } from '../../components/badge.tsx';
import { type Column, DataTable } from '../../components/data-table.tsx';
import { Card } from '../../components/page.tsx';
import { WriteButton } from '../../components/write-button.tsx';

/** Blueprints that could be applied. Others are run from a terminal. */
export function Available({ blueprints, onRun }: AvailableProps) {
  const columns: readonly Column<AvailableInfo>[] = [
    { title: 'Blueprint', cell: ({ name }) => name },
    {
      title: 'From',
      cell: ({ origin, id }) => (origin === 'shipped' ? <Badge>comes with mesh</Badge> : <span class="mono blueprints-path">{id}</span>),
    },
    {
      title: 'Run it',
      numeric: true,
      cell: (one) => (
        <WriteButton label={`Plan and run ${one.name}`} onClick={() => onRun(one)}>
          Plan and run
        </WriteButton>
      ),
    },
  ];
  return (
    <Card title="Available">
      <DataTable
        caption="Available blueprints"
        columns={columns}
        rows={blueprints}
        rowKey={({ id }) => id}
        empty="All that there are here are applied."
      />
    </Card>
  );
}

interface AvailableProps {
  readonly blueprints: readonly AvailableInfo[];
  readonly onRun: (one: AvailableInfo) => void;
}
