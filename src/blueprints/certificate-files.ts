import { basename, dirname, join } from 'node:path';
import type { Json } from '../schema/located.ts';
import { any } from '../schema/schema.ts';
import type { FilePort } from './context.ts';
import type { LowerContext, Outputs, ResourceType } from './resource-type.ts';

/** `NAME.cert` and `NAME.key` in a folder, absolute. */
export interface CertificateFiles {
  readonly cert: string;
  readonly key: string;
  /** The public key as PEM, and as SSH writes it: only Jumppad makes them. */
  readonly pub?: string;
  readonly ssh?: string;
}

/** Chosen before the files are made: by it they are known as ours later. */
export interface SerialReserved {
  /** Upper-case hex, 16 octets. */
  readonly serial: string;
}

/** `suffix`: what stands behind the name in those of Jumppad's. */
export function certificateFiles(output: string, suffix: string, context: LowerContext): CertificateFiles {
  const jumppad = context.dialect === 'jumppad';
  const base = join(context.resolvePath(output), jumppad ? `${context.name}${suffix}` : context.name);
  const files = { cert: `${base}.cert`, key: `${base}.key`, ...(jumppad ? { pub: `${base}.pub`, ssh: `${base}.ssh` } : {}) };
  for (const path of Object.values(files)) context.provide(path, undefined);
  return files;
}

/** What was made, for others to refer to. */
export interface MadeCertificate {
  readonly certificate: string;
  readonly private_key: string;
  readonly public_key_pem: string;
  readonly public_key_ssh: string;
}

const FILE = 'an object with its `filename`, `directory`, `path` and, once it is made, its `contents`';

const outputs = <S>(filesOf: (spec: S) => CertificateFiles): Outputs<S, SerialReserved> => ({
  fields: {
    certificate: { schema: any(), doc: `The file of the certificate: ${FILE}.` },
    private_key: { schema: any(), doc: `The file of its key: ${FILE}.` },
    public_key_pem: { schema: any(), doc: `Its public key, a file only in Jumppad's spelling: ${FILE}.` },
    public_key_ssh: { schema: any(), doc: `The same as SSH writes it: ${FILE}.` },
  },
  of(spec, made) {
    const { cert, key, pub, ssh } = filesOf(spec);
    const created = made?.created as Partial<MadeCertificate> | undefined;
    const file = (path: string | undefined, contents: string | undefined) => ({
      filename: path === undefined ? '' : basename(path),
      directory: path === undefined ? '' : dirname(path),
      path: path ?? '',
      contents: contents as string,
    });
    return {
      certificate: file(cert, created?.certificate),
      private_key: file(key, created?.private_key),
      public_key_pem: file(pub, created?.public_key_pem),
      public_key_ssh: file(ssh, created?.public_key_ssh),
    };
  },
});

async function newSerial(): Promise<SerialReserved> {
  const { randomBytes } = await import('node:crypto');
  const octets = randomBytes(16);
  // Positive, and without leading zeros, so that it reads the same in every form.
  octets[0] = (octets[0]! & 0x3f) | 0x40;
  return { serial: octets.toString('hex').toUpperCase() };
}

export async function writeCertificate(
  { cert, key, pub, ssh }: CertificateFiles,
  made: { readonly certPem: string; readonly keyPem: string },
  files: FilePort,
): Promise<Json> {
  const { publicKeyOf } = await import('../pki/public-key.ts');
  const publicKey = publicKeyOf(made.keyPem);
  await files.write(key, made.keyPem, 0o600);
  if (pub !== undefined) await files.write(pub, publicKey.pem, 0o644);
  if (ssh !== undefined) await files.write(ssh, publicKey.ssh, 0o644);
  await files.write(cert, made.certPem, 0o644);
  return { certificate: made.certPem, private_key: made.keyPem, public_key_pem: publicKey.pem, public_key_ssh: publicKey.ssh };
}

/** What happens to a certificate beside being made: the same for a CA and a leaf. `filesOf`: where they stand in the spec. */
export const certificateLifecycle = <S>(filesOf: (spec: S) => CertificateFiles) =>
  ({
    makesFiles: true,
    outputs: outputs(filesOf),
    reserve: newSerial,
    guards: () => [],
    async destroy(_key, spec, reserved, context) {
      if (reserved) await removeCertificate(filesOf(spec), reserved.serial, context.files);
    },
  }) satisfies Partial<ResourceType<unknown, S, SerialReserved>>;

/** Removes both, unless there is another certificate by now. */
async function removeCertificate({ cert, key, pub, ssh }: CertificateFiles, serial: string, files: FilePort): Promise<void> {
  if ((await serialOf(await files.read(cert))) !== serial) return;
  for (const path of [cert, key, pub, ssh]) if (path !== undefined) await files.remove(path);
}

async function serialOf(pem: string | undefined): Promise<string | undefined> {
  const { X509Certificate } = await import('node:crypto');
  try {
    return pem === undefined ? undefined : new X509Certificate(pem).serialNumber;
  } catch {
    return undefined;
  }
}
