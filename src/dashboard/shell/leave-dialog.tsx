import { useWatch } from '../client/store.ts';
import { Dialog } from '../components/dialog.tsx';
import { leave, leaving } from './router.ts';

/** Asks whoever goes away from a text that is not written. */
export function LeaveDialog() {
  const address = useWatch(leaving);
  if (address === undefined) return null;
  const stay = (): void => leaving.set(undefined);
  return (
    <Dialog title="Leave without writing?" onClose={stay}>
      <div class="stack">
        <p>What you have typed here is not written, and would be lost.</p>
        <div class="actions">
          <button type="button" onClick={stay}>
            Stay
          </button>
          <button type="button" class="danger" onClick={() => leave(address)}>
            Leave
          </button>
        </div>
      </div>
    </Dialog>
  );
}
