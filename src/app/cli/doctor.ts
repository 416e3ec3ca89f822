import { messageOf } from '../../base/errors.ts';
import type { Input } from '../../commands/command.ts';
import { type Style, styleOf } from '../../ui/style.ts';
import { sameAgent } from '../consul/address.ts';
import { checkBlueprintPorts } from '../doctor/blueprint-ports.ts';
import { checkLeaves } from '../doctor/certificates.ts';
import { checkClock } from '../doctor/clock.ts';
import { type Finding, fail, type Section } from '../doctor/finding.ts';
import { checkAgent, checkDataplane, checkHome } from '../doctor/home.ts';
import { checkDisk, checkLock, checkRights } from '../doctor/home-state.ts';
import { checkBrowser, checkGit, checkLimits, checkNode } from '../doctor/machine.ts';
import { clientOf, lookAtMesh } from '../doctor/mesh.ts';
import { checkAbstractSockets, checkApiPort, checkDnsPort, checkHostPorts, checkLoopback, checkPagePort } from '../doctor/network.ts';
import { checkRunning } from '../doctor/running.ts';
import { checkSettings } from '../doctor/settings.ts';
import { type Home, homeOf } from '../home.ts';
import type { Io } from '../io.ts';
import type { StatusReport } from '../rpc/status.ts';
import { statusOf } from './status.ts';

/** `mesh doctor`: what is wrong with this machine, with what runs, with the mesh. Exit code 1 if something fails. Changes nothing. */
export async function doctor(input: Input, io: Io): Promise<number> {
  const sections = await look(input.options['httpAddr'] as string | undefined, io);
  const findings = sections.flatMap((section) => section.findings.map((finding) => ({ section: section.title, ...finding })));
  const failed = findings.some(({ state }) => state === 'fail');
  if (input.options['json'] === true) io.out(`${JSON.stringify({ ok: !failed, findings }, undefined, 2)}\n`);
  else io.out(renderSections(sections, await styleOf(io.terminal.colour && io.terminal.stdoutIsTty)));
  return failed ? 1 : 0;
}

async function look(asked: string | undefined, io: Io): Promise<Section[]> {
  const now = Date.now();
  const address = asked ?? io.env['CONSUL_HTTP_ADDR'];
  if (address !== undefined && address !== '') {
    const client = await clientOf(address, io);
    if (!sameAgent(client.address, io.agentHttpAddress())) {
      const { findings } = await lookAtMesh(client, io, now);
      return [{ title: `Mesh of ${client.address.authority} (this machine is left out)`, findings }];
    }
  }
  const home = homeOf(io.env, io.cwd);
  const { status, problem } = await present(home, io);
  const machine: Section = { title: 'This machine', findings: await lookAtMachine(home, status, io, now) };
  if (!status) return [machine, { title: 'Agent', findings: [problem ?? checkAgent(undefined)] }];
  const { roots, findings } = await lookAtMesh(await clientOf(status.agent.http, io), io, now);
  const leaves = await checkLeaves(status.proxies, roots, now);
  return [
    machine,
    {
      title: 'What runs',
      findings: [checkAgent(status), ...checkDataplane(status), checkHostPorts(status), ...checkRunning(status, now), ...leaves],
    },
    { title: 'Mesh', findings },
  ];
}

async function lookAtMachine(home: Home, status: StatusReport | undefined, io: Io, now: number): Promise<Finding[]> {
  const looks: (Finding | Promise<Finding | Finding[]>)[] = [
    checkNode(io.nodeVersion),
    checkHome(home),
    checkRights(home),
    checkDisk(home),
    checkLock(home, status !== undefined),
    checkSettings(io),
    checkClock(home, status, now),
    checkLoopback(io),
    io.platform === 'linux' ? checkAbstractSockets(io) : Promise.resolve([]),
    checkApiPort(status),
    checkDnsPort(status),
    checkPorts(home, status, io),
    checkLimits(io),
    checkGit(io),
    checkBrowser(io),
  ];
  return (await Promise.all(looks.map((one) => Promise.resolve(one)))).flat();
}

/** Of the blueprint in this folder; without one, what the shipped ones open. */
async function checkPorts(home: Home, status: StatusReport | undefined, io: Io): Promise<Finding[]> {
  return (await checkBlueprintPorts(home, status, io)) ?? checkPagePort(status);
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

/** Names of all sections are as wide: what was found stands in one column. */
export function renderSections(sections: readonly Section[], style: Style): string {
  const colour = { ok: style.good, warn: style.warning, fail: style.error };
  const width = Math.max(...sections.flatMap(({ findings }) => findings.map(({ name }) => name.length)));
  const texts = sections.map(({ title, findings }) => {
    const lines = findings.flatMap(({ name, state, found, hint }) => [
      `${colour[state](WORDS[state])}  ${name.padEnd(width)}  ${found}`,
      ...(hint === undefined ? [] : [`${' '.repeat(8 + width)}${style.dim(hint)}`]),
    ]);
    return `${style.bold(title)}\n${lines.join('\n')}\n`;
  });
  return `${texts.join('\n')}\n${summaryOf(sections)}\n`;
}

function summaryOf(sections: readonly Section[]): string {
  const all = sections.flatMap(({ findings }) => findings);
  const count = (state: Finding['state']): number => all.filter((one) => one.state === state).length;
  if (count('fail') === 0 && count('warn') === 0) return 'Nothing is wrong.';
  return `${count('fail')} failed, ${count('warn')} to look at, ${count('ok')} ok.`;
}
