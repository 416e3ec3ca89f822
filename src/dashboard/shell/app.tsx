import type { ComponentType } from 'preact';
import { useEffect, useState } from 'preact/hooks';
import { messageOf } from '../client/api.ts';
import { Empty } from '../components/empty.tsx';
import { ErrorBanner } from '../components/error-banner.tsx';
import { Loading } from '../components/loading.tsx';
import { Toasts } from '../components/toast.tsx';
import { PAGES, type Page, type PageProps } from '../pages/pages.ts';
import { Header } from './header.tsx';
import { KeyHelp } from './key-help.tsx';
import { listenToKeys, useKey } from './keys.ts';
import { LeaveDialog } from './leave-dialog.tsx';
import { Nav } from './nav.tsx';
import { Notices } from './notices.tsx';
import { href } from './route.ts';
import { go, useRoute } from './router.ts';

export function App() {
  const route = useRoute();
  const [help, setHelp] = useState(false);
  useEffect(listenToKeys, []);
  useKey('?', 'show the keys', () => setHelp(true));
  useKey('/', 'search', () => document.querySelector<HTMLInputElement>('[data-search]')?.focus());
  const page = route.page === '' ? PAGES[0] : PAGES.find(({ id }) => id === route.page);
  useEffect(() => {
    document.title = page ? `${[...route.params.slice(0, 1), page.title].join(' · ')} · mesh` : 'mesh';
  }, [page, route.params[0]]);
  return (
    <>
      {/* No link: the fragment of the address is the place in the dashboard. */}
      <button type="button" class="skip" onClick={() => document.getElementById('main')?.focus()}>
        Skip to the content
      </button>
      <Header onHelp={() => setHelp(true)} />
      <div class="frame">
        <Nav current={page?.id ?? ''} />
        <main id="main" tabIndex={-1}>
          <Notices />
          {page ? (
            <Loaded key={page.id} page={page} props={{ params: route.params, query: route.query }} />
          ) : (
            <Empty title="There is no such page">
              <a href={href(['topology'])}>To the topology</a>
            </Empty>
          )}
        </main>
      </div>
      <Toasts />
      <LeaveDialog />
      {help && <KeyHelp onClose={() => setHelp(false)} />}
      {PAGES.filter(({ key }) => key !== undefined).map(({ id, key, title }) => (
        <PageKey key={id} keys={`g ${key}`} title={title} id={id} />
      ))}
    </>
  );
}

function PageKey({ keys, title, id }: { readonly keys: string; readonly title: string; readonly id: string }) {
  useKey(keys, `go to ${title}`, () => go(href([id])));
  return null;
}

function Loaded({ page, props }: { readonly page: Page; readonly props: PageProps }) {
  const [loaded, setLoaded] = useState<{ View: ComponentType<PageProps> } | undefined>();
  const [error, setError] = useState<string | undefined>();
  useEffect(() => {
    page.load().then(
      (module) => setLoaded({ View: module.default }),
      (failure: unknown) => setError(`The page could not be loaded: ${messageOf(failure)}. Load it again.`),
    );
  }, [page]);
  if (error !== undefined) return <ErrorBanner text={error} />;
  return loaded ? <loaded.View {...props} /> : <Loading />;
}
