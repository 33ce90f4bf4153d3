import type { ClaimedSignature, SignatureFault } from '../../wire/signature-v4.ts'
import { AwsError } from './aws-request.ts'

const minute = 60_000

/** How a service says why it does not believe a request. */
export interface Refusals {
  unknownKey(): AwsError
  signature(): AwsError
  unsigned(header: string): AwsError
  expired(): AwsError
  token(): AwsError
  date(): AwsError
  early(date: string, now: number): AwsError
  late(claim: ClaimedSignature, now: number): AwsError
}

const amzDate = (time: number): string => new Date(time).toISOString().replaceAll(/[-:]|\.\d+/g, '')
const mismatch =
  'The request signature we calculated does not match the signature you provided. Check your AWS Secret Access Key and signing method. Consult the service documentation for details.'

/** Codes of services that answer in JSON, and of STS and IAM. */
export const jsonRefusals: Refusals = {
  unknownKey: () =>
    new AwsError(
      'UnrecognizedClientException',
      403,
      'The security token included in the request is invalid.',
    ),
  signature: () => new AwsError('InvalidSignatureException', 403, mismatch),
  unsigned: (header) =>
    new AwsError(
      'InvalidSignatureException',
      403,
      `'${header}' must be a 'SignedHeader' in the AWS Authorization.`,
    ),
  expired: () =>
    new AwsError('ExpiredTokenException', 403, 'The security token included in the request is expired'),
  token: () =>
    new AwsError(
      'UnrecognizedClientException',
      403,
      'The security token included in the request is invalid.',
    ),
  date: () =>
    new AwsError(
      'IncompleteSignatureException',
      400,
      "Date must be in ISO-8601 'basic format' and in the credential's scope.",
    ),
  early: (date, now) =>
    new AwsError(
      'InvalidSignatureException',
      403,
      `Signature not yet current: ${date} is still later than ${amzDate(now + 5 * minute)}`,
    ),
  late: ({ date }, now) =>
    new AwsError(
      'InvalidSignatureException',
      403,
      `Signature expired: ${date} is now earlier than ${amzDate(now - 5 * minute)}`,
    ),
}

export const s3Refusals: Refusals = {
  unknownKey: () =>
    new AwsError(
      'InvalidAccessKeyId',
      403,
      'The AWS Access Key Id you provided does not exist in our records.',
    ),
  signature: () => new AwsError('SignatureDoesNotMatch', 403, mismatch),
  unsigned: (header) =>
    new AwsError('AccessDenied', 403, 'There were headers present in the request which were not signed', {
      HeadersNotSigned: header,
    }),
  expired: () => new AwsError('ExpiredToken', 400, 'The provided token has expired.'),
  token: () => new AwsError('InvalidToken', 400, 'The provided token is malformed or otherwise invalid.'),
  date: () =>
    new AwsError('AccessDenied', 403, 'AWS authentication requires a valid Date or x-amz-date header'),
  early: (_, now) => skewed(now),
  late: ({ expires }, now) =>
    expires === undefined ? skewed(now) : new AwsError('AccessDenied', 403, 'Request has expired'),
}

const skewed = (now: number): AwsError =>
  new AwsError(
    'RequestTimeTooSkewed',
    403,
    'The difference between the request time and the current time is too large.',
    { ServerTime: new Date(now).toISOString(), MaxAllowedSkewMilliseconds: String(15 * minute) },
  )

/** A signature that cannot be read, as the services say it. */
export const unreadableSignature = (fault: SignatureFault, service: string | undefined): AwsError =>
  service === 's3'
    ? new AwsError('AuthorizationHeaderMalformed', 400, fault.message)
    : new AwsError('IncompleteSignatureException', 400, fault.message)
