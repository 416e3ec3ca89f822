import { messageOf } from '../../base/errors.ts';
import type { Input } from '../../commands/command.ts';
import { type Style, styleOf } from '../../ui/style.ts';
import { type Finding, fail } from '../check/finding.ts';
import { checkAgent, checkHome } from '../check/home.ts';
import { checkBrowser, checkGit, checkLimits, checkNode } from '../check/machine.ts';
import { checkAbstractSockets, checkApiPort, checkHostPorts, checkLoopback } from '../check/network.ts';
import { checkSettings } from '../check/settings.ts';
import { type Home, homeOf } from '../home.ts';
import type { Io } from '../io.ts';
import type { StatusReport } from '../rpc/status.ts';
import { statusOf } from './status.ts';

/** `mesh check`: what of this machine a mesh needs. Exit code 1 if something keeps it from running. Changes nothing. */
export async function check(input: Input, io: Io): Promise<number> {
  const findings = await look(io);
  const failed = findings.some(({ state }) => state === 'fail');
  if (input.options['json'] === true) io.out(`${JSON.stringify({ ok: !failed, findings }, undefined, 2)}\n`);
  else io.out(renderFindings(findings, await styleOf(io.terminal.colour && io.terminal.stdoutIsTty)));
  return failed ? 1 : 0;
}

async function look(io: Io): Promise<Finding[]> {
  const home = homeOf(io.env, io.cwd);
  const { status, problem } = await present(home, io);
  const [loopback, sockets, api, git, browser, limits, writable, settings] = await Promise.all([
    checkLoopback(io),
    io.platform === 'linux' ? checkAbstractSockets(io).then((finding) => [finding]) : [],
    checkApiPort(status),
    checkGit(io),
    checkBrowser(io),
    checkLimits(io),
    checkHome(home),
    checkSettings(io),
  ]);
  const ports = status ? [checkHostPorts(status)] : [];
  const agent = problem ?? checkAgent(status);
  return [checkNode(io.nodeVersion), writable, settings, agent, loopback, ...sockets, api, ...ports, ...limits, git, browser];
}

async function present(home: Home, io: Io): Promise<{ status?: StatusReport; problem?: Finding }> {
  try {
    const status = await statusOf(home, io);
    return status ? { status } : {};
  } catch (error) {
    return { problem: fail('agent', messageOf(error), '`mesh run <blueprint>` takes everything over again, `mesh logs agent` tells more') };
  }
}

const WORDS = { ok: 'OK  ', warn: 'WARN', fail: 'FAIL' };

export function renderFindings(findings: readonly Finding[], style: Style): string {
  const colour = { ok: style.good, warn: style.warning, fail: style.error };
  const width = Math.max(...findings.map(({ name }) => name.length));
  const lines = findings.flatMap(({ name, state, found, hint }) => [
    `${colour[state](WORDS[state])}  ${name.padEnd(width)}  ${found}`,
    ...(hint === undefined ? [] : [`${' '.repeat(8 + width)}${style.dim(hint)}`]),
  ]);
  return `${lines.join('\n')}\n`;
}
