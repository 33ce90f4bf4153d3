import { AwsError, type AwsService } from '../aws/aws-request.ts'

/** Answers where the objects are: taking them in here would hide them from the jobs that read them. */
export const s3Elsewhere =
  (endpoint: string): AwsService =>
  () =>
    Promise.reject(
      new AwsError(
        'NotImplemented',
        501,
        `This server keeps its objects at ${endpoint}. Send S3 requests there, by AWS_ENDPOINT_URL_S3.`,
      ),
    )
