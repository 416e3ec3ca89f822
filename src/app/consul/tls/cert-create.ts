import { messageOf } from '../../../base/errors.ts';
import { issueAgentCertificate } from '../../../pki/agent-certificates.ts';
import type { Io } from '../../io.ts';
import { realClock } from '../../real.ts';
import { type Command, Failure } from '../command.ts';
import type { FlagValues } from '../flags.ts';
import { randomSerial } from './ca-create.ts';
import { exists, load, save } from './files.ts';

const DAYS = 365;

const WARNING = `==> WARNING: Server Certificates grants authority to become a
    server and access all state in the cluster including root keys
    and all ACL tokens. Do not distribute them to production hosts
    that are not server nodes. Store them as securely as CA keys.
`;

const USES = ['server', 'client', 'cli'] as const;

export const tlsCertCreate: Command = {
  name: 'tls cert create',
  synopsis: 'Make a certificate for an agent or a client',
  usage: [''],
  description: 'Makes a certificate that a CA of `tls ca create` signs: two files in this folder.',
  examples: ['tls cert create -server', 'tls cert create -server -dc east -additional-dnsname consul.example.com', 'tls cert create -cli'],
  flags: [
    { name: 'server', kind: 'bool', doc: 'For a server.' },
    { name: 'client', kind: 'bool', doc: 'For an agent that is a client.' },
    { name: 'cli', kind: 'bool', doc: 'For a command line.' },
    { name: 'days', kind: 'int', value: 'int', doc: 'How long it is valid: 365 by default.' },
    { name: 'dc', kind: 'string', value: 'string', doc: 'Datacenter of the server: dc1 by default.' },
    { name: 'domain', kind: 'string', value: 'string', doc: 'Domain of the cluster: consul by default.' },
    { name: 'node', kind: 'string', value: 'string', doc: 'With -server: for this node by name too.', completes: 'node' },
    { name: 'ca', kind: 'string', value: 'string', doc: 'File of the CA.', completes: 'file' },
    { name: 'key', kind: 'string', value: 'string', doc: 'File of the key of the CA.', completes: 'file' },
    { name: 'additional-dnsname', kind: 'list', value: 'value', doc: 'Another name; localhost is there. Repeatable.' },
    { name: 'additional-ipaddress', kind: 'list', value: 'value', doc: 'Another address; 127.0.0.1 is there. Repeatable.' },
  ],
  offline: true,
  run: async ({ io, flags }) => {
    const chosen = USES.filter((name) => flags.bool(name));
    const [use] = chosen;
    if (use === undefined || chosen.length > 1) throw new Failure('Please provide either -server, -client, or -cli');
    if (flags.string('node') && use !== 'server') throw new Failure('-node requires -server');
    const domain = flags.string('domain') || 'consul';
    const dc = flags.string('dc') || 'dc1';
    const caFile = (flags.string('ca') || '#DOMAIN#-agent-ca.pem').replaceAll('#DOMAIN#', domain);
    const keyFile = (flags.string('key') || '#DOMAIN#-agent-ca-key.pem').replaceAll('#DOMAIN#', domain);
    const prefix = await freePrefix(`${dc}-${use}-${domain}`, io);
    const caCertPem = await load(caFile, io, 'Error reading CA');
    const caKeyPem = await load(keyFile, io, 'Error reading CA key');
    if (use === 'server') io.out(WARNING);
    io.out(`==> Using ${caFile} and ${keyFile}\n`);
    const name = `${use}.${dc}.${domain}`;
    try {
      const { certPem, keyPem } = issueAgentCertificate({
        caCertPem,
        caKeyPem,
        use,
        name,
        ...alternativeNames(flags, use, name, `${dc}.${domain}`),
        serial: randomSerial(),
        days: flags.string('days') === undefined ? DAYS : flags.int('days'),
        now: realClock.now(),
      });
      await save(`${prefix}.pem`, certPem, 0o644, io);
      await save(`${prefix}-key.pem`, keyPem, 0o600, io);
    } catch (error) {
      throw error instanceof Failure ? error : new Failure(messageOf(error));
    }
    return 0;
  },
};

function alternativeNames(flags: FlagValues, use: (typeof USES)[number], name: string, cluster: string) {
  const node = flags.string('node');
  const ofNode = node ? [`${node}.server.${cluster}`] : [];
  const addresses = flags.list('additional-ipaddress');
  return {
    dnsNames: [...flags.list('additional-dnsname'), ...ofNode, name, 'localhost'],
    ipAddresses: use === 'cli' ? addresses : [...addresses, '127.0.0.1'],
  };
}

/** The next number for which there are no files. */
async function freePrefix(base: string, io: Io): Promise<string> {
  for (let n = 0; ; n++) {
    const prefix = `${base}-${n}`;
    if (!(await exists(`${prefix}.pem`, io)) && !(await exists(`${prefix}-key.pem`, io))) return prefix;
  }
}
