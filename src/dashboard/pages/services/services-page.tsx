import type { PageProps } from '../pages.ts';
import { ServiceList } from './service-list.tsx';
import { ServiceView } from './service-view.tsx';

/** All services, or one of them. */
export default function ServicesPage({ params, query }: PageProps) {
  const [name] = params;
  return name === undefined ? (
    <ServiceList />
  ) : (
    <ServiceView key={name} name={name} datacenter={query.get('dc') ?? ''} tab={query.get('tab') ?? ''} />
  );
}
