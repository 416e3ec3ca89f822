import { useState } from 'preact/hooks';
import { send } from '../../client/api.ts';
import { withDatacenter } from '../../client/datacenter.ts';
import { useLive } from '../../client/live.ts';
import { HOW_TO_WRITE, useCanWrite } from '../../client/tokens.ts';
import { Confirm } from '../../components/confirm.tsx';
import { Empty } from '../../components/empty.tsx';
import { ErrorBanner } from '../../components/error-banner.tsx';
import { Icon } from '../../components/icon.tsx';
import { Loading } from '../../components/loading.tsx';
import { PageFrame } from '../../components/page.tsx';
import { SearchField } from '../../components/search-field.tsx';
import { toast } from '../../components/toast.tsx';
import { WriteButton } from '../../components/write-button.tsx';
import { href } from '../../shell/route.ts';
import { go } from '../../shell/router.ts';
import { PathLinks } from './path-links.tsx';
import { folderOf, kvPath, lastPart } from './value.ts';

/** What is below a prefix: folders first, then keys. */
export function Folder({ prefix, datacenter }: { readonly prefix: string; readonly datacenter: string }) {
  const { data, error } = useLive<string[]>(withDatacenter(`${kvPath(prefix)}?keys&separator=/`, datacenter));
  const [search, setSearch] = useState('');
  const [deleting, setDeleting] = useState(false);
  // Consul answers 404 where there is no key.
  const isEmpty = error?.status === 404;
  const names = (isEmpty ? [] : (data ?? [])).filter((name) => lastPart(name).includes(search));
  const rows = [...names.filter((name) => isFolder(name, prefix)), ...names.filter((name) => !isFolder(name, prefix))];
  const isKnown = data !== undefined || isEmpty;
  const remove = async (): Promise<void> => {
    await send('DELETE', withDatacenter(`${kvPath(prefix)}?recurse`, datacenter));
    toast(`${prefix} is deleted`);
    go(href(['kv'], { prefix: folderOf(prefix) }));
  };
  return (
    <PageFrame
      title={<PathLinks prefix={prefix} />}
      aside={
        <>
          <SearchField label="Search keys" value={search} onChange={setSearch} />
          {prefix !== '' && (
            <WriteButton tone="danger" onClick={() => setDeleting(true)}>
              Delete folder
            </WriteButton>
          )}
          <NewLink prefix={prefix} />
        </>
      }
    >
      {error && !isEmpty && <ErrorBanner text={error.message} />}
      {!isKnown && !error && <Loading />}
      {isKnown && rows.length === 0 && search === '' && (
        <Empty title={prefix === '' ? 'There is no key yet' : 'There is nothing here any more'}>
          <p>
            Programs keep settings and locks here: <code>mesh kv put app/name value</code>.
          </p>
        </Empty>
      )}
      {isKnown && rows.length === 0 && search !== '' && <p class="none">None is called like that.</p>}
      {rows.length > 0 && (
        <ul class="kv-list">
          {rows.map((name) => (
            <li key={name}>
              <a href={href(['kv'], isFolder(name, prefix) ? { prefix: name } : { key: name })}>
                <Icon name={isFolder(name, prefix) ? 'folder' : 'file'} />
                {lastPart(name)}
              </a>
            </li>
          ))}
        </ul>
      )}
      {deleting && (
        <Confirm title={`Delete all below ${prefix}?`} action="Delete all" run={remove} onClose={() => setDeleting(false)}>
          <p>Every key that begins with it goes, also those that have come meanwhile.</p>
        </Confirm>
      )}
    </PageFrame>
  );
}

/** A key may end with a slash: it stands in the listing of its own prefix. */
const isFolder = (name: string, prefix: string): boolean => name.endsWith('/') && name !== prefix;

function NewLink({ prefix }: { readonly prefix: string }) {
  const canWrite = useCanWrite();
  return (
    <button
      type="button"
      class="primary"
      disabled={!canWrite}
      title={canWrite ? undefined : HOW_TO_WRITE}
      onClick={() => go(href(['kv', 'new'], { prefix }))}
    >
      <Icon name="plus" /> New key
    </button>
  );
}
