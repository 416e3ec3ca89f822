import { randomBytes } from 'node:crypto';
import { createAgentCa } from '../../../pki/agent-certificates.ts';
import { realClock } from '../../real.ts';
import { type Command, Failure } from '../command.ts';
import { exists, save } from './files.ts';

/** Consul: five years. */
const DAYS = 1825;

/** A serial number of 128 bits that is positive in DER. */
export const randomSerial = (): bigint => BigInt(`0x7f${randomBytes(15).toString('hex')}`);

export const tlsCaCreate: Command = {
  name: 'tls ca create',
  synopsis: 'Make a CA for agents',
  usage: [''],
  description: 'Makes a CA whose certificates agents and their clients show each other: two files in this folder.',
  examples: ['tls ca create', 'tls ca create -days 365 -name-constraint -additional-name-constraint example.com'],
  flags: [
    { name: 'days', kind: 'int', value: 'int', doc: 'How long it is valid: 1825 by default.' },
    { name: 'domain', kind: 'string', value: 'string', doc: 'Domain of the cluster: consul by default.' },
    { name: 'name-constraint', kind: 'bool', doc: 'It may sign for localhost and the domain only.' },
    { name: 'additional-name-constraint', kind: 'list', value: 'value', doc: 'With -name-constraint: this name too. Repeatable.' },
    { name: 'cluster-id', kind: 'string', value: 'string', doc: 'Accepted; the name of the CA is its serial number.' },
  ],
  offline: true,
  run: async ({ io, flags }) => {
    const domain = flags.string('domain') || 'consul';
    const [certFile, keyFile] = [`${domain}-agent-ca.pem`, `${domain}-agent-ca-key.pem`];
    for (const file of [certFile, keyFile]) if (await exists(file, io)) throw new Failure(`${file} already exists.`);
    const more = flags.list('additional-name-constraint');
    if (more.length > 0 && !flags.bool('name-constraint')) throw new Failure('-additional-name-constraint needs -name-constraint');
    const { certPem, keyPem } = createAgentCa({
      serial: randomSerial(),
      days: flags.string('days') === undefined ? DAYS : flags.int('days'),
      now: realClock.now(),
      ...(flags.bool('name-constraint') ? { onlyFor: [...more, domain, 'localhost'] } : {}),
    });
    await save(certFile, certPem, 0o644, io);
    await save(keyFile, keyPem, 0o600, io);
    return 0;
  },
};
