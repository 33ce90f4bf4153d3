import { createHash } from 'node:crypto'
import { AwsError, type AwsRequest } from '../aws/aws-request.ts'
import { ChunkFault, decodeChunked } from '../../wire/aws-chunked.ts'
import {
  checksumAlgorithm,
  checksumAlgorithms,
  createChecksum,
  type Checksum,
  type ChecksumAlgorithm,
} from './checksums.ts'

/** The content that a request uploads, and what must hold at its end. */
export interface ObjectBody {
  readonly content: AsyncIterable<Uint8Array>
  /** After the last byte: the checksums to store. @throws AwsError where one that was sent differs */
  readonly complete: () => Readonly<Record<string, string>>
}

/**
 * Reads an uploaded content with its checksums: `Content-MD5`, `x-amz-checksum-*` as header or trailer, and the length
 * that `aws-chunked` announced. Where the client sends none, CRC-64/NVME is computed, as S3 does.
 */
export async function readObjectBody(request: AwsRequest): Promise<ObjectBody> {
  const { headers, chunkSigning: signing } = request
  const chunked = headers['x-amz-content-sha256']?.startsWith('STREAMING-') === true
  let trailers: ReadonlyMap<string, string> = new Map()
  const algorithm = wantedChecksum(headers)
  const checksum: Checksum = await createChecksum(algorithm)
  const md5 = headers['content-md5'] === undefined ? undefined : createHash('md5')
  let bytes = 0
  const source = chunked
    ? decodeChunked(request.body, {
        ...(signing === undefined ? {} : { signing }),
        onTrailers: (found) => (trailers = found),
      })
    : request.body

  async function* content(): AsyncGenerator<Uint8Array> {
    try {
      for await (const chunk of source) {
        checksum.update(chunk)
        md5?.update(chunk)
        bytes += chunk.length
        yield chunk
      }
    } catch (error) {
      if (!(error instanceof ChunkFault)) throw error
      if (error.kind === 'signature') {
        throw new AwsError(
          'SignatureDoesNotMatch',
          403,
          'The request signature we calculated does not match the signature you provided.',
        )
      }
      throw new AwsError('IncompleteBody', 400, error.message)
    }
  }

  return {
    content: content(),
    complete: () => {
      const announced = headers['x-amz-decoded-content-length']
      if (chunked && announced !== undefined && Number(announced) !== bytes) {
        throw new AwsError(
          'IncompleteBody',
          400,
          `You did not provide the number of bytes specified by the x-amz-decoded-content-length header: ${bytes} instead of ${announced}`,
        )
      }
      if (md5 !== undefined && md5.digest('base64') !== headers['content-md5']) {
        throw new AwsError('BadDigest', 400, 'The Content-MD5 you specified did not match what we received.')
      }
      const name = `x-amz-checksum-${algorithm}`
      const sent = headers[name] ?? trailers.get(name)
      const digest = checksum.digest()
      if (sent !== undefined && sent !== digest) {
        throw new AwsError(
          'BadDigest',
          400,
          `The ${algorithm.toUpperCase()} you specified did not match the calculated checksum.`,
        )
      }
      return { [algorithm]: digest }
    },
  }
}

/** The algorithm that the client sends, announces as trailer, or asks for. */
function wantedChecksum(headers: Readonly<Record<string, string>>): ChecksumAlgorithm {
  const sent = checksumAlgorithms.find((algorithm) => headers[`x-amz-checksum-${algorithm}`] !== undefined)
  const trailer = headers['x-amz-trailer']?.toLowerCase().replace('x-amz-checksum-', '')
  return (
    sent ??
    checksumAlgorithm(trailer) ??
    checksumAlgorithm(headers['x-amz-sdk-checksum-algorithm'] ?? headers['x-amz-checksum-algorithm']) ??
    'crc64nvme'
  )
}
