import { errorAt } from '../base/diagnostic.ts';
import type { Range } from '../base/source.ts';
import { didYouMean } from '../base/suggest.ts';
import { builtinImage } from '../images/builtin.ts';
import type { LowerContext } from './resource-type.ts';

/** A word of a command line, and where it stands. */
export interface Word {
  readonly text: string;
  readonly at: Range | undefined;
}

/** What Consul's image runs by itself: a server to try things out with. */
const IMAGE_COMMAND = ['agent', '-dev', '-client', '0.0.0.0'];

export interface CommandBlock {
  readonly image: { readonly name: string };
  readonly entrypoint?: readonly string[];
  readonly command?: readonly string[];
}

/** Whether a container runs `consul agent …`, or `agent …` as Consul's image takes it. */
export function isConsulAgent(block: CommandBlock): boolean {
  return agentCommand(block, () => undefined) !== undefined;
}

export interface AgentCommand {
  readonly words: readonly Word[];
  /** Whether the start script of the image runs, which adds a folder and CONSUL_LOCAL_CONFIG. */
  readonly throughImage: boolean;
}

/** The arguments of `consul agent`; undefined for a container that runs something else. */
export function agentCommand(
  { image, entrypoint = [], command = [] }: CommandBlock,
  at: (path: string) => Range | undefined,
): AgentCommand | undefined {
  const builtin = builtinImage(image.name);
  if (builtin?.program !== 'consul') return undefined;
  const given: Word[] = [
    ...entrypoint.map((text, i) => ({ text, at: at(`entrypoint[${i}]`) })),
    ...command.map((text, i) => ({ text, at: at(`command[${i}]`) })),
  ];
  const own = IMAGE_COMMAND.map((text) => ({ text, at: at('image.name') }));
  const words = given.length === 0 && !builtin.registers ? own : given;
  const first = words[0]?.text ?? '';
  const isProgram = first === 'consul' || first.endsWith('/consul');
  const start = isProgram || first.endsWith('docker-entrypoint.sh') ? 1 : 0;
  return words[start]?.text === 'agent' ? { words: words.slice(start + 1), throughImage: !isProgram } : undefined;
}

/** Values of flags by name, without dashes; a flag may be given several times. */
export type AgentFlags = ReadonlyMap<string, readonly Word[]>;

/** Flags of `consul agent` that take a value; the others stand alone. */
const WITH_VALUE = new Set(
  'advertise advertise-wan alt-domain bind bootstrap-expect check_output_max_size client config-dir config-file config-format data-dir datacenter default-query-time dns-port domain encrypt grpc-port grpc-tls-port hcl http-port https-port join join-wan log-file log-level log-rotate-bytes log-rotate-duration log-rotate-max-files max-query-time node node-id node-meta pid-file primary-gateway protocol raft-protocol recursor retry-interval retry-interval-wan retry-join retry-join-wan retry-max retry-max-wan segment serf-lan-allowed-cidrs serf-lan-bind serf-lan-port serf-wan-allowed-cidrs serf-wan-bind serf-wan-port server-port ui-content-path ui-dir'.split(
    ' ',
  ),
);
const ALONE = new Set(
  'auto-reload-config bootstrap dev disable-host-node-id disable-keyring-file enable-local-script-checks enable-script-checks log-json non-voting-server read-replica rejoin server syslog ui'.split(
    ' ',
  ),
);

/** `-config-file=/config`: something for `consul agent` and for no other of Consul's commands. */
export function isAgentFlag(word: string): boolean {
  const [, name = ''] = /^--?([^=]+)/.exec(word) ?? [];
  return WITH_VALUE.has(name) || ALONE.has(name);
}

/** Reads the arguments of `consul agent` as Go's flags are read: `-a b`, `-a=b`, `--a=b`. */
export function parseAgentFlags(words: readonly Word[], context: LowerContext): AgentFlags {
  const flags = new Map<string, Word[]>();
  for (let i = 0; i < words.length; i++) {
    const word = words[i]!;
    const [, name = '', value] = /^--?([^=]+)(?:=(.*))?$/s.exec(word.text) ?? [];
    if (!WITH_VALUE.has(name) && !ALONE.has(name)) {
      const what = name === '' ? `${JSON.stringify(word.text)} can't stand` : `flag -${name} is not known`;
      const known = [...WITH_VALUE, ...ALONE].map((flag) => `-${flag}`);
      const near = name === '' ? {} : didYouMean(`-${name}`, known);
      context.report(errorAt(word.at, `${what} in the command of a Consul agent`, near));
      continue;
    }
    const next = value === undefined && WITH_VALUE.has(name) ? words[++i] : undefined;
    if (value === undefined && WITH_VALUE.has(name) && !next)
      context.report(errorAt(word.at, `flag -${name} needs a value`, { detail: `write it as "-${name}=…"` }));
    const given = next ?? { text: value ?? (ALONE.has(name) ? 'true' : ''), at: word.at };
    flags.set(name, [...(flags.get(name) ?? []), given]);
  }
  return flags;
}

/** What a flag says in the end: the last one counts. */
export const lastOf = (flags: AgentFlags, name: string): string | undefined => flags.get(name)?.at(-1)?.text;
