import { dirname, isAbsolute, join, relative, resolve } from 'node:path';
import { messageOf } from '../base/errors.ts';
import { type FunctionFailure, failure, type HclFunction, PURE_FUNCTIONS } from '../hcl/hcl2/index.ts';
import { describeType, type Located } from '../schema/located.ts';
import type { LoadOptions } from './loaded.ts';
import { shownPath } from './paths.ts';

/** Where Shipyard's clusters have their API servers. Manifests are interpreted here, so nothing listens there. */
const API_PORTS: Readonly<Record<string, { protocol: string; port: number }>> = {
  k8s_cluster: { protocol: 'https', port: 6443 },
  nomad_cluster: { protocol: 'http', port: 4646 },
};

/** The functions of Shipyard's language, as one file of a blueprint sees them. */
export function blueprintFunctions(
  file: string,
  { env, userHome, dataFolder, files, cwd }: Pick<LoadOptions, 'env' | 'userHome' | 'dataFolder' | 'files' | 'cwd'>,
): ReadonlyMap<string, HclFunction> {
  const data = (name: string, mode: number, force: boolean): Located | FunctionFailure => {
    const root = join(dataFolder, 'data');
    const path = join(root, name);
    if (name === '' || isOutside(root, path)) return failure(`${JSON.stringify(name)} is not the name of a folder below ${root}`, 0);
    try {
      files.makeFolder(path, mode, force);
      return text(path);
    } catch (error) {
      return failure(`can't make ${path}: ${messageOf(error)}`);
    }
  };
  const content = (path: string): Located | FunctionFailure => {
    try {
      return text(files.readNow(path));
    } catch {
      return failure(`can't read ${shownPath(path, cwd)}`, 0, 'paths are relative to the file that they stand in');
    }
  };
  const kubeconfig = (cluster: string, name: string): Located => text(join(dataFolder, 'config', cluster, name));
  return new Map<string, HclFunction>([
    ...PURE_FUNCTIONS,
    ['env', ofTexts(['name'], (name) => text(env[name] ?? ''))],
    ['home', constant(userHome)],
    ['shipyard', constant(dataFolder)],
    ['data', ofTexts(['name'], (name) => data(name, 0o775, false))],
    ['data_with_permissions', ofTexts(['name', 'mode'], (name, mode) => withMode(mode, (bits) => data(name, bits, true)))],
    ['k8s_config', ofTexts(['cluster'], (cluster) => kubeconfig(cluster, 'kubeconfig.yaml'))],
    ['k8s_config_docker', ofTexts(['cluster'], (cluster) => kubeconfig(cluster, 'kubeconfig-docker.yaml'))],
    // Workloads are processes of this machine: what Shipyard had in Docker is at home here.
    ['docker_ip', constant('127.0.0.1')],
    ['docker_host', constant(env['DOCKER_HOST'] || '/var/run/docker.sock')],
    ['shipyard_ip', constant('127.0.0.1')],
    ['cluster_api', ofTexts(['cluster'], (key) => ofCluster(key, ({ protocol, port }) => text(`${protocol}://127.0.0.1:${port}`)))],
    ['cluster_port', ofTexts(['cluster'], (key) => ofCluster(key, ({ port }) => ({ type: 'number', value: port })))],
    ['file', ofTexts(['path'], (path) => content(resolve(dirname(file), path)))],
    ['file_path', constant(file)],
    ['file_dir', constant(dirname(file))],
  ]);
}

const text = (value: string): Located => ({ type: 'string', value });

const constant = (value: string): HclFunction => ({ parameters: [], call: () => text(value) });

/** A function of strings. */
function ofTexts(parameters: readonly string[], call: (...texts: string[]) => Located | FunctionFailure): HclFunction {
  return {
    parameters,
    call(args) {
      const texts: string[] = [];
      for (const [i, arg] of args.entries()) {
        if (arg.type === 'string') texts.push(arg.value);
        else if (arg.type === 'number') texts.push(arg.raw ?? String(arg.value));
        else return failure(`expected a string, not ${describeType(arg)}`, i);
      }
      return call(...texts);
    },
  };
}

function withMode(mode: string, then: (bits: number) => Located | FunctionFailure): Located | FunctionFailure {
  if (/^[0-7]{3,4}$/.test(mode)) return then(Number.parseInt(mode, 8));
  return failure(`${JSON.stringify(mode)} is not a mode of a folder`, 1, 'write it as three or four octal digits: "0777"');
}

function ofCluster(key: string, then: (api: { protocol: string; port: number }) => Located): Located | FunctionFailure {
  const [type = '', name] = key.split('.');
  const api = Object.hasOwn(API_PORTS, type) ? API_PORTS[type] : undefined;
  if (api && name !== undefined) return then(api);
  return failure(`${JSON.stringify(key)} is not a reference to a cluster`, 0, 'write it as "k8s_cluster.<name>"');
}

function isOutside(root: string, path: string): boolean {
  const below = relative(root, path);
  return below === '' || below.startsWith('..') || isAbsolute(below);
}
