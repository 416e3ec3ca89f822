import { useEffect } from 'preact/hooks';
import type { AppliedInfo } from '../../../api/blueprints.ts';
import { Dialog } from '../../components/dialog.tsx';
import { Loading } from '../../components/loading.tsx';
import { toast } from '../../components/toast.tsx';
import { WriteButton } from '../../components/write-button.tsx';
import { Messages, Trouble } from './progress.tsx';
import { useOrder } from './use-order.ts';

/** Asks, and destroys. `isLast`: the agent ends with it, which breaks off its answer. */
export function DestroyDialog({ blueprint, isLast, onGone, onClose }: DestroyDialogProps) {
  const { id, name, resources } = blueprint;
  const order = useOrder();
  const isOver = order.state === 'done' || (isLast && order.state === 'lost');
  useEffect(() => {
    if (!isOver) return;
    if (isLast) onGone();
    else toast(`${name} is gone`);
    onClose();
  }, [isOver]);
  return (
    <Dialog title={`Destroy ${name}?`} onClose={onClose}>
      <div class="stack">
        <p>Its {resources.length} resources go, with their processes, registrations and data. What other blueprints share stays.</p>
        {isLast && (
          <p class="banner warn">
            It is the last one: the mesh goes with it, with all config entries, intentions, keys and the CA, and the agent ends. This page
            has nobody to ask then; <code>mesh run</code> begins anew.
          </p>
        )}
        <Messages messages={order.messages} />
        {order.state === 'running' && <Loading what={`Destroying ${name}`} />}
        {!isOver && <Trouble ordered={order} />}
        <div class="actions">
          <button type="button" onClick={onClose}>
            {order.state === 'running' ? 'Stop' : 'Cancel'}
          </button>
          <WriteButton tone="danger" disabled={order.state === 'running'} onClick={() => order.start('destroy', { id })}>
            Destroy
          </WriteButton>
        </div>
      </div>
    </Dialog>
  );
}

interface DestroyDialogProps {
  readonly blueprint: AppliedInfo;
  readonly isLast: boolean;
  /** The agent has ended. */
  readonly onGone: () => void;
  readonly onClose: () => void;
}
