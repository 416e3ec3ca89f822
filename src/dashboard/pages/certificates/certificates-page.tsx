import { useState } from 'preact/hooks';
import type { Certificates, LeafInfo, RootInfo } from '../../../api/certificates.ts';
import { usePoll } from '../../client/live.ts';
import { Badge } from '../../components/badge.tsx';
import { type Column, DataTable } from '../../components/data-table.tsx';
import { ErrorBanner } from '../../components/error-banner.tsx';
import { Loading } from '../../components/loading.tsx';
import { Card, PageFrame } from '../../components/page.tsx';
import { SearchField } from '../../components/search-field.tsx';
import type { PageProps } from '../pages.ts';
import { percentOver, relativeTime, urgencyOf } from './lifetime.ts';

const EVERY_MS = 10_000;

/** What the mesh vouches with, and until when. */
export default function CertificatesPage(_props: PageProps) {
  const { data, error } = usePoll<Certificates>('/v1/mesh/certificates', EVERY_MS);
  const [search, setSearch] = useState('');
  const leaves = (data?.leaves ?? []).filter(({ identity }) => identity.includes(search));
  return (
    <PageFrame title="Certificates" aside={<SearchField label="Search identities" value={search} onChange={setSearch} />}>
      {error && <ErrorBanner text={error.message} />}
      {!data && !error && <Loading />}
      {data && (
        <>
          <Card title="Roots" aside={<span class="mono muted certificates-domain">{data.trustDomain}</span>}>
            <DataTable caption="Roots" columns={rootColumns(data.at)} rows={data.roots} rowKey={({ id }) => id} />
          </Card>
          <Card title="Of services and gateways">
            <DataTable
              caption="Certificates of services and gateways"
              columns={leafColumns(data.at)}
              rows={leaves}
              rowKey={({ identity }) => identity}
              empty="No sidecar has one yet."
            />
          </Card>
        </>
      )}
    </PageFrame>
  );
}

function Lifetime({ of, at, byHand }: { readonly of: RootInfo | LeafInfo; readonly at: number; readonly byHand: boolean }) {
  const urgency = urgencyOf(of, at, byHand);
  const percent = percentOver(of, at);
  const day = new Date(of.notAfter).toISOString().replace('T', ' ').slice(0, 16);
  const words = { good: '', warn: byHand ? 'renew it soon' : 'should have been renewed', bad: at < of.notBefore ? 'not yet' : 'over' }[
    urgency
  ];
  return (
    <div class="certificates-life">
      <span>
        ends {relativeTime(of.notAfter - at)} {words !== '' && <Badge tone={urgency}>{words}</Badge>}
      </span>
      <div class={`certificates-bar ${urgency}`} role="img" aria-label={`${Math.round(percent)} % of its life is over`}>
        <div style={{ width: `${percent}%` }} />
      </div>
      <time class="muted" dateTime={new Date(of.notAfter).toISOString()}>
        {day} UTC
      </time>
    </div>
  );
}

/** A CA that users have given is renewed by them; the agent's own lives ten years, and is renewed in its last. */
const rootColumns = (at: number): readonly Column<RootInfo>[] => [
  {
    title: 'Root',
    cell: ({ commonName, id, active }) => (
      <>
        <div class="certificates-name">
          {commonName} {active ? <Badge tone="good">active</Badge> : <Badge>still trusted</Badge>}
        </div>
        <div class="mono muted certificates-name">{id}</div>
      </>
    ),
  },
  { title: 'Key', cell: ({ keyType }) => keyType },
  { title: 'Good for', cell: (root) => <Lifetime of={root} at={at} byHand={false} /> },
];

const leafColumns = (at: number): readonly Column<LeafInfo>[] => [
  {
    title: 'Identity',
    cell: ({ identity, dnsNames }) => (
      <>
        <div>{identity.split('/').at(-1)}</div>
        <div class="mono muted certificates-name">{identity}</div>
        {dnsNames.length > 0 && <div class="muted">also {dnsNames.join(', ')}</div>}
      </>
    ),
  },
  { title: 'Shown by', cell: ({ proxies }) => proxies.map((proxy) => <div key={proxy}>{proxy}</div>) },
  { title: 'Good for', cell: (leaf) => <Lifetime of={leaf} at={at} byHand={leaf.renewed === 'by hand'} /> },
  { title: 'Renewed', cell: ({ renewed }) => renewed },
  { title: 'Serial', cell: ({ serial }) => <span class="mono certificates-name">{serial}</span> },
];
