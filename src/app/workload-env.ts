/** What every workload inherits from this machine. Not the user's secrets: a container would not see them either. */
const INHERITED = ['PATH', 'HOME', 'USER', 'LOGNAME', 'LANG', 'LC_ALL', 'TZ', 'TMPDIR', 'XDG_CACHE_HOME'];

export function workloadEnv(env: Readonly<Record<string, string | undefined>>): Record<string, string> {
  return Object.fromEntries(INHERITED.flatMap((name) => (env[name] === undefined ? [] : [[name, env[name]]])));
}

/** `MESH_ADDRESSES=ports` shares 127.0.0.1 among all instances, as on systems without further loopback addresses. */
export function addressMode(env: Readonly<Record<string, string | undefined>>): 'loopback' | 'ports' | 'auto' {
  const mode = env['MESH_ADDRESSES'];
  return mode === 'ports' || mode === 'loopback' ? mode : 'auto';
}
