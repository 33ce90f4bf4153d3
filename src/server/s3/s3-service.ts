import type { FileObjectStore } from '../../store/objects/file-object-store.ts'
import { MultipartUploads } from '../../store/objects/multipart-uploads.ts'
import { ObjectStoreError, type ObjectFault } from '../../store/objects/object-store.ts'
import { AwsError, type AwsReply, type AwsRequest, type AwsService } from '../aws/aws-request.ts'
import { isAllowed } from '../aws/identity.ts'
import { bucketOperation, listBuckets } from './bucket-operations.ts'
import { multipartOperation } from './multipart-operations.ts'
import { objectOperation } from './object-operations.ts'
import { operationName } from './operation-name.ts'
import { addressOf, requireBucketName, requireKey, type ObjectAddress } from './s3-request.ts'

/** What the operations work with. */
export interface S3Context {
  readonly store: FileObjectStore
  readonly uploads: MultipartUploads
}

/**
 * The part of S3 that clients of training data use, over files.
 * Source of operations and shapes: https://docs.aws.amazon.com/AmazonS3/latest/API/
 */
export function createS3Service(store: FileObjectStore): AwsService {
  const context: S3Context = { store, uploads: new MultipartUploads(store) }
  return async (request) => {
    const address = addressOf(request)
    request.facts.operation = operationName(request, address)
    const action = request.method === 'GET' || request.method === 'HEAD' ? 's3-read' : 's3-write'
    if (!isAllowed(request.identity, action, `${address.bucket}/${address.key}`)) {
      throw new AwsError('AccessDenied', 403, 'Access Denied')
    }
    try {
      return await answer(context, request, address)
    } catch (error) {
      throw error instanceof ObjectStoreError ? toAwsError(error, address) : error
    }
  }
}

function answer(context: S3Context, request: AwsRequest, address: ObjectAddress): Promise<AwsReply> {
  if (address.bucket === '') return listBuckets(context, request)
  requireBucketName(address.bucket)
  if (address.key === '') return bucketOperation(context, request, address.bucket)
  requireKey(address.key)
  const { query } = request
  const isMultipart = query.has('uploadId') || query.has('uploads')
  return (isMultipart ? multipartOperation : objectOperation)(context, request, address)
}

const faults: Readonly<Record<ObjectFault, readonly [code: string, status: number]>> = {
  'no-bucket': ['NoSuchBucket', 404],
  'no-key': ['NoSuchKey', 404],
  'bucket-exists': ['BucketAlreadyOwnedByYou', 409],
  'bucket-not-empty': ['BucketNotEmpty', 409],
  condition: ['PreconditionFailed', 412],
  'no-upload': ['NoSuchUpload', 404],
  'no-part': ['InvalidPart', 400],
  denied: ['AccessDenied', 403],
}

function toAwsError({ fault, message }: ObjectStoreError, { bucket, key }: ObjectAddress): AwsError {
  const [code, status] = faults[fault]
  return new AwsError(code, status, message, {
    ...(fault === 'no-bucket' || fault.startsWith('bucket') ? { BucketName: bucket } : {}),
    ...(fault === 'no-key' ? { Key: key } : {}),
  })
}
