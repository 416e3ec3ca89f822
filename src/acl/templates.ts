import type { AclRule, NodeIdentity, ServiceIdentity, TemplatedPolicy } from '../catalog/acl-rows.ts';
import { formatRules } from './rule.ts';

/** A policy that Consul makes from the name of a service or node. */
export interface PolicyTemplate {
  readonly TemplateName: string;
  /** Consul's own id; it shows it to nobody. */
  readonly id: string;
  /** JSON schema of the variables; empty: it takes none. */
  readonly Schema: string;
  /** Text with `{{.Name}}` where the name goes. */
  readonly Template: string;
  readonly Description: string;
  rules(name: string): AclRule[];
}

const NAME_SCHEMA = `{
  "type": "object",
  "properties": {
    "name": { "type": "string", "$ref": "#/definitions/min-length-one" }
  },
  "required": ["name"],
  "definitions": {
    "min-length-one": {
      "type": "string",
      "minLength": 1
    }
  }
}`;

const named = (resource: string, name: string, access: string): AclRule => ({ resource, name, access });
const all = (resource: string, access: string): AclRule => ({ resource, name: '', prefix: true, access });

const TEMPLATES: readonly PolicyTemplate[] = [
  template(
    'builtin/api-gateway',
    8,
    true,
    'What an API gateway needs: to be the service of this name, and to see the mesh that it leads into.',
    (name) => [{ resource: 'mesh', access: 'read' }, all('node', 'read'), all('service', 'read'), named('service', name, 'write')],
  ),
  template('builtin/dns', 5, false, 'What DNS needs: to look up every node, service and prepared query.', () => [
    all('node', 'read'),
    all('service', 'read'),
    all('query', 'read'),
  ]),
  template('builtin/node', 4, true, 'What an agent needs to register the node of this name, and to see services.', nodeRules),
  template('builtin/nomad-client', 9, false, 'What a client of Nomad needs: to see agents and nodes, and to register services.', () => [
    all('agent', 'read'),
    all('node', 'read'),
    all('service', 'write'),
  ]),
  template(
    'builtin/nomad-server',
    6,
    false,
    'What a server of Nomad needs: to make tokens, to see agents and nodes, and to register services.',
    () => [{ resource: 'acl', access: 'write' }, all('agent', 'read'), all('node', 'read'), all('service', 'write')],
  ),
  template(
    'builtin/service',
    3,
    true,
    'What a service of this name and its sidecar need: to register, and to see what they may call.',
    serviceRules,
  ),
  template('builtin/workload-identity', 7, true, 'What a workload of this identity needs.', (name) => [named('identity', name, 'write')]),
];

/** All of them, by name. */
export function policyTemplates(): readonly PolicyTemplate[] {
  return TEMPLATES;
}

export function policyTemplate(name: string): PolicyTemplate | undefined {
  return TEMPLATES.find((candidate) => candidate.TemplateName === name);
}

/** A policy that stands in no table. */
export interface SyntheticPolicy {
  readonly description: string;
  readonly rules: readonly AclRule[];
  readonly text: string;
  readonly datacenters: readonly string[];
}

/** To register a service and its sidecar, and to see what they may call. */
export function serviceIdentityPolicy(identity: ServiceIdentity): SyntheticPolicy {
  const rules = serviceRules(identity.ServiceName);
  const description = `synthetic policy generated from templated policy: builtin/service`;
  return { description, rules, text: `\n${formatRules(rules)}`, datacenters: identity.Datacenters ?? [] };
}

/** To register a node, and to see services. Holds in the node's datacenter only. */
export function nodeIdentityPolicy(identity: NodeIdentity): SyntheticPolicy {
  const rules = nodeRules(identity.NodeName);
  const description = `synthetic policy generated from templated policy: builtin/node`;
  return { description, rules, text: `\n${formatRules(rules)}`, datacenters: [identity.Datacenter] };
}

/** Undefined for a template that is not known. */
export function templatedPolicy(given: TemplatedPolicy): SyntheticPolicy | undefined {
  const known = policyTemplate(given.TemplateName);
  if (!known) return undefined;
  const rules = known.rules(given.TemplateVariables?.name ?? '');
  const description = `synthetic policy generated from templated policy: ${known.TemplateName}`;
  return { description, rules, text: `\n${formatRules(rules)}`, datacenters: given.Datacenters ?? [] };
}

function serviceRules(name: string): AclRule[] {
  return [named('service', name, 'write'), named('service', `${name}-sidecar-proxy`, 'write'), all('service', 'read'), all('node', 'read')];
}

function nodeRules(name: string): AclRule[] {
  return [named('node', name, 'write'), all('service', 'read')];
}

function template(name: string, id: number, takesName: boolean, doc: string, rules: (name: string) => AclRule[]): PolicyTemplate {
  return {
    TemplateName: name,
    id: `00000000-0000-0000-0000-${String(id).padStart(12, '0')}`,
    Schema: takesName ? NAME_SCHEMA : '',
    Template: `\n${formatRules(rules('{{.Name}}'))}`,
    Description: doc,
    rules,
  };
}
