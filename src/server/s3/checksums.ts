import { createHash } from 'node:crypto'
import { createCRC32, createCRC64 } from 'hash-wasm'

/** A checksum over bytes as they go by. */
export interface Checksum {
  update(bytes: Uint8Array): void
  /** Base64 of the big-endian value, as S3 writes it. */
  digest(): string
}

/** Algorithms of S3 by the ending of their header `x-amz-checksum-*`. */
export const checksumAlgorithms = ['crc32', 'crc32c', 'crc64nvme', 'sha1', 'sha256'] as const

export type ChecksumAlgorithm = (typeof checksumAlgorithms)[number]

/** Reflected polynomials of CRC-32C (RFC 3720) and CRC-64/NVME (NVM Express base specification). */
const crc32cPolynomial = 0x82f63b78
const crc64nvmePolynomial = '9a6c9329ac4bc9b5'

export async function createChecksum(algorithm: ChecksumAlgorithm): Promise<Checksum> {
  if (algorithm === 'sha1' || algorithm === 'sha256') {
    const hash = createHash(algorithm)
    return { update: (bytes) => void hash.update(bytes), digest: () => hash.digest('base64') }
  }
  const hash =
    algorithm === 'crc64nvme'
      ? await createCRC64(crc64nvmePolynomial)
      : await createCRC32(algorithm === 'crc32c' ? crc32cPolynomial : undefined)
  hash.init()
  return {
    update: (bytes) => void hash.update(bytes),
    digest: () => Buffer.from(hash.digest('binary')).toString('base64'),
  }
}

/** The algorithm that a header or an XML element names, in whatever case; undefined for another. */
export const checksumAlgorithm = (name: string | undefined): ChecksumAlgorithm | undefined =>
  checksumAlgorithms.find((known) => known === name?.toLowerCase())
