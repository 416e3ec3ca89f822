import { useDatacenter } from '../../client/datacenter.ts';
import type { PageProps } from '../pages.ts';
import { Folder } from './folder.tsx';
import { KeyView } from './key-view.tsx';
import { NewKey } from './new-key.tsx';

/** `#/kv?prefix=app/`, `#/kv?key=app/name`, `#/kv/new?prefix=app/`. */
export default function KvPage({ params, query }: PageProps) {
  const datacenter = useDatacenter();
  const key = query.get('key');
  const prefix = query.get('prefix') ?? '';
  if (key !== null) return <KeyView key={`${datacenter} ${key}`} name={key} datacenter={datacenter} />;
  if (params[0] === 'new') return <NewKey key={prefix} prefix={prefix} datacenter={datacenter} />;
  return <Folder key={`${datacenter} ${prefix}`} prefix={prefix} datacenter={datacenter} />;
}
