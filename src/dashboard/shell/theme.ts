import { Watchable } from '../../base/watch.ts';

export type Theme = 'system' | 'light' | 'dark';

const KEY = 'mesh-theme';
const kept = localStorage.getItem(KEY);

export const theme = new Watchable<Theme>(kept === 'light' || kept === 'dark' ? kept : 'system');

const systemDark = matchMedia('(prefers-color-scheme: dark)');

/** What is shown: charts, which are drawn by colours, are drawn again when it changes. */
export const isDark = new Watchable(false);

export function applyTheme(): void {
  const root = document.documentElement;
  if (theme.value === 'system') delete root.dataset['theme'];
  else root.dataset['theme'] = theme.value;
  isDark.set(theme.value === 'dark' || (theme.value === 'system' && systemDark.matches));
}

systemDark.addEventListener('change', applyTheme);

/** To the other of the two that is shown. */
export function toggleTheme(): void {
  theme.set(isDark.value ? 'light' : 'dark');
  localStorage.setItem(KEY, theme.value);
  applyTheme();
}
