import { ENTER, type FullScreen, frameText, LEAVE } from '../ui/full-screen.ts';

const CTRL_C = '\u0003';
const CTRL_Z = '\u001a';

/** Takes the terminal. Undefined where standard output is none. However the process ends, the terminal is given back. */
export function openFullScreen(): FullScreen | undefined {
  const { stdin, stdout } = process;
  if (!stdout.isTTY || process.env['TERM'] === 'dumb') return undefined;
  const changed = new Set<() => void>();
  const pressed = new Set<(key: string) => void>();
  let isOpen = false;
  let isBehind = false;
  const tell = (): void => {
    for (const listener of changed) listener();
  };
  const enter = (): void => {
    if (isOpen) return;
    isOpen = true;
    stdout.write(ENTER);
    if (!stdin.isTTY) return;
    stdin.setRawMode(true);
    stdin.resume();
  };
  const leave = (): void => {
    if (!isOpen) return;
    isOpen = false;
    stdout.write(LEAVE);
    if (!stdin.isTTY) return;
    stdin.setRawMode(false);
    stdin.pause();
  };
  const drained = (): void => {
    isBehind = false;
  };
  const background = (): void => {
    leave();
    process.once('SIGCONT', () => {
      enter();
      tell();
    });
    process.kill(process.pid, 'SIGTSTP');
  };
  const typed = (data: Buffer): void => {
    const text = data.toString('utf8');
    if (text.includes(CTRL_C)) process.kill(process.pid, 'SIGINT');
    else if (text.includes(CTRL_Z)) background();
    else for (const key of text.startsWith('\u001b') ? [text] : text) for (const listener of pressed) listener(key);
  };
  enter();
  stdin.on('data', typed);
  stdout.on('resize', tell);
  stdout.on('drain', drained);
  process.on('exit', leave);
  return {
    get size() {
      return { columns: stdout.columns || 80, rows: stdout.rows || 24 };
    },
    draw: (lines) => {
      if (isOpen && !isBehind) isBehind = !stdout.write(frameText(lines));
    },
    onChange: (listener) => void changed.add(listener),
    onKey: (listener) => void pressed.add(listener),
    close: () => {
      stdin.off('data', typed);
      stdout.off('resize', tell);
      stdout.off('drain', drained);
      process.off('exit', leave);
      leave();
      stdin.pause();
    },
  };
}
