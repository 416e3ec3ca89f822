import { useEffect, useRef, useState } from 'preact/hooks';
import { connected } from '../client/api.ts';
import { useWatch } from '../client/store.ts';
import { aclToken, keptBack } from '../client/tokens.ts';
import { toast } from '../components/toast.tsx';
import { AclDialog } from './acl-dialog.tsx';

/** What concerns all pages: no agent, and what ACLs keep back. */
export function Notices() {
  const isConnected = useWatch(connected);
  const wasConnected = useRef(true);
  useEffect(() => {
    if (isConnected && !wasConnected.current) toast('The agent answers again.');
    wasConnected.current = isConnected;
  }, [isConnected]);
  const kept = useWatch(keptBack);
  const token = useWatch(aclToken);
  const [dialog, setDialog] = useState(false);
  return (
    <div class="notices" aria-live="polite">
      {!isConnected && (
        <p class="banner bad">
          <strong>The agent does not answer.</strong> What is shown is as it was last. <code>mesh status</code> says whether it runs.
        </p>
      )}
      {kept !== 'nothing' && (
        <p class="banner warn">
          <strong>{kept === 'some' ? 'Some of it is not shown.' : 'Some of it may not be seen.'}</strong>{' '}
          {token === '' ? 'The agent has ACLs, and this page has no token.' : 'The token of this page lacks rights for it.'}{' '}
          <button type="button" onClick={() => setDialog(true)}>
            {token === '' ? 'Give a token' : 'Give another token'}
          </button>
        </p>
      )}
      {dialog && <AclDialog onClose={() => setDialog(false)} />}
    </div>
  );
}
