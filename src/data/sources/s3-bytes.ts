import { HoneError } from '../../core/errors.ts'
import type { ByteSource } from './byte-source.ts'

/** Bedrock takes training files of up to 10 GB; what is larger was hardly meant. */
const largestBytes = 16 * 2 ** 30

export const isS3 = (location: string): boolean => location.startsWith('s3://')

/**
 * The bytes of an object in S3, streamed. Endpoint, region and credentials come from the environment, as for every AWS
 * program; with an endpoint of its own the bucket goes into the path.
 *
 * @throws HoneError `E_DATA` when the address is no object, it is not there, may not be read, or is over 16 GiB;
 *   `E_DOWNLOAD` when the service cannot be reached
 */
export async function openS3Bytes(
  location: string,
  signal: AbortSignal | undefined,
  env: NodeJS.ProcessEnv = process.env,
): Promise<ByteSource> {
  const [, bucket, key] = /^s3:\/\/([^/]+)\/(.+)$/s.exec(location) ?? []
  const at = { file: location }
  if (bucket === undefined || key === undefined) {
    throw new HoneError('E_DATA', 'this is no address of an object', { at, hint: 'write s3://BUCKET/KEY' })
  }
  // Loaded here, because it takes longer than the rest of the program.
  const { GetObjectCommand, S3Client } = await import('@aws-sdk/client-s3')
  const hasEndpoint = env['AWS_ENDPOINT_URL_S3'] !== undefined || env['AWS_ENDPOINT_URL'] !== undefined
  const client = new S3Client({
    ...(hasEndpoint ? { forcePathStyle: true } : {}),
    ...(env['AWS_REGION'] === undefined && env['AWS_DEFAULT_REGION'] === undefined
      ? { region: 'us-east-1' }
      : {}),
  })
  const abort = signal === undefined ? {} : { abortSignal: signal }
  try {
    const { Body, ContentLength } = await client.send(
      new GetObjectCommand({ Bucket: bucket, Key: key }),
      abort,
    )
    if (ContentLength !== undefined && ContentLength > largestBytes) {
      throw new HoneError(
        'E_DATA',
        `the object has ${(ContentLength / 2 ** 30).toFixed(1)} GiB, the limit is 16 GiB`,
        {
          at,
          hint: 'copy it to this machine, and name the file',
        },
      )
    }
    return {
      totalBytes: ContentLength,
      async *chunks() {
        let bytes = 0
        try {
          for await (const chunk of (Body ?? []) as AsyncIterable<Uint8Array>) {
            signal?.throwIfAborted()
            bytes += chunk.length
            if (bytes > largestBytes) {
              throw new HoneError('E_DATA', 'the object is longer than 16 GiB', {
                at,
                hint: 'copy it here first',
              })
            }
            yield Buffer.from(chunk.buffer, chunk.byteOffset, chunk.byteLength)
          }
        } catch (error) {
          signal?.throwIfAborted()
          throw failure(error, location)
        }
      },
      [Symbol.asyncDispose]() {
        client.destroy()
        return Promise.resolve()
      },
    }
  } catch (error) {
    client.destroy()
    signal?.throwIfAborted()
    throw failure(error, location)
  }
}

function failure(error: unknown, location: string): unknown {
  if (HoneError.isInstance(error)) return error
  const name = error instanceof Error ? error.name : ''
  const at = { file: location }
  if (name === 'NoSuchKey' || name === 'NoSuchBucket' || name === 'NotFound') {
    return new HoneError('E_DATA', 'there is no such object', {
      at,
      hint: 'check bucket and key',
      cause: error,
    })
  }
  if (/AccessDenied|Forbidden|InvalidAccessKeyId|SignatureDoesNotMatch|Credentials/.test(name)) {
    return new HoneError('E_DATA', `the object may not be read: ${name}`, {
      at,
      hint: 'check AWS_PROFILE, or AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, and the policy of the bucket',
      cause: error,
    })
  }
  const reason = error instanceof Error ? error.message.split('\n')[0]?.slice(0, 200) : String(error)
  return new HoneError('E_DOWNLOAD', `the object cannot be fetched: ${reason}`, {
    at,
    hint: 'check the network, AWS_REGION and AWS_ENDPOINT_URL, and try again',
    cause: error,
  })
}
