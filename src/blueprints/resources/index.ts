import type { Dialect, ResourceType } from '../resource-type.ts';
import { blueprint } from './blueprint.ts';
import { book, chapter } from './book.ts';
import { certificateCa } from './certificate-ca.ts';
import { certificateLeaf } from './certificate-leaf.ts';
import { configEntry } from './config-entry.ts';
import { container, jumppadContainer } from './container.ts';
import { containerIngress } from './container-ingress.ts';
import { copy } from './copy.ts';
import { docs, jumppadDocs } from './docs.ts';
import { exec } from './exec.ts';
import { execLocal } from './exec-local.ts';
import { execRemote } from './exec-remote.ts';
import { helm } from './helm.ts';
import { http } from './http.ts';
import { imageCache } from './image-cache.ts';
import { ingress } from './ingress.ts';
import { intention } from './intention.ts';
import { jumppadIngress } from './jumppad-ingress.ts';
import { k8sCluster } from './k8s-cluster.ts';
import { k8sConfig } from './k8s-config.ts';
import { k8sIngress } from './k8s-ingress.ts';
import { network } from './network.ts';
import { nomadCluster } from './nomad-cluster.ts';
import { nomadIngress } from './nomad-ingress.ts';
import { nomadJob } from './nomad-job.ts';
import { output } from './output.ts';
import { ownProcess } from './process.ts';
import { randomCreature, randomId, randomNumber, randomPassword, randomUuid } from './random.ts';
import { service } from './service.ts';
import { jumppadSidecar, sidecar } from './sidecar.ts';
import { task } from './task.ts';
import { jumppadTemplate, template } from './template.ts';

/** Every resource type, one row each. */
export const RESOURCE_TYPES: readonly ResourceType[] = [
  blueprint,
  book,
  certificateCa,
  certificateLeaf,
  chapter,
  configEntry,
  container,
  jumppadContainer,
  containerIngress,
  copy,
  docs,
  jumppadDocs,
  exec,
  execLocal,
  execRemote,
  helm,
  http,
  imageCache,
  ingress,
  intention,
  jumppadIngress,
  k8sCluster,
  k8sConfig,
  k8sIngress,
  network,
  nomadCluster,
  nomadIngress,
  nomadJob,
  output,
  ownProcess,
  service,
  randomCreature,
  randomId,
  randomNumber,
  randomPassword,
  randomUuid,
  jumppadSidecar,
  sidecar,
  task,
  jumppadTemplate,
  template,
];

/** The type of this name or alias. `dialect`: how the block is written; without it any, as their life cycles are the same. */
export function resourceTypeOf(type: string, dialect?: Dialect): ResourceType | undefined {
  const rows = RESOURCE_TYPES.filter((row) => row.type === type || row.aliases?.includes(type));
  return (
    rows.find((row) => row.dialect !== undefined && row.dialect === dialect) ?? rows.find((row) => row.dialect === undefined) ?? rows[0]
  );
}
