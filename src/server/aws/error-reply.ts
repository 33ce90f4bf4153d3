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
    return xml(error.status, `<Error>${elements(members)}</Error>`)
  }
  if (service === 'sts' || service === 'iam') {
    const type = error.status < 500 ? 'Sender' : 'Receiver'
    const members = elements({ Type: type, Code: error.code, Message: error.message })
    return xml(
      error.status,
      `<ErrorResponse><Error>${members}</Error>${elements({ RequestId: id })}</ErrorResponse>`,
    )
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
  body: `<?xml version="1.0" encoding="UTF-8"?>\n${body}`,
})

const elements = (members: Readonly<Record<string, string>>): string =>
  Object.entries(members)
    .map(([name, value]) => `<${name}>${escaped(value)}</${name}>`)
    .join('')

const escaped = (text: string): string =>
  text
    .replaceAll(/[^\t\n\r\u0020-\ud7ff\ue000-\ufffd]/g, '')
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
