import type { Chain } from '../../client/chain.ts';
import { useOnce } from '../../client/live.ts';
import { ErrorBanner } from '../../components/error-banner.tsx';
import { Loading } from '../../components/loading.tsx';
import { Card } from '../../components/page.tsx';
import { ChainPicture } from './chain-picture.tsx';
import type { OfService } from './service-view.tsx';

/** Where requests to a service go, by router, splitter and resolver. */
export function Routing({ service: { name, datacenter }, topology }: OfService) {
  const path = `/v1/discovery-chain/${encodeURIComponent(name)}?dc=${encodeURIComponent(datacenter)}`;
  const { data, error } = useOnce<{ readonly Chain: Chain }>(path, topology.index);
  if (error) return <ErrorBanner text={error.message} />;
  if (!data) return <Loading />;
  return (
    <Card title="Where a request goes">
      <ChainPicture chain={data.Chain} />
      {data.Chain.Default && <p class="card-body muted">No config entry routes, splits or redirects it: all instances are one target.</p>}
    </Card>
  );
}
