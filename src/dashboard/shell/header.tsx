import { useState } from 'preact/hooks';
import { chosenDatacenter, useDatacenters } from '../client/datacenter.ts';
import { useWatch } from '../client/store.ts';
import { aclToken, HOW_TO_WRITE, useCanWrite } from '../client/tokens.ts';
import { Icon } from '../components/icon.tsx';
import { AclDialog } from './acl-dialog.tsx';
import { href } from './route.ts';
import { isDark, toggleTheme } from './theme.ts';

export function Header({ onHelp }: { readonly onHelp: () => void }) {
  const datacenters = useDatacenters();
  const chosen = useWatch(chosenDatacenter);
  const dark = useWatch(isDark);
  const canWrite = useCanWrite();
  const hasAcl = useWatch(aclToken) !== '';
  const [acl, setAcl] = useState(false);
  return (
    <header class="top">
      <a class="brand" href={href(['topology'])} aria-label="mesh, to the topology">
        <Icon name="logo" />
        <span>mesh</span>
      </a>
      {datacenters.length > 1 ? (
        <select
          class="datacenter"
          aria-label="Datacenter"
          value={chosen}
          onChange={(event) => chosenDatacenter.set(event.currentTarget.value)}
        >
          <option value="">{datacenters[0]}</option>
          {datacenters.slice(1).map((name) => (
            <option key={name}>{name}</option>
          ))}
        </select>
      ) : (
        <span class="datacenter">{datacenters[0]}</span>
      )}
      <span class="spacer" />
      {!canWrite && (
        <span class="readonly" title={HOW_TO_WRITE}>
          <Icon name="eye" /> Read only
        </span>
      )}
      <button type="button" class="ghost icon" aria-label={hasAcl ? 'ACL token: one is set' : 'ACL token'} onClick={() => setAcl(true)}>
        <Icon name="key" />
      </button>
      <button type="button" class="ghost icon" aria-label={dark ? 'Light colours' : 'Dark colours'} onClick={toggleTheme}>
        <Icon name={dark ? 'sun' : 'moon'} />
      </button>
      <button type="button" class="ghost icon" aria-label="Keys" onClick={onHelp}>
        <Icon name="help" />
      </button>
      {acl && <AclDialog onClose={() => setAcl(false)} />}
    </header>
  );
}
