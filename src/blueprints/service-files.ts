import type { ServiceDefinition } from '../base/registration.ts';
import type { Mount } from '../base/workload.ts';
import type { LowerContext } from './resource-type.ts';

/** Service definitions that a VM image finds below /config: `*.hcl` and `*.json` files, as its Consul client reads them. */
export async function readServiceDefinitions(mounts: readonly Mount[], context: LowerContext): Promise<ServiceDefinition[]> {
  const definitions: ServiceDefinition[] = [];
  for (const [i, mount] of mounts.entries()) {
    if (!/^\/config(\/|$)/.test(mount.destination) || !('path' in mount.source)) continue;
    for (const path of await configFiles(mount.source.path, mount.destination, context)) {
      const source = await context.read(path, context.at(`volume[${i}].source`));
      if (!source) continue;
      const { decodeConsulText } = await import('../hcl/hcl1/index.ts');
      const { decodeServiceDefinitions } = await import('../entries/service-definition.ts');
      const parsed = decodeConsulText(source);
      for (const diagnostic of parsed.diagnostics) context.report(diagnostic);
      if (parsed.diagnostics.some((diagnostic) => diagnostic.severity === 'error')) continue;
      const decoded = decodeServiceDefinitions(parsed.value);
      for (const { form: _, ...diagnostic } of decoded.problems) context.report(diagnostic);
      definitions.push(...decoded.services);
    }
  }
  return definitions;
}

async function configFiles(path: string, destination: string, context: LowerContext): Promise<string[]> {
  const names = await context.list(path);
  if (!names) return /\.(hcl|json)$/.test(destination) && (await context.exists(path)) ? [path] : [];
  return names
    .filter((name) => /\.(hcl|json)$/.test(name))
    .toSorted()
    .map((name) => `${path}/${name}`);
}
