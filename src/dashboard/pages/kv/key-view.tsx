import { useState } from 'preact/hooks';
import { messageOf, send } from '../../client/api.ts';
import { withDatacenter } from '../../client/datacenter.ts';
import { useLive } from '../../client/live.ts';
import { useCanWrite } from '../../client/tokens.ts';
import { Confirm } from '../../components/confirm.tsx';
import { Empty } from '../../components/empty.tsx';
import { ErrorBanner } from '../../components/error-banner.tsx';
import { Fact } from '../../components/fact.tsx';
import { Loading } from '../../components/loading.tsx';
import { PageFrame } from '../../components/page.tsx';
import { toast } from '../../components/toast.tsx';
import { WriteButton } from '../../components/write-button.tsx';
import { href } from '../../shell/route.ts';
import { leave, useUnsaved } from '../../shell/router.ts';
import { PathLinks } from './path-links.tsx';
import { contentOf, folderOf, hexDump, kvPath, lastPart, type Pair } from './value.ts';

/** One key: what it holds, and another value for it, unless somebody else has given it one since. */
export function KeyView({ name, datacenter }: { readonly name: string; readonly datacenter: string }) {
  const { data, error } = useLive<Pair[]>(withDatacenter(kvPath(name), datacenter));
  const [deleting, setDeleting] = useState(false);
  const pair = error?.status === 404 ? undefined : data?.[0];
  const remove = async (): Promise<void> => {
    const path = `${kvPath(name)}?cas=${pair?.ModifyIndex ?? 0}`;
    if ((await send<unknown>('DELETE', withDatacenter(path, datacenter))) === false) throw new Error(OVERTAKEN);
    toast(`${name} is deleted`);
    leave(href(['kv'], { prefix: folderOf(name) }));
  };
  return (
    <PageFrame
      title={<PathLinks prefix={folderOf(name)} last={lastPart(name)} />}
      aside={
        pair && (
          <WriteButton tone="danger" onClick={() => setDeleting(true)}>
            Delete
          </WriteButton>
        )
      }
    >
      {error && error.status !== 404 && <ErrorBanner text={error.message} />}
      {error?.status === 404 && <Empty title="There is no such key" />}
      {!data && !error && <Loading />}
      {pair && (
        <>
          <dl class="kv-facts">
            <Fact name="Size">{`${contentSize(pair)} bytes`}</Fact>
            <Fact name="Flags">{pair.Flags}</Fact>
            <Fact name="Changed at index">{pair.ModifyIndex}</Fact>
            <Fact name="Lock">{pair.Session ?? 'free'}</Fact>
          </dl>
          <Value pair={pair} datacenter={datacenter} />
        </>
      )}
      {deleting && pair && (
        <Confirm title={`Delete ${name}?`} action="Delete" run={remove} onClose={() => setDeleting(false)}>
          <p>{pair.Session === undefined ? 'Its value is gone then.' : 'It is locked by a session, which loses the lock.'}</p>
        </Confirm>
      )}
    </PageFrame>
  );
}

const OVERTAKEN = 'Somebody else has changed it meanwhile: it is as they left it.';

const contentSize = ({ Value }: Pair): number => atob(Value ?? '').length;

function Value({ pair, datacenter }: { readonly pair: Pair; readonly datacenter: string }) {
  const content = contentOf(pair.Value);
  if (content.type === 'text') return <TextValue pair={pair} present={content.text} datacenter={datacenter} />;
  const { bytes } = content;
  return (
    <>
      <p class="muted">
        This is no text: it is not edited here. {bytes.length > 512 && 'The first 512 bytes: '}
        <code>mesh kv put {pair.Key} @file</code> writes another.
      </p>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a region that scrolls */}
      <pre class="kv-bytes" tabIndex={0}>
        {hexDump(bytes)}
      </pre>
    </>
  );
}

function TextValue({ pair, present, datacenter }: { readonly pair: Pair; readonly present: string; readonly datacenter: string }) {
  const canWrite = useCanWrite();
  /** What is edited, and the index that it was taken at; undefined: nothing was typed yet. */
  const [draft, setDraft] = useState<{ readonly text: string; readonly from: number } | undefined>();
  const [error, setError] = useState('');
  useUnsaved(draft !== undefined && draft.text !== present);
  const text = draft?.text ?? present;
  const overtaken = draft !== undefined && draft.from !== pair.ModifyIndex;
  const save = async (): Promise<void> => {
    if (!draft) return;
    try {
      const path = `${kvPath(pair.Key)}?cas=${draft.from}&flags=${pair.Flags}`;
      if (!(await send<boolean>('PUT', withDatacenter(path, datacenter), draft.text))) return setError(OVERTAKEN);
      setDraft(undefined);
      setError('');
      toast(`${pair.Key} is written`);
    } catch (failure) {
      setError(messageOf(failure));
    }
  };
  return (
    <form
      class="stack kv-form"
      onSubmit={(event) => {
        event.preventDefault();
        void save();
      }}
    >
      {overtaken && (
        <p class="banner warn">
          Somebody else has changed it since you began. What it is now: <code class="kv-now">{present}</code>
          <br />
          <button type="button" onClick={() => setDraft(undefined)}>
            Take theirs
          </button>{' '}
          <button type="button" onClick={() => setDraft({ text, from: pair.ModifyIndex })}>
            Go on with mine
          </button>
        </p>
      )}
      {error !== '' && <ErrorBanner text={error} />}
      <label class="stack">
        <span>Value</span>
        <textarea
          class="mono"
          rows={Math.min(30, Math.max(8, text.split('\n').length + 1))}
          spellcheck={false}
          readOnly={!canWrite}
          value={text}
          onInput={(event) => setDraft({ text: event.currentTarget.value, from: draft?.from ?? pair.ModifyIndex })}
        />
      </label>
      <div class="actions">
        {draft && (
          <button type="button" onClick={() => setDraft(undefined)}>
            Undo
          </button>
        )}
        <WriteButton submit tone="primary" disabled={!draft || draft.text === present || overtaken}>
          Save
        </WriteButton>
      </div>
    </form>
  );
}
