import { Icon } from '../../components/icon.tsx';
import { href } from '../../shell/route.ts';
import { lastPart, prefixesOf } from './value.ts';

/** Where in the tree one is, each folder a link. */
export function PathLinks({ prefix, last }: { readonly prefix: string; readonly last?: string }) {
  const folders = prefixesOf(prefix);
  const isHere = (one: string): boolean => one === prefix && last === undefined;
  return (
    <nav class="kv-path" aria-label="Folder">
      {folders.map((one) => {
        const name = one === '' ? 'Key-value' : lastPart(one).replace(/\/$/, '');
        return (
          <span key={one}>
            {one !== '' && <Icon name="onward" />}
            {isHere(one) ? <span aria-current="page">{name}</span> : <a href={href(['kv'], { prefix: one })}>{name}</a>}
          </span>
        );
      })}
      {last !== undefined && (
        <>
          <Icon name="onward" />
          <span aria-current="page">{last}</span>
        </>
      )}
    </nav>
  );
}
