import { X509Certificate, createPrivateKey } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { HoneError } from '../core/errors.ts'

/** Files with a certificate and its key. */
export interface TlsFiles {
  /** PEM: the server's own certificate first, then those that lead to its authority. */
  readonly certificate: string
  /** PEM, not encrypted. */
  readonly key: string
}

/** What a server proves itself with, as PEM. */
export interface TlsIdentity {
  readonly certificate: string
  readonly key: string
  /** Milliseconds since 1970 until which the certificate is good. */
  readonly expires: number
}

/** @throws HoneError `E_CONFIG` for a file that cannot be read, or a key that is not the certificate's */
export async function readTls({ certificate, key }: TlsFiles): Promise<TlsIdentity> {
  const texts = { certificate: await read(certificate), key: await read(key) }
  const parsed = parse(certificate, () => new X509Certificate(texts.certificate), 'certificate')
  const privateKey = parse(key, () => createPrivateKey(texts.key), 'private key that is not encrypted')
  if (!parsed.checkPrivateKey(privateKey)) {
    throw new HoneError('E_CONFIG', 'this is not the key of the certificate', {
      at: { file: key },
      hint: `name the key that ${certificate} was made for`,
    })
  }
  return { ...texts, expires: Date.parse(parsed.validTo) }
}

async function read(file: string): Promise<string> {
  try {
    return await readFile(file, 'utf8')
  } catch (error) {
    throw new HoneError(
      'E_CONFIG',
      `cannot be read: ${error instanceof Error ? error.message : String(error)}`,
      {
        at: { file },
        hint: 'name a file that the server may read',
        cause: error,
      },
    )
  }
}

function parse<Parsed>(file: string, make: () => Parsed, what: string): Parsed {
  try {
    return make()
  } catch (error) {
    throw new HoneError('E_CONFIG', `this is no ${what}`, {
      at: { file },
      hint: 'it must be in PEM form, as openssl writes it',
      cause: error,
    })
  }
}
