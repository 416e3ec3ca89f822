import { useState } from 'preact/hooks';
import { messageOf, send } from '../../client/api.ts';
import { withDatacenter } from '../../client/datacenter.ts';
import { ErrorBanner } from '../../components/error-banner.tsx';
import { PageFrame } from '../../components/page.tsx';
import { toast } from '../../components/toast.tsx';
import { WriteButton } from '../../components/write-button.tsx';
import { href } from '../../shell/route.ts';
import { go } from '../../shell/router.ts';
import { PathLinks } from './path-links.tsx';
import { kvPath } from './value.ts';

/** A key that is not there yet: one that is stays as it is. */
export function NewKey({ prefix, datacenter }: { readonly prefix: string; readonly datacenter: string }) {
  const [key, setKey] = useState(prefix);
  const [value, setValue] = useState('');
  const [error, setError] = useState('');
  const create = async (): Promise<void> => {
    try {
      const done = await send<boolean>('PUT', withDatacenter(`${kvPath(key)}?cas=0`, datacenter), value);
      if (!done) return setError(`There is a key ${key} already: it stays as it is.`);
      toast(`${key} is written`);
      go(href(['kv'], { key }));
    } catch (failure) {
      setError(messageOf(failure));
    }
  };
  return (
    <PageFrame title={<PathLinks prefix={prefix} last="new" />}>
      {error !== '' && <ErrorBanner text={error} />}
      <form
        class="stack kv-form"
        onSubmit={(event) => {
          event.preventDefault();
          void create();
        }}
      >
        <label class="stack">
          <span>Key</span>
          <input class="mono" required value={key} onInput={(event) => setKey(event.currentTarget.value)} />
        </label>
        <label class="stack">
          <span>Value</span>
          <textarea class="mono" rows={10} spellcheck={false} value={value} onInput={(event) => setValue(event.currentTarget.value)} />
        </label>
        <div class="actions">
          <WriteButton submit tone="primary" disabled={key === '' || key.startsWith('/')}>
            Create
          </WriteButton>
        </div>
      </form>
    </PageFrame>
  );
}
