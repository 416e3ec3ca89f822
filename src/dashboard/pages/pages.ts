import type { ComponentType } from 'preact';
import type { IconName } from '../components/icon.tsx';

export interface PageProps {
  /** What follows the page's id in the address: `#/services/web` has `web`. */
  readonly params: readonly string[];
  readonly query: URLSearchParams;
}

export interface Page {
  /** Its folder, and the first part of its address. */
  readonly id: string;
  readonly title: string;
  readonly icon: IconName;
  /** After `g`. */
  readonly key?: string;
  load(): Promise<{ readonly default: ComponentType<PageProps> }>;
}

/** Every page, one row each, in the order of the navigation; the first is where one arrives. */
export const PAGES: readonly Page[] = [
  { id: 'topology', title: 'Topology', icon: 'topology', key: 't', load: () => import('./topology/topology-page.tsx') },
  { id: 'services', title: 'Services', icon: 'services', key: 's', load: () => import('./services/services-page.tsx') },
];
