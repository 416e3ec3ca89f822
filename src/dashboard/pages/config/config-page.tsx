import type { EntryText } from '../../../api/config-text.ts';
import { useDatacenter, withDatacenter } from '../../client/datacenter.ts';
import { useOnce } from '../../client/live.ts';
import { Empty } from '../../components/empty.tsx';
import { ErrorBanner } from '../../components/error-banner.tsx';
import { Loading } from '../../components/loading.tsx';
import { href } from '../../shell/route.ts';
import type { PageProps } from '../pages.ts';
import { EntryEditor } from './entry-editor.tsx';
import { EntryList } from './entry-list.tsx';
import { TEMPLATES } from './templates.ts';

/** `#/config`, `#/config/new/service-router`, `#/config/service-router/payments`. */
export default function ConfigPage({ params }: PageProps) {
  const datacenter = useDatacenter();
  const [kind, name] = params;
  if (kind === undefined) return <EntryList datacenter={datacenter} />;
  if (kind === 'new') {
    const template = TEMPLATES[name ?? ''] ?? '';
    return <EntryEditor key={name} title={`New ${name}`} start={template} datacenter={datacenter} onWritten={() => undefined} />;
  }
  return <Present key={`${datacenter} ${kind}/${name}`} kind={kind} name={name ?? kind} datacenter={datacenter} />;
}

function Present({ kind, name, datacenter }: { readonly kind: string; readonly name: string; readonly datacenter: string }) {
  const path = `/v1/mesh/config/${encodeURIComponent(kind)}/${encodeURIComponent(name)}`;
  const answer = useOnce<EntryText>(withDatacenter(path, datacenter));
  const { data, error } = answer;
  if (error?.status === 404)
    return (
      <Empty title={`There is no ${kind}/${name}`}>
        <a href={href(['config'])}>All config entries</a>
      </Empty>
    );
  if (!data) return error ? <ErrorBanner text={error.message} /> : <Loading />;
  return (
    <EntryEditor
      key={data.modifyIndex}
      title={`${kind}/${name}`}
      start={data.text}
      opened={data}
      datacenter={datacenter}
      onWritten={() => answer.reload()}
    />
  );
}
