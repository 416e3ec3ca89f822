import { execFileSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { delimiter, join } from 'node:path';

const CLOCK_TICKS = Number(execFileSync('getconf', ['CLK_TCK']).toString());
const PAGE_BYTES = Number(execFileSync('getconf', ['PAGESIZE']).toString());

/** So many ports of 127.0.0.1 that are free, all different. */
export async function freePorts(count) {
  const probes = await Promise.all(Array.from({ length: count }, listen));
  const ports = probes.map((probe) => probe.address().port);
  await Promise.all(probes.map((probe) => new Promise((done) => probe.close(done))));
  return ports;
}

function listen() {
  return new Promise((done, fail) => {
    const probe = createServer();
    probe.once('error', fail);
    probe.listen(0, '127.0.0.1', () => done(probe));
  });
}

/** Where a program is: what the environment says (`CONSUL_BIN`), else the first of the PATH. */
export function findProgram(name) {
  const told = process.env[`${name.toUpperCase()}_BIN`];
  if (told) return told;
  const folders = [...process.env.PATH.split(delimiter), '/usr/sbin'];
  return folders.map((folder) => join(folder, name)).find((path) => existsSync(path));
}

/** CPU seconds so far, in user and system mode, of a process and its descendants. */
export function cpuSeconds(pid) {
  return family(pid).reduce((sum, member) => {
    const fields = statOf(member);
    return sum + (Number(fields[11]) + Number(fields[12])) / CLOCK_TICKS;
  }, 0);
}

/** What a process has used of the CPU so far, all its threads together: finer than `cpuSeconds`, which counts ticks. */
export function cpuNanoseconds(pid) {
  const threads = readdirSync(`/proc/${pid}/task`);
  return threads.reduce((sum, thread) => sum + Number(readFileSync(`/proc/${pid}/task/${thread}/schedstat`, 'utf8').split(' ')[0]), 0);
}

/** Resident memory in MiB, of a process and its descendants. */
export function residentMiB(pid) {
  return family(pid).reduce((sum, member) => sum + (Number(statOf(member)[21]) * PAGE_BYTES) / 2 ** 20, 0);
}

/** Fields of /proc/PID/stat behind the name of the program, which may hold anything; the first is the state. */
function statOf(pid) {
  const text = readFileSync(`/proc/${pid}/stat`, 'latin1');
  return text.slice(text.lastIndexOf(')') + 2).split(' ');
}

function family(pid) {
  const children = readdirSync(`/proc/${pid}/task`).flatMap((thread) => {
    const text = readFileSync(`/proc/${pid}/task/${thread}/children`, 'latin1').trim();
    return text === '' ? [] : text.split(' ').map(Number);
  });
  return [pid, ...children.flatMap(family)];
}
