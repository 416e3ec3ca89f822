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
  { id: 'intentions', title: 'Intentions', icon: 'intentions', key: 'i', load: () => import('./intentions/intentions-page.tsx') },
  { id: 'config', title: 'Config entries', icon: 'config', key: 'c', load: () => import('./config/config-page.tsx') },
  { id: 'findings', title: 'Findings', icon: 'findings', key: 'f', load: () => import('./findings/findings-page.tsx') },
  { id: 'blueprints', title: 'Blueprints', icon: 'blueprints', key: 'b', load: () => import('./blueprints/blueprints-page.tsx') },
  { id: 'kv', title: 'Key-value', icon: 'kv', key: 'k', load: () => import('./kv/kv-page.tsx') },
  { id: 'nodes', title: 'Nodes', icon: 'nodes', key: 'n', load: () => import('./nodes/nodes-page.tsx') },
  { id: 'certificates', title: 'Certificates', icon: 'certificates', key: 'x', load: () => import('./certificates/certificates-page.tsx') },
];
