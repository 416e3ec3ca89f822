import { useEffect, useRef } from 'preact/hooks';
import { Icon } from '../components/icon.tsx';
import { PAGES } from '../pages/pages.ts';
import { href } from './route.ts';

export function Nav({ current }: { readonly current: string }) {
  const nav = useRef<HTMLElement>(null);
  // On a narrow screen it is a row that scrolls: the present page is brought into sight.
  useEffect(() => {
    const item = nav.current!.querySelector<HTMLElement>('[aria-current]');
    if (item) nav.current!.scrollTo({ left: item.offsetLeft - (nav.current!.clientWidth - item.offsetWidth) / 2 });
  }, [current]);
  return (
    <nav ref={nav} class="side" aria-label="Pages">
      <ul>
        {PAGES.map(({ id, title, icon, key }) => (
          <li key={id}>
            <a href={href([id])} aria-current={id === current ? 'page' : undefined} title={key === undefined ? undefined : `g ${key}`}>
              <Icon name={icon} />
              <span>{title}</span>
            </a>
          </li>
        ))}
      </ul>
    </nav>
  );
}
