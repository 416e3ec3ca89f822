import type { GatewayKind } from '../base/gateway-kind.ts';
import type { CommandBlock } from './agent-command.ts';

/** The arguments of `consul connect envoy …`, as Go's flags are read. */
export interface ConnectEnvoy {
  /** Value of a flag, without dashes; undefined if it is not given. */
  flag(name: string): string | undefined;
  has(name: string): boolean;
}

/** Undefined for a command that is another one. */
export function connectEnvoy({ entrypoint = [], command = [] }: Pick<CommandBlock, 'entrypoint' | 'command'>): ConnectEnvoy | undefined {
  const words = [...entrypoint, ...command];
  const at = words.indexOf('connect');
  if (at === -1 || words[at + 1] !== 'envoy') return undefined;
  const end = words.indexOf('--', at);
  const given = words.slice(at + 2, end === -1 ? undefined : end);
  const find = (name: string) => given.findIndex((word) => new RegExp(`^--?${name}(=|$)`).test(word));
  return {
    flag(name) {
      const index = find(name);
      if (index === -1) return undefined;
      const equals = given[index]!.indexOf('=');
      return equals === -1 ? (given[index + 1] ?? '') : given[index]!.slice(equals + 1);
    },
    has: (name) => find(name) !== -1,
  };
}

const KINDS: Readonly<Record<string, GatewayKind | 'mesh-gateway'>> = {
  ingress: 'ingress-gateway',
  terminating: 'terminating-gateway',
  api: 'api-gateway',
  mesh: 'mesh-gateway',
};

/** What `-gateway` names, in the words of registrations; `unknown` for something else, undefined for a sidecar. */
export function gatewayOf(envoy: ConnectEnvoy | undefined): GatewayKind | 'mesh-gateway' | 'unknown' | undefined {
  // The flag of Consul 1.6 and 1.7.
  if (envoy?.has('mesh-gateway')) return 'mesh-gateway';
  const wanted = envoy?.flag('gateway');
  return wanted === undefined ? undefined : (KINDS[wanted] ?? 'unknown');
}
