import { xmlDeclaration, xmlElement } from '../../wire/xml.ts'
import type { AwsError, AwsReply } from './aws-request.ts'

/** An error in the form of its service: XML for S3, the query protocol's XML for STS and IAM, JSON for all others. */
export function errorReply(
  error: AwsError,
  service: string | undefined,
  { id, path }: { readonly id: string; readonly path: string },
): AwsReply {
  if (service === 's3') {
    const members = {
      Code: error.code,
      Message: error.message,
      ...error.detail,
      Resource: path,
      RequestId: id,
    }
    return xml(error.status, xmlElement('Error', members))
  }
  if (service === 'sts' || service === 'iam') {
    const type = error.status < 500 ? 'Sender' : 'Receiver'
    const details = { Type: type, Code: error.code, Message: error.message }
    return xml(error.status, xmlElement('ErrorResponse', { Error: details, RequestId: id }))
  }
  return {
    status: error.status,
    headers: { 'content-type': 'application/json', 'x-amzn-errortype': error.code },
    body: JSON.stringify({ message: error.message, ...error.detail }),
  }
}

const xml = (status: number, body: string): AwsReply => ({
  status,
  headers: { 'content-type': 'application/xml' },
  body: `${xmlDeclaration}${body}`,
})
