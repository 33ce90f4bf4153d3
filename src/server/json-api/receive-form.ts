import { BodyFault } from '../../wire/dialect-request.ts'
import { partText, readMultipartForm } from '../../wire/multipart-form.ts'
import { FileTooLarge, type FileService, type ReceivedFile } from '../../service/files/file-service.ts'
import { ApiFault } from './api-fault.ts'
import type { ApiCall } from './api-route.ts'

/** A form with one file, whose bytes are written as they come. */
export interface ReceivedForm {
  readonly file: ReceivedFile
  /** The other members. */
  readonly texts: ReadonlyMap<string, string>
}

const mostTexts = 20

/**
 * Reads a form with a file in the member of a name. Members may come in any order. Where the form is refused, nothing of it
 * is left.
 *
 * @throws BodyFault for a form that is not whole, or has no such file or several
 */
export async function receiveForm(
  call: Pick<ApiCall, 'headers' | 'stream' | 'signal'>,
  files: FileService,
  { member, largest }: { readonly member: string; readonly largest: number },
): Promise<ReceivedForm> {
  const texts = new Map<string, string>()
  let file: ReceivedFile | undefined
  try {
    for await (const part of readMultipartForm(call.headers['content-type'], call.stream())) {
      if (part.name !== member) {
        if (texts.size === mostTexts) throw new BodyFault('', `the form has more than ${mostTexts} members`)
        texts.set(part.name, await partText(part))
        continue
      }
      if (file !== undefined) throw new BodyFault(`/${member}`, 'the form has more than one file')
      file = await files.receive(part.content, {
        filename: (part.filename ?? member).slice(0, 500),
        contentType: part.type ?? 'application/octet-stream',
        largest,
        signal: call.signal,
      })
    }
    if (file === undefined) throw new BodyFault(`/${member}`, `the form has no file "${member}"`)
    return { file, texts }
  } catch (error) {
    if (file !== undefined) await files.drop(file)
    throw error instanceof FileTooLarge
      ? new ApiFault('too-large', error.message, { pointer: `/${member}` })
      : error
  }
}
