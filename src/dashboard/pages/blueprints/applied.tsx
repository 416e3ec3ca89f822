import type { AppliedInfo, ResourceInfo, WorkloadInfo } from '../../../api/blueprints.ts';
import { Badge, type Tone } from '../../components/badge.tsx';
import { type Column, DataTable } from '../../components/data-table.tsx';
import { Card } from '../../components/page.tsx';
import { WriteButton } from '../../components/write-button.tsx';

/** An applied blueprint with its resources. */
export function Applied({ blueprint, onRun, onDestroy }: AppliedProps) {
  const { id, name, title, since, paused, buildsOn, readable, resources } = blueprint;
  return (
    <Card
      title={name}
      aside={
        <span class="row">
          {readable && (
            <WriteButton label={`Plan and run ${name}`} onClick={onRun}>
              Plan and run
            </WriteButton>
          )}
          <WriteButton tone="danger" label={`Destroy ${name}`} onClick={onDestroy}>
            Destroy
          </WriteButton>
        </span>
      }
    >
      <div class="card-body blueprints-about">
        {title !== undefined && <span>{title}</span>}
        {paused && <Badge tone="warn">paused</Badge>}
        {buildsOn.length > 0 && <span class="muted">builds on {buildsOn.join(', ')}</span>}
        <span class="mono muted">{id}</span>
        <span class="muted">
          since <time dateTime={new Date(since).toISOString()}>{new Date(since).toLocaleString()}</time>
        </span>
        {!readable && <span class="muted">its files are not here: it is run from a terminal</span>}
      </div>
      <DataTable caption={`Resources of ${name}`} columns={COLUMNS} rows={resources} rowKey={({ key }) => key} />
    </Card>
  );
}

interface AppliedProps {
  readonly blueprint: AppliedInfo;
  readonly onRun: () => void;
  readonly onDestroy: () => void;
}

const TONES: Readonly<Record<ResourceInfo['status'], Tone>> = {
  created: 'good',
  creating: 'accent',
  updating: 'accent',
  destroying: 'warn',
  failed: 'bad',
};

const PHASES: Readonly<Record<string, Tone>> = { ready: 'good', running: 'good', failed: 'bad' };

const COLUMNS: readonly Column<ResourceInfo>[] = [
  { title: 'Resource', cell: ({ key }) => <span class="mono">{key}</span> },
  {
    title: 'State',
    cell: ({ status, error }) => (
      <>
        <Badge tone={TONES[status]}>{status}</Badge>
        {error !== undefined && <div class="blueprints-error">{error}</div>}
      </>
    ),
  },
  { title: 'Processes', cell: ({ workloads }) => workloads.map((one) => <Workload key={one.id} workload={one} />) },
  { title: 'Address', cell: ({ url, workloads }) => (url === undefined ? <Endpoints workloads={workloads} /> : <a href={url}>{url}</a>) },
];

const Endpoints = ({ workloads }: { readonly workloads: readonly WorkloadInfo[] }) => (
  <>
    {workloads
      .flatMap(({ endpoints }) => endpoints)
      .map((endpoint) => (
        <div key={endpoint} class="mono">
          {endpoint}
        </div>
      ))}
  </>
);

function Workload({ workload: { id, phase, restarts } }: { readonly workload: WorkloadInfo }) {
  return (
    <div class="blueprints-workload">
      <Badge tone={PHASES[phase] ?? 'warn'}>{phase}</Badge>
      <span class="mono">{id}</span>
      {restarts > 0 && <span class="muted"> restarts: {restarts}</span>}
    </div>
  );
}
