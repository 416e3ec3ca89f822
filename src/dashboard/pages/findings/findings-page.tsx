import type { Finding, Findings } from '../../../api/finding.ts';
import { useLive } from '../../client/live.ts';
import { Badge } from '../../components/badge.tsx';
import { Empty } from '../../components/empty.tsx';
import { ErrorBanner } from '../../components/error-banner.tsx';
import { Loading } from '../../components/loading.tsx';
import { PageFrame } from '../../components/page.tsx';
import { href } from '../../shell/route.ts';
import type { PageProps } from '../pages.ts';

/** What can't work, or has no effect: the part of `mesh doctor` that is about the mesh. */
export default function FindingsPage(_props: PageProps) {
  const { data, error } = useLive<Findings>('/v1/mesh/findings');
  const several = new Set(data?.findings.map(({ datacenter }) => datacenter)).size > 1;
  return (
    <PageFrame title="Findings" aside={data && <span class="muted">as of index {data.index}</span>}>
      {error && <ErrorBanner text={error.message} />}
      {!data && !error && <Loading />}
      {data?.findings.length === 0 && (
        <Empty title="Nothing is wrong">
          <p>
            Entries fit together, upstreams lead somewhere, checks pass. <code>mesh doctor</code> also looks at this machine.
          </p>
        </Empty>
      )}
      <ul class="findings-list">
        {data?.findings.map((finding) => (
          <li key={`${finding.code} ${finding.datacenter} ${finding.about.kind}/${finding.about.name} ${finding.path} ${finding.summary}`}>
            <Badge tone={finding.severity === 'error' ? 'bad' : 'warn'}>{finding.severity}</Badge>
            <div>
              <p>{finding.summary}</p>
              <p class="muted">
                <Subject finding={finding} />
                {finding.path !== undefined && <span class="mono"> {finding.path}</span>}
                {several && <> in {finding.datacenter}</>}
              </p>
              <p class="findings-fix">
                <code>{finding.fix}</code>
              </p>
            </div>
          </li>
        ))}
      </ul>
    </PageFrame>
  );
}

function Subject({ finding: { about, datacenter } }: { readonly finding: Finding }) {
  const { kind, name, service } = about;
  const text = `${kind} ${name}`;
  if (kind === 'service') return <a href={href(['services', name], { dc: datacenter })}>{text}</a>;
  if (kind === 'sidecar' || kind === 'gateway')
    return service === undefined ? text : <a href={href(['services', service], { dc: datacenter })}>{text}</a>;
  return <a href={href(['config', kind, name])}>{text}</a>;
}
