import type { ContainerSpec } from '../container/spec.ts';
import type { FileWatch } from '../context.ts';

/** A program of the user's, as a meshed service: a container whose image is this machine. */
export interface ProcessSpec extends ContainerSpec {
  /** Port that it is told to listen on. */
  readonly port?: number;
  /** Central default for its service, which gives way to an entry of somebody's own. */
  readonly protocol?: { readonly service: string; readonly protocol: string };
  readonly watch?: FileWatch;
}
