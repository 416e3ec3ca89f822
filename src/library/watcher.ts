import { spawn } from 'node:child_process';

/**
 * Waits for a word on its standard input. When that ends without one, whoever started it has died: then it ends the programs whose pid files
 * are in the home, if they are still the same, and removes it.
 */
const SCRIPT = `
read -r word && exit 0
command_of() { tr '\\0' ' ' < "/proc/$1/cmdline" 2>/dev/null || ps -o command= -p "$1" 2>/dev/null; }
for file in "$1"/run/*.pid; do
  pid=$(cat "$file" 2>/dev/null) || continue
  case "$(command_of "$pid")" in *"$1/run/"*) kill -KILL "-$pid" 2>/dev/null ;; esac
done
rm -rf "$1"
`;

/** Nothing of a home survives this process, even if it is killed. */
export async function watchOver(home: string): Promise<{ release(): void }> {
  const child = spawn('/bin/sh', ['-c', SCRIPT, 'mesh-watcher', home], { detached: true, cwd: '/', stdio: ['pipe', 'ignore', 'ignore'] });
  const { stdin } = child;
  stdin.on('error', () => undefined);
  await new Promise<void>((resolve, reject) => {
    child.once('spawn', resolve);
    child.once('error', reject);
  });
  // It must not keep this process alive.
  child.unref();
  if ('unref' in stdin && typeof stdin.unref === 'function') stdin.unref();
  return { release: () => stdin.end('done\n') };
}
