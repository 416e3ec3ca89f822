import { access, constants, stat } from 'node:fs/promises';
import { userInfo } from 'node:os';
import { dirname } from 'node:path';
import type { Home } from '../home.ts';
import type { StatusReport } from '../rpc/status.ts';
import { VERSION } from '../version.ts';
import { type Finding, fail, ok, warn } from './finding.ts';

const OTHER_HOME = 'set MESH_HOME to a folder that you can write to';

/** The home, or the folder in which it would be made. Makes nothing. */
export async function checkHome({ root }: Home): Promise<Finding> {
  const name = 'home';
  for (let folder = root; ; folder = dirname(folder)) {
    const info = await stat(folder).catch(() => undefined);
    if (!info && folder !== dirname(folder)) continue;
    if (info && !info.isDirectory()) return fail(name, `${folder} is not a folder`, OTHER_HOME);
    const writable = await access(folder, constants.W_OK | constants.X_OK).then(
      () => true,
      () => false,
    );
    if (!writable) return fail(name, `${folder} is not writable`, OTHER_HOME);
    if (folder === root && info && info.uid !== userInfo().uid) return fail(name, `${root} belongs to uid ${info.uid}`, OTHER_HOME);
    return ok(name, folder === root ? root : `${root}, which does not exist yet`);
  }
}

export function checkAgent(status: StatusReport | undefined): Finding {
  const name = 'agent';
  if (!status) return ok(name, 'none is running');
  const { pid, version, dataplane } = status.agent;
  if (version !== VERSION) return warn(name, `pid ${pid} is version ${version}, this is ${VERSION}`, 'mesh agent restart');
  if (!dataplane.connected && status.blueprints.length > 0) return fail(name, `pid ${pid} has no data plane`, 'mesh logs dataplane');
  return ok(name, `pid ${pid}, version ${version}`);
}

/** The data plane goes on while the agent is restarted: after an upgrade it runs the code of before. */
export function checkDataplane({ agent: { version, dataplane } }: StatusReport): Finding[] {
  const name = 'data plane';
  const { pid, pids = [pid], version: its } = dataplane;
  if (its === undefined || pid === undefined) return [];
  if (its === version) return [ok(name, `pid ${pids.join(', ')}, version ${its}`)];
  return [
    warn(
      name,
      `pid ${pids.join(', ')} is version ${its}, the agent is ${version}: it has been running since before the upgrade`,
      `kill ${pids.join(' ')}: the agent starts that of its version; connections of that second break`,
    ),
  ];
}
