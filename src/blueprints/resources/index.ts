import type { ResourceType } from '../resource-type.ts';
import { container } from './container.ts';
import { ingress } from './ingress.ts';
import { k8sCluster } from './k8s-cluster.ts';
import { k8sConfig } from './k8s-config.ts';
import { network } from './network.ts';
import { output } from './output.ts';

/** Every resource type, one row each. */
export const RESOURCE_TYPES: readonly ResourceType[] = [container, ingress, k8sCluster, k8sConfig, network, output];

export function resourceTypeOf(type: string): ResourceType | undefined {
  return RESOURCE_TYPES.find((row) => row.type === type);
}
