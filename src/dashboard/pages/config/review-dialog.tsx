import { useState } from 'preact/hooks';
import type { ParsedEntry } from '../../../api/config-text.ts';
import { messageOf, send } from '../../client/api.ts';
import { withDatacenter } from '../../client/datacenter.ts';
import { Dialog } from '../../components/dialog.tsx';
import { ErrorBanner } from '../../components/error-banner.tsx';
import { WriteButton } from '../../components/write-button.tsx';
import { lineDiff } from './line-diff.ts';

/**
 * What a write would change, before it is written. It is written only in the place of exactly what is shown here: if somebody else
 * has changed that meanwhile, nothing is, and the changes are shown anew.
 */
export function ReviewDialog({ parsed, opened, datacenter, onAgain, onWritten, onClose }: ReviewDialogProps) {
  const [error, setError] = useState('');
  const [busy, setBusy] = useState(false);
  const { kind, name, present, entry, text = '', cautions } = parsed;
  const isSame = present?.text === text;
  const overtaken = present !== undefined && opened !== undefined && present.modifyIndex !== opened;
  const write = async (): Promise<void> => {
    setBusy(true);
    setError('');
    try {
      const path = `/v1/config?cas=${present?.modifyIndex ?? 0}`;
      if (await send<boolean>('PUT', withDatacenter(path, datacenter), entry)) return onWritten();
      setError('Somebody else has changed this entry just now: nothing is written. These are the changes to what it is by now.');
      onAgain();
    } catch (failure) {
      setError(messageOf(failure));
    }
    setBusy(false);
  };
  return (
    <Dialog title={`${present ? 'Change' : 'Create'} ${kind}/${name}`} wide onClose={onClose}>
      <div class="stack">
        {overtaken && <p class="banner warn">It has been changed since you opened it. Lines with a minus may be somebody else’s.</p>}
        {isSame ? (
          <p>Nothing would change: only its layout or comments differ, which are not kept.</p>
        ) : (
          <Diff before={present?.text ?? ''} after={text} />
        )}
        {cautions.map(({ summary, hint }) => (
          <p key={summary} class="banner warn">
            {summary}
            <br />
            <span class="muted">{hint}</span>
          </p>
        ))}
        {error !== '' && <ErrorBanner text={error} />}
        <div class="actions">
          <button type="button" onClick={onClose}>
            Back to the text
          </button>
          <WriteButton tone="primary" disabled={busy || isSame} onClick={() => void write()}>
            Write
          </WriteButton>
        </div>
      </div>
    </Dialog>
  );
}

interface ReviewDialogProps {
  readonly parsed: ParsedEntry;
  /** Index at which the text was opened. */
  readonly opened: number | undefined;
  readonly datacenter: string;
  /** Asks for the present version again. */
  readonly onAgain: () => void;
  readonly onWritten: () => void;
  readonly onClose: () => void;
}

const WORDS = { '+': 'added', '-': 'removed', ' ': '' } as const;

export function Diff({ before, after }: { readonly before: string; readonly after: string }) {
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: a region that scrolls
    <section class="config-diff" aria-label="Changes" tabIndex={0}>
      {lineDiff(before, after).map(({ sign, text }, i) => (
        <div key={i} class={WORDS[sign]}>
          <span aria-hidden="true">{sign}</span>
          {WORDS[sign] !== '' && <span class="unseen">{WORDS[sign]}: </span>}
          {text}
        </div>
      ))}
    </section>
  );
}
