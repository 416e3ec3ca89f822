import type { ConfigEntry, Handler, IntentionSpec, ServiceOptions, ServiceSpec } from './types.ts';

/** A service for `startMesh`. */
export function service(name: string, handler: Handler, options: ServiceOptions = {}): ServiceSpec {
  return { type: 'service', name, handler, options };
}

/** A config entry for `startMesh`: as it is, with its type checked. */
export function configEntry(entry: ConfigEntry): ConfigEntry {
  return entry;
}

/** Who may call whom, for `startMesh`. */
export function intention(source: string, destination: string, action: IntentionSpec['action']): IntentionSpec {
  return { type: 'intention', source, destination, action };
}
