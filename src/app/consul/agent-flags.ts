import { CONFIG_FLAGS, type ConfigFlag, configOfFlags } from '../../agent-config/flags.ts';
import type { GivenConfig } from '../agent-config/load.ts';
import type { Io } from '../io.ts';
import { Failure } from './command.ts';
import type { Flag, FlagValues } from './flags.ts';

const KINDS = { string: 'string', bool: 'bool', int: 'string', list: 'list', pair: 'list' } as const satisfies Record<
  ConfigFlag['kind'],
  Flag['kind']
>;

function flagOf({ name, kind, doc }: ConfigFlag): Flag {
  if (kind === 'bool') return { name, kind, doc };
  return { name, kind: KINDS[kind], value: kind === 'pair' ? 'key:value' : 'value', doc };
}

/** Every flag of Consul's `agent`. */
export const AGENT_FLAGS: readonly Flag[] = [
  ...CONFIG_FLAGS.map(flagOf),
  {
    name: 'config-dir',
    kind: 'list',
    value: 'value',
    doc: 'Folder whose .hcl and .json files are read, by name. Repeatable.',
    completes: 'folder',
  },
  { name: 'config-file', kind: 'list', value: 'value', doc: 'File to read, HCL or JSON by its extension. Repeatable.', completes: 'file' },
  { name: 'config-format', kind: 'string', value: 'string', doc: 'hcl or json: what all files are, whatever their extension.' },
  { name: 'dev', kind: 'bool', doc: 'For development: in memory, on loopback, with readable JSON.' },
  { name: 'hcl', kind: 'list', value: 'value', doc: 'A piece of configuration. Repeatable.' },
];

/** Throws a Failure, in Consul's words, for what makes no sense by itself. */
export function givenConfig(flags: FlagValues, { cwd, env }: Pick<Io, 'cwd' | 'env'>, needsDataDir: boolean): GivenConfig {
  const { lists, values, error } = configOfFlags(new Map(CONFIG_FLAGS.map((flag) => [flag.name, typed(flag, flags)])));
  if (error !== undefined) throw new Failure(error);
  const format = flags.string('config-format');
  if (format !== undefined && format !== '' && format !== 'hcl' && format !== 'json')
    throw new Failure("==> config: -config-format must be either 'hcl' or 'json'");
  return {
    paths: flags.inOrder(['config-file', 'config-dir']),
    ...(format ? { format } : {}),
    fragments: flags.list('hcl'),
    // What the environment says is weaker than a file.
    lists: env['MESH_COMPAT'] ? { ...lists, compat: env['MESH_COMPAT'] } : lists,
    values,
    dev: flags.bool('dev'),
    needsDataDir,
    cwd,
  };
}

function typed({ name, kind }: ConfigFlag, flags: FlagValues): readonly string[] {
  const given = flags.list(name);
  return kind === 'bool' && given.length > 0 ? [String(flags.bool(name))] : given;
}
