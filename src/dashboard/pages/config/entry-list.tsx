import { useState } from 'preact/hooks';
import { withDatacenter } from '../../client/datacenter.ts';
import { useLive } from '../../client/live.ts';
import { HOW_TO_WRITE, useCanWrite } from '../../client/tokens.ts';
import { Empty } from '../../components/empty.tsx';
import { ErrorBanner } from '../../components/error-banner.tsx';
import { Loading } from '../../components/loading.tsx';
import { Card, PageFrame } from '../../components/page.tsx';
import { SearchField } from '../../components/search-field.tsx';
import { href } from '../../shell/route.ts';
import { go } from '../../shell/router.ts';
import { TEMPLATES } from './templates.ts';

interface Entry {
  readonly Kind: string;
  readonly Name?: string;
}

/** All entries by kind, and a way to a new one. */
export function EntryList({ datacenter }: { readonly datacenter: string }) {
  const { data, error } = useLive<Entry[]>(withDatacenter('/v1/config/', datacenter));
  const [search, setSearch] = useState('');
  const all = (data ?? []).map(({ Kind, Name = Kind }) => ({ kind: Kind, name: Name }));
  const rows = all.filter(({ kind, name }) => `${kind}/${name}`.includes(search));
  const kinds = [...new Set(rows.map(({ kind }) => kind))].sort();
  return (
    <PageFrame
      title="Config entries"
      aside={
        <>
          <SearchField label="Search entries" value={search} onChange={setSearch} />
          <NewEntry />
        </>
      }
    >
      {error && <ErrorBanner text={error.message} />}
      {!data && !error && <Loading />}
      {data && all.length === 0 && (
        <Empty title="There is no config entry">
          <p>
            They say how services talk: protocols, routes, splits, who may call whom. Begin with one above, or with{' '}
            <code>mesh config write FILE</code>.
          </p>
        </Empty>
      )}
      {all.length > 0 && kinds.length === 0 && <p class="none">None is called like that.</p>}
      <div class="config-kinds">
        {kinds.map((kind) => (
          <Card key={kind} title={kind}>
            <ul class="config-names">
              {rows
                .filter((row) => row.kind === kind)
                .map(({ name }) => (
                  <li key={name}>
                    <a href={href(['config', kind, name])}>{name}</a>
                  </li>
                ))}
            </ul>
          </Card>
        ))}
      </div>
    </PageFrame>
  );
}

function NewEntry() {
  const canWrite = useCanWrite();
  return (
    <select
      aria-label="New entry of a kind"
      disabled={!canWrite}
      title={canWrite ? undefined : HOW_TO_WRITE}
      value=""
      onChange={(event) => go(href(['config', 'new', event.currentTarget.value]))}
    >
      <option value="">New …</option>
      {Object.keys(TEMPLATES).map((kind) => (
        <option key={kind}>{kind}</option>
      ))}
    </select>
  );
}
