import type { ComponentChildren } from 'preact';
import { useState } from 'preact/hooks';
import { messageOf } from '../client/api.ts';
import { Dialog } from './dialog.tsx';
import { ErrorBanner } from './error-banner.tsx';
import { WriteButton } from './write-button.tsx';

/** Asks before something goes. What `run` rejects with is shown, and the question stays. */
export function Confirm({ title, action, run, onClose, children }: ConfirmProps) {
  const [error, setError] = useState('');
  const [busy, setBusy] = useState(false);
  const act = async (): Promise<void> => {
    setBusy(true);
    try {
      await run();
      onClose();
    } catch (failure) {
      setError(messageOf(failure));
      setBusy(false);
    }
  };
  return (
    <Dialog title={title} onClose={onClose}>
      <div class="stack">
        {children}
        {error !== '' && <ErrorBanner text={error} />}
        <div class="actions">
          <button type="button" onClick={onClose}>
            Cancel
          </button>
          <WriteButton tone="danger" disabled={busy} onClick={() => void act()}>
            {action}
          </WriteButton>
        </div>
      </div>
    </Dialog>
  );
}

interface ConfirmProps {
  readonly title: string;
  /** What the button says. */
  readonly action: string;
  readonly run: () => Promise<void>;
  readonly onClose: () => void;
  readonly children?: ComponentChildren;
}
