import { MeshError } from '../base/errors.ts';
import type { AddressRequest, ApplyContext } from './context.ts';

/** Ports that most systems leave to the administrator. */
const FIRST_FREE_PORT = 1024;

/**
 * Allocates an address with those of the ports that this user may open there. On most Linux systems ports below 1024 are
 * not, though a container could have them: what can be had is better than nothing.
 */
export async function allocateAllowed(
  request: AddressRequest,
  context: ApplyContext,
): Promise<{ address: string; ports: readonly number[] }> {
  const { ports } = request;
  try {
    return { address: await context.allocate(request), ports };
  } catch (error) {
    const free = ports.filter((port) => port >= FIRST_FREE_PORT);
    const refused = error instanceof MeshError && error.code === 'environment' && free.length < ports.length;
    if (!refused) throw error;
    return { address: await context.allocate({ ...request, ports: free }), ports: free };
  }
}
