import type { MeshStep } from './steps/step.ts';

type Described = Pick<MeshStep, 'phrase' | 'group' | 'from' | 'doc' | 'example'>;

/** The page of `mesh test`: what is said of it, and every step from the table that runs them. */
export function renderTestingPage(steps: readonly Described[]): string {
  const groups = [...new Set(steps.map(({ group }) => group))];
  const tables = groups.map(
    (group) =>
      `### ${group}\n\n${steps
        .filter((step) => step.group === group)
        .map(renderStep)
        .join('\n\n')}`,
  );
  return `${INTRODUCTION}\n${tables.join('\n\n')}\n`;
}

function renderStep({ phrase, from, doc, example }: Described): string {
  return `**${phrase}**${from === 'mesh' ? '' : ` (${from})`}\n\n${doc}\n\n\`\`\`gherkin\n${example}\n\`\`\``;
}

const INTRODUCTION = `# Testing a blueprint

\`mesh test v2\` runs the feature files in \`v2/test\`: scenarios in Gherkin, with the steps of Shipyard and Jumppad, and further
ones that look at calls, identities and the configuration of the mesh. This page is made from the table of steps that runs them;
\`mesh test --steps\` prints it.

\`\`\`gherkin
Feature: the shop
  Scenario: web may call payments, until somebody says no
    Given I have a running blueprint
    Then a HTTP call to "http://localhost:9090" should result in status 200
    And a call from "web" to "payments" should be allowed
    When an intention denies calls from "web" to "payments"
    Then a call from "web" to "payments" should be denied
\`\`\`

| to                                       | type                                                                   |
| ---------------------------------------- | ---------------------------------------------------------------------- |
| run everything, some of it, one scenario | \`mesh test v2\`, \`--tags '@wip and not @slow'\`, \`v2/test/v2.feature:12\` |
| see whether all steps are known          | \`mesh test v2 --dry-run\`                                               |
| run four scenarios at a time             | \`mesh test v2 --parallel 4\`                                            |
| give CI its report                       | \`mesh test v2 --junit report.xml\`, or \`--json\`                         |
| look into what a test has left           | \`mesh test v2/test/v2.feature:12 --dont-destroy\`                       |

## What a scenario has to itself

- **A mesh.** A home in the temporary folder, an agent, a registry, a CA. What else runs on this machine does not matter, and
  nothing is left when it ends: not after a failure, not after Ctrl-C. \`--dont-destroy\` keeps the last one and says where it is.
- **Ports.** A blueprint opens the ports that it names as long as they are free, and others where they are not: beside a mesh
  that runs already, or in scenarios that run at the same time. Steps still name the ports of the blueprint. Addresses of this
  machine (\`localhost:9090\`, \`127.0.0.1:9090\`, \`web.ingress.shipyard.run:9090\`) in steps, commands and scripts are
  replaced by the real ones, 8500 by the port of Consul's API; for programs that a script calls, \`MESH_PORT_9090\` holds the real
  port. Values of outputs, and the \`info\` of a container, are compared as the blueprint has them. With \`--ports fixed\` nothing
  moves, and a port that is taken is a failure.
- **An environment.** What steps set is gone with the scenario. \`MESH_HOME\` and \`CONSUL_HTTP_ADDR\` are those of its mesh, and
  \`mesh\`, \`consul\`, \`shipyard\` and \`jumppad\` are found on the PATH.

Scenarios run one after the other, in the order of their files, unless \`--parallel\` says otherwise. The output is in that order
anyway. A step that expects something looks again and again until it is so, for at most \`--step-timeout\` (30 s); a blueprint has
\`--timeout\` (60 s) to get ready. After a step that failed the rest of its scenario is skipped.

## What is different from \`shipyard test\`

- A HTTP call is tried for 30 s (\`--step-timeout\`), not for 120 s: a blueprint that runs is ready. Waits are short: 20 ms at first.
- A command that does not end in time fails; Shipyard prints \`timed out\` and goes on.
- \`--test-folder\` has an effect. It is relative to the blueprint.
- Commands and scripts run in the folder of their feature file.
- A misspelt step is an error with its line and the nearest one that exists, and its scenario fails without being run.
- Tags are expressions (\`@wip and not @slow\`); Shipyard's form (\`@wip,@new\`, \`~@slow\`) works as well.

| exit code | meaning                                                                                          |
| --------- | ------------------------------------------------------------------------------------------------ |
| 0         | all scenarios passed                                                                             |
| 1         | one failed, has a step that does not exist, or could not be taken away again; none was chosen     |
| 2         | wrong usage                                                                                      |
| 3         | a feature file is wrong, and nothing was run; or a blueprint is                                  |
| 130, 143  | stopped by Ctrl-C, by SIGTERM; what was begun has been taken away                                |

## Steps

A word in capitals stands for what you write; \`[parts in brackets]\` may be left out. Feature files may use all of Gherkin:
backgrounds, rules, outlines with examples, tables, texts between \`"""\`, tags, and other languages (\`# language: de\`).
`;
