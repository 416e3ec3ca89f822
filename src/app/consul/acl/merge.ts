import { type Link, type NodeIdentity, type ServiceIdentity, type TemplatedPolicy, variableName } from './model.ts';

/** What is there, and what is added to it. */

export function mergeLinks(present: readonly Link[], added: readonly Link[]): Link[] {
  const isThere = (link: Link): boolean =>
    present.some((other) => (link.ID === undefined ? other.Name === link.Name : other.ID === link.ID));
  return [...present, ...added.filter((link) => !isThere(link))];
}

/** An identity of the same service takes the place of the one before. */
export function mergeServices(present: readonly ServiceIdentity[], added: readonly ServiceIdentity[]): ServiceIdentity[] {
  const merged = new Map(present.map((identity) => [identity.ServiceName, identity]));
  for (const identity of added) merged.set(identity.ServiceName, identity);
  return [...merged.values()];
}

export function mergeNodes(present: readonly NodeIdentity[], added: readonly NodeIdentity[]): NodeIdentity[] {
  const isThere = (one: NodeIdentity): boolean =>
    present.some((other) => other.NodeName === one.NodeName && other.Datacenter === one.Datacenter);
  return [...present, ...added.filter((identity) => !isThere(identity))];
}

export function mergeTemplates(present: readonly TemplatedPolicy[], added: readonly TemplatedPolicy[]): TemplatedPolicy[] {
  const key = ({ TemplateName, TemplateVariables }: TemplatedPolicy): string => `${TemplateName} ${variableName(TemplateVariables)}`;
  const merged = new Map(present.map((policy) => [key(policy), policy]));
  for (const policy of added) merged.set(key(policy), policy);
  return [...merged.values()];
}
