import { useMemo, useState } from 'preact/hooks';
import type { Topology } from '../../../api/topology.ts';
import { useDatacenter, withDatacenter } from '../../client/datacenter.ts';
import { useLive, useOnce } from '../../client/live.ts';
import { Empty } from '../../components/empty.tsx';
import { ErrorBanner } from '../../components/error-banner.tsx';
import { Loading } from '../../components/loading.tsx';
import { PageFrame } from '../../components/page.tsx';
import { SearchField } from '../../components/search-field.tsx';
import type { PageProps } from '../pages.ts';
import { CellDialog } from './cell-dialog.tsx';
import { Grid } from './grid.tsx';
import { type Cell, type Decision, type Intention, matrixOf } from './matrix.ts';

/** Who may call whom: each cell says what holds and why, and a click on it changes that. */
export default function IntentionsPage(_props: PageProps) {
  const datacenter = useDatacenter();
  const topology = useLive<Topology>('/v1/mesh/topology');
  const listed = useLive<Intention[]>(withDatacenter('/v1/connect/intentions', datacenter));
  const fallback = useDefault(listed.data, datacenter);
  const [search, setSearch] = useState('');
  const [chosen, setChosen] = useState<Cell | undefined>();
  const intentions = listed.data ?? [];
  const services = useMemo(() => {
    const dc = datacenter === '' ? topology.data?.datacenters[0] : datacenter;
    return [...new Set((topology.data?.services ?? []).filter((one) => one.datacenter === dc).map(({ name }) => name))];
  }, [topology.data, datacenter]);
  const matrix = matrixOf(services, intentions, fallback);
  const peers = intentions.filter(({ SourcePeer = '' }) => SourcePeer !== '').length;
  const error = listed.error ?? topology.error;
  const matches = (name: string): boolean => name === '*' || name.includes(search);
  const isReady = listed.data !== undefined && topology.data !== undefined;
  return (
    <PageFrame title="Intentions" aside={<SearchField label="Search services" value={search} onChange={setSearch} />}>
      {error && <ErrorBanner text={error.message} />}
      {!isReady && !error && <Loading />}
      {isReady && services.length === 0 && intentions.length === 0 && (
        <Empty title="There is no service yet">
          <p>Once a blueprint runs, this is the table of who may call whom.</p>
        </Empty>
      )}
      {isReady && (services.length > 0 || intentions.length > 0) && (
        <>
          <p class="intentions-legend muted">
            Rows call columns. <span class="intentions-mark allow">✓ allowed</span> <span class="intentions-mark deny">✕ denied</span>{' '}
            <span class="intentions-mark mixed">◐ by request</span> Dashed: inherited from a rule with <code>*</code>, or from the default
            {fallback === 'unknown' ? '' : `, which is to ${fallback}`}.
          </p>
          <Grid
            matrix={matrix}
            sources={matrix.sources.filter(matches)}
            destinations={matrix.destinations.filter(matches)}
            onChoose={setChosen}
          />
          {peers > 0 && <p class="muted">{peers} intentions are for calls of cluster peers: they are not shown here.</p>}
        </>
      )}
      {chosen && (
        <CellDialog
          // As it is by now, not as it was when it was clicked.
          cell={matrix.cell(chosen.source, chosen.destination)}
          matrix={matrix}
          fallback={fallback}
          datacenter={datacenter}
          onClose={() => setChosen(undefined)}
        />
      )}
    </PageFrame>
  );
}

/** What counts where no intention speaks: what the agent says of two services that there are not, unless `* => *` speaks for them. */
function useDefault(intentions: readonly Intention[] | undefined, datacenter: string): Decision {
  const isCovered = intentions?.some(({ SourceName, DestinationName }) => SourceName === '*' && DestinationName === '*') ?? true;
  const path = '/v1/connect/intentions/check?source=no-such-caller&destination=no-such-service';
  const { data } = useOnce<{ Allowed: boolean }>(isCovered ? undefined : withDatacenter(path, datacenter));
  return data === undefined ? 'unknown' : data.Allowed ? 'allow' : 'deny';
}
