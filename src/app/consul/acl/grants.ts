import { messageOf } from '../../../base/errors.ts';
import type { Io } from '../../io.ts';
import type { ApiClient } from '../client.ts';
import { attempt, Failure } from '../command.ts';
import type { FlagValues } from '../flags.ts';
import { policyId, roleId } from './lookup.ts';
import type { Link, NodeIdentity, ServiceIdentity, TemplatedPolicy } from './model.ts';

/** Reads what flags grant. Everything throws, or rejects with, a Failure in Consul's words. */

export function serviceIdentities(texts: readonly string[]): ServiceIdentity[] {
  return texts.map((text) => {
    const [name = '', datacenters, ...more] = text.split(':');
    if (more.length > 0) throw new Failure(`Malformed -service-identity argument: ${JSON.stringify(text)}`);
    return datacenters === undefined ? { ServiceName: name } : { ServiceName: name, Datacenters: datacenters.split(',') };
  });
}

export function nodeIdentities(texts: readonly string[]): NodeIdentity[] {
  return texts.map((text) => {
    const [name, datacenter, ...more] = text.split(':');
    if (name === undefined || datacenter === undefined || more.length > 0)
      throw new Failure(`Malformed -node-identity argument: ${JSON.stringify(text)}`);
    return { NodeName: name, Datacenter: datacenter };
  });
}

export async function policyLinks(api: ApiClient, names: readonly string[], ids: readonly string[]): Promise<Link[]> {
  const resolved = await Promise.all(ids.map((id) => attempt(`Error resolving policy ID ${id}`, policyId(api, id))));
  return [...names.map((Name) => ({ Name })), ...resolved.map((ID) => ({ ID }))];
}

export async function roleLinks(api: ApiClient, names: readonly string[], ids: readonly string[]): Promise<Link[]> {
  const resolved = await Promise.all(ids.map((id) => attempt(`Error resolving role ID ${id}`, roleId(api, id))));
  return [...names.map((Name) => ({ Name })), ...resolved.map((ID) => ({ ID }))];
}

export interface TemplateSource {
  readonly name?: string | undefined;
  readonly file?: string | undefined;
  readonly variables: readonly string[];
}

/** From a name with variables, or from a file of several. */
export async function templatedPolicies({ name, file, variables }: TemplateSource, io: Io): Promise<TemplatedPolicy[]> {
  if (!name && !file) {
    if (variables.length > 0) throw new Failure('Cannot specify variables without specifying -templated-policy');
    return [];
  }
  if (name && file) throw new Failure('Cannot combine the use of templated-policy flag with templated-policy-file flag');
  if (file) return readTemplates(file, io);
  const given = Object.fromEntries(variables.map(variable));
  return [{ TemplateName: name!, ...(variables.length > 0 ? { TemplateVariables: given } : {}) }];
}

function variable(text: string): [string, string] {
  const [key = '', ...value] = text.split(':');
  if (key.trim() === '' || value.length !== 1 || value[0]!.trim() === '')
    throw new Failure(`malformed -var argument: ${JSON.stringify(text)}`);
  // The only variable that Consul's templates have.
  return [key.trim().toLowerCase() === 'name' ? 'Name' : key.trim(), value[0]!.trim()];
}

/** `TemplatedPolicies "builtin/service" { Name = "api" Datacenters = ["dc1"] }`, or the same as JSON. */
async function readTemplates(file: string, io: Io): Promise<TemplatedPolicy[]> {
  const { readInput } = await import('../files.ts');
  const { decodeConsulText } = await import('../../../hcl/hcl1/index.ts');
  const { toJson } = await import('../../../schema/located.ts');
  const text = await readInput(file, io).catch((error: unknown) => {
    throw new Failure(`failed to load template file: ${messageOf(error)}`);
  });
  const { value, diagnostics } = decodeConsulText({ name: file, text });
  const wrong = diagnostics.find(({ severity }) => severity === 'error');
  if (wrong) throw new Failure(`failed to decode template file: ${wrong.summary}`);
  return flatten(toJson(value)).map(([TemplateName, { Datacenters, datacenters, ...variables }]) => ({
    TemplateName,
    ...(Object.keys(variables).length > 0 ? { TemplateVariables: { Name: String(variables['Name'] ?? variables['name']) } } : {}),
    ...(Datacenters || datacenters ? { Datacenters: (Datacenters ?? datacenters) as string[] } : {}),
  }));
}

/** The labelled blocks below `TemplatedPolicies` or `TemplatedPolicy`, however often they are written. */
function flatten(json: unknown): [string, Record<string, unknown>][] {
  const list = (value: unknown): unknown[] => (Array.isArray(value) ? value.flatMap(list) : [value]);
  const maps = (value: unknown): Record<string, unknown>[] =>
    list(value).filter((one): one is Record<string, unknown> => typeof one === 'object' && one !== null);
  return maps(json)
    .flatMap((map) => Object.entries(map))
    .filter(([key]) => /^templated_?polic(y|ies)$/i.test(key))
    .flatMap(([, blocks]) => maps(blocks))
    .flatMap((block) => Object.entries(block))
    .flatMap(([name, bodies]) => maps(bodies).map((body): [string, Record<string, unknown>] => [name, body]));
}

/** Consul of before 1.17 refuses a request that names them. */
export const templatedIn = (policies: readonly TemplatedPolicy[]): { readonly TemplatedPolicies?: readonly TemplatedPolicy[] } =>
  policies.length > 0 ? { TemplatedPolicies: policies } : {};

/** Where `-templated-policy…` of a set of flags stand. */
export function templateSource(flags: FlagValues, prefix = ''): TemplateSource {
  return {
    name: flags.string(`${prefix}templated-policy`),
    file: flags.string(`${prefix}templated-policy-file`),
    variables: flags.list('var'),
  };
}
