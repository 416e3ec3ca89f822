import { Icon } from '../components/icon.tsx';
import { PAGES } from '../pages/pages.ts';
import { href } from './route.ts';

export function Nav({ current }: { readonly current: string }) {
  return (
    <nav class="side" aria-label="Pages">
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
