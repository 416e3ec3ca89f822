import { ERRORS, type ErrorCode } from '../../base/errors.ts';

/** What each code asks for, beside what its own message says. */
const NEXT: Readonly<Record<ErrorCode, string>> = {
  failed:
    'Read the message: its last line is the command to type next. For a "no" (`mesh intention check`, `mesh fmt --check`) this is the answer.',
  usage: 'The hint names the nearest word, or `mesh <command> --help`.',
  invalid:
    'Each problem has file, line and column with an excerpt. [What such a message holds](../diagnostics.md); `mesh validate` finds them all without running anything.',
  environment: '`mesh doctor` looks at the machine and says what to do. A port that is taken: `--ports auto` takes others.',
  incomplete:
    'Type the same command again: it goes on from what was saved. `mesh status` shows what is there, `mesh logs NAME` why it did not get ready.',
  unreachable:
    '`mesh run <blueprint>` or `mesh agent` starts an agent; for another one, `-http-addr` or CONSUL_HTTP_ADDR names it. `mesh logs agent` tells why one has ended.',
  bug: 'Please report it, with the stack that it prints and with `mesh version`.',
  interrupted: 'What was done so far is saved; the same command goes on.',
  terminated: 'As after Ctrl-C.',
};

/** A message with `…` for what differs, and what it means or what to type. */
type Message = readonly [text: string, what: string];

/** The messages that each code typically comes with. Held by a test: each is a message of that code in the source. */
export const MESSAGES: Readonly<Partial<Record<ErrorCode, readonly Message[]>>> = {
  failed: [
    ['nothing is applied', 'Nothing runs in this home. `mesh run v2` starts something; another home is chosen by MESH_HOME.'],
    ['… is not applied', '`mesh status` lists the blueprints that are.'],
    ['nothing called … runs here', '`mesh status` lists workloads and services; the hint names the nearest.'],
    ['there is no service …', 'The catalog knows no instance of it. `mesh status`, `mesh consul catalog services`.'],
    ['there is no sidecar …', '`mesh troubleshoot upstreams` prints the sidecars that there are.'],
    ['there is no output …', '`mesh output` lists them.'],
    ['there is no resource …', 'A key is type and name, as `container.web`; `mesh plan` prints them.'],
    ['there is no shipped blueprint …', '`mesh blueprints` lists them. A folder of yours begins with `./`.'],
    ['there is no file or folder …', 'The path is looked for from the folder in which you typed.'],
    ['… stays: … builds on it; nothing was changed', 'Destroy the other one first, or `mesh destroy all`.'],
    ['the data plane is not connected', 'It is about to start, or has ended: `mesh logs dataplane`.'],
    ['the sidecars did not take their configuration within … s', '`mesh doctor` names those that are behind, `mesh logs dataplane` why.'],
    ['sidecar … does not serve: …', 'Mostly a port that is taken: `mesh logs dataplane`.'],
  ],
  usage: [
    ['unknown command', 'A word that names no command; the nearest one is named.'],
    ['--… is not a duration: …', 'As `500ms`, `30s`, `2m`.'],
    ['--… is not a number: …', 'A whole number.'],
    ['… has no upstream …', 'Of `mesh explain` and the library: the caller has no way to that service. Add it to its upstreams.'],
    ['purge needs a yes', 'There is no terminal to ask on: `mesh purge -y`.'],
    ['which shell? $SHELL names none of bash, zsh and fish', '`mesh completion bash`, `zsh` or `fish`.'],
    ['this mesh is closed', 'Of the library: a call came after `close()`. Wait for calls before you close.'],
  ],
  invalid: [
    [
      'the configuration (…) has … error…; nothing was done',
      'Each is printed before it, with its place. `mesh validate` finds them without a run.',
    ],
    ['… is not valid: …', 'As above, of `mesh validate`.'],
    ['… holds no *.hcl file', 'That folder is no blueprint; `mesh init` makes one.'],
    ['… has not been fetched', 'A blueprint from git, without a copy here: `mesh get ADDRESS`.'],
    ["… can't be fetched: …", 'What git said follows. Type the address into `git clone` to see it whole.'],
    ['… wants address …, which … has', 'Two workloads with one `ip_address`; change one.'],
    ['… needs …, which is not running', 'It is defined in another blueprint: run that first.'],
    ['… needs … of …, which is paused', '`mesh resume`.'],
    ['MESH_CONFIG names …, which does not exist', 'Unset it, or make the file.'],
    ['the config entries of … were refused: …', 'The agent says which and why; `mesh config lint` says it before.'],
  ],
  environment: [
    ['… needs port … of 127.0.0.1, which … holds', 'End the holder, or `--ports auto` takes another port and prints it.'],
    ['… needs port …, which this user may not open', 'Ports below 1024 need root on this system: `--ports auto`.'],
    ['port … of …, where the HTTP API should listen, is held by …', 'Another agent, or a Consul: `--http-port 0` takes any free port.'],
    ["… can't be used: …", 'The home folder can not be made or written. Set MESH_HOME to one that can.'],
    ['… belongs to another user', 'Each user has a home of their own; set MESH_HOME.'],
    ['… was written by a newer version of mesh (log format …)', 'Use that version, or another MESH_HOME.'],
    ['the path of the socket … is longer than … bytes', 'A limit of the system: choose a shorter MESH_HOME.'],
    ["can't read …: …", 'The file is not there, or not yours to read.'],
    ["can't write …: …", 'The folder is not there or not yours, or the disk is full: `mesh doctor`.'],
    [
      "image … of … can't run here",
      'There are no containers: images are mapped to programs of this machine. The hint says how to give a command.',
    ],
    ['git, which fetches blueprints, is not installed', 'Addresses of blueprints need git on the PATH.'],
    ['the sidecar of … could not listen: …', 'Something holds its port: `mesh doctor`.'],
  ],
  incomplete: [
    ['not ready after … s, still waiting for: …', '`mesh logs NAME` of what it names; `--timeout 5m` waits longer.'],
    ['… was stopped before it was ready', 'It was destroyed meanwhile. Run it again.'],
    ["… can't be called: …", 'A health check by HTTP found nobody: is it the right port? `mesh logs NAME`.'],
    ['… did not answer within … s', 'Its health check timed out: `mesh logs NAME`.'],
    ['… answers with status …', 'Its health check wants another status.'],
    ['… did not end within … s', 'A job that is to end: `mesh logs NAME`.'],
  ],
  unreachable: [
    ['no agent is running', 'The command needs what an agent knows, and none runs in this home: `mesh run v2`, or `mesh agent`.'],
    ['no agent answers at …: …', 'Is CONSUL_HTTP_ADDR or `-http-addr` right? Without both it is the agent of this home.'],
    ['the agent has said nothing for … s', 'It was stopped, or is stuck. Killing it is safe: the next run takes everything over.'],
    ['the agent went away before it had finished', 'It ended or was killed meanwhile. Type the command again.'],
    ['the agent has gone, but what it applied has not: …', 'Workloads go on without it: `mesh run` or `mesh agent` takes them over.'],
    ['another agent owns …, but does not answer', 'It is stopped or stuck; the hint names its pid.'],
    ['what answers is not the agent of this version', 'After an upgrade: `mesh agent restart`.'],
  ],
  interrupted: [
    ['stopped; what was done so far is saved', 'The same command goes on.'],
    ['detached: the agent goes on with it', '`mesh status` follows.'],
  ],
};

/** The page of errors and exit codes, from their table. */
export function renderErrorsPage(): string {
  const rows = Object.entries(ERRORS).map(
    ([code, { exit, http, meaning }]) => `| ${exit} | \`${code}\` | ${http} | ${meaning} | ${NEXT[code as ErrorCode]} |`,
  );
  return `# Errors and exit codes

An error says what is wrong, where, and what to do next. It stands on standard error; with \`--json\` it is an object on standard
output: \`{"error": {"code", "message", "hint", "diagnostics"}}\`. Only a bug prints a stack.

## Exit codes

| exit code | code | HTTP | meaning | what to do |
| --- | --- | --- | --- | --- |
| 0 | | 200 | done, or the answer is "yes" | |
${rows.join('\n')}
| 10 | | | \`mesh plan --detailed-exitcode\`: there is something to do | \`mesh run\` |

A signal ends with 128 and its number. \`mesh exec\` and \`mesh lock\` end with the code of the program that they ran.

Consul's commands (\`mesh config\`, \`kv\`, \`intention\`, …) have Consul's codes: 0 done, 1 failed or wrong flags; \`intention check\` 0 allowed, 1
denied, 2 wrong. What reaches them through \`mesh consul\` has nothing else.

## Messages

\`…\` stands for what differs. The hint below a message has the names of your case.

${Object.entries(MESSAGES).map(tableOf).join('\n')}
Messages about files have [a page of their own](../diagnostics.md). A request that the mesh has refused says why in \`x-mesh-reason\`, and in the
access log: [data plane](../data-plane.md), [zero trust](../zero-trust.md).
`;
}

function tableOf([code, messages]: [string, readonly Message[]]): string {
  const rows = messages.map(([text, what]) => `| ${text} | ${what} |`);
  return `### ${ERRORS[code as ErrorCode].exit}: ${code}

| message | what it means, what to do |
| --- | --- |
${rows.join('\n')}
`;
}
