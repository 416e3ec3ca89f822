import type { Topology } from '../../../api/topology.ts';
import { useLive } from '../../client/live.ts';
import { ErrorBanner } from '../../components/error-banner.tsx';
import { Loading } from '../../components/loading.tsx';
import { PageFrame } from '../../components/page.tsx';
import type { PageProps } from '../pages.ts';

export default function TopologyPage(_props: PageProps) {
  const { data, error } = useLive<Topology>('/v1/mesh/topology');
  return (
    <PageFrame title="Topology">
      {error && <ErrorBanner text={error.message} />}
      {data ? <p>{data.services.length} services</p> : !error && <Loading />}
    </PageFrame>
  );
}
