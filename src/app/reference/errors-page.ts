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

/** Messages that people meet first, as they begin, and what they mean. Held by a test: each stands in the source. */
export const MESSAGES: readonly (readonly [begin: string, code: ErrorCode, what: string])[] = [
  ['nothing is applied', 'failed', 'Nothing runs in this home. `mesh run v2` starts something; another home is chosen by MESH_HOME.'],
  ['no agent is running', 'unreachable', 'The command needs what an agent knows, and none runs in this home.'],
  ['the agent has said nothing for', 'unreachable', 'It was stopped, or is stuck. Killing it is safe: the next run takes everything over.'],
  ['the agent went away before it had finished', 'unreachable', 'It ended or was killed meanwhile. Type the command again.'],
  ['what answers is not the agent of this version', 'unreachable', 'After an upgrade: `mesh agent restart`.'],
  ['unknown command', 'usage', 'A word that names no command; the nearest one is named.'],
  ["can't be used: ", 'environment', 'The home folder can not be made or written. Set MESH_HOME to one that can.'],
  ['git, which fetches blueprints, is not installed', 'environment', 'Addresses of blueprints need git on the PATH.'],
];

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

| begins with | code | what it means |
| --- | --- | --- |
${MESSAGES.map(([begin, code, what]) => `| ${begin.trim()} | \`${code}\` | ${what} |`).join('\n')}

Messages about files have [a page of their own](../diagnostics.md). A request that the mesh has refused says why in \`x-mesh-reason\`, and in the
access log: [data plane](../data-plane.md), [zero trust](../zero-trust.md).
`;
}
