import { useState } from 'preact/hooks';
import { aclToken, setAclToken } from '../client/tokens.ts';
import { Dialog } from '../components/dialog.tsx';

/** Asks for the token that this tab shows to the API, or lets it go. */
export function AclDialog({ onClose }: { readonly onClose: () => void }) {
  const [text, setText] = useState('');
  const has = aclToken.value !== '';
  const use = (token: string): void => {
    setAclToken(token.trim());
    onClose();
  };
  return (
    <Dialog title="ACL token" onClose={onClose}>
      <form
        class="stack"
        onSubmit={(event) => {
          event.preventDefault();
          use(text);
        }}
      >
        <p>Where the agent has ACLs, this page sees and does what its token may. It is kept in this tab only, and goes with it.</p>
        <label class="stack">
          <span>SecretID</span>
          <input type="password" autoComplete="off" value={text} onInput={(event) => setText(event.currentTarget.value)} />
        </label>
        <div class="actions">
          {has && (
            <button type="button" onClick={() => use('')}>
              Forget the present one
            </button>
          )}
          <button type="submit" class="primary" disabled={text.trim() === ''}>
            Use it
          </button>
        </div>
      </form>
    </Dialog>
  );
}
