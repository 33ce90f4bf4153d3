import { ApiError, toApiError } from '../../../api/api-error.ts'
import { call, type Upload } from '../../../api/client.ts'
import { pause } from '../../../api/pause.ts'
import { nextPart, Rate } from './rate.ts'

export interface SendingState {
  readonly state: 'sending' | 'waiting' | 'failed' | 'done'
  /** Bytes that are there. */
  readonly offset: number
  /** Bytes a second, once known. */
  readonly rate: number | undefined
  /** Why it waits, or failed. */
  readonly error?: ApiError
}

const longestWait = 15_000

/**
 * Sends what is missing of a file, in parts. After a cut, a restart of the server or while it is gone, it goes on from what arrived;
 * only what the server refuses for good ends it.
 */
export async function sendFile(
  file: File,
  { id, offset: begun }: Pick<Upload, 'id' | 'offset'>,
  signal: AbortSignal,
  tell: (state: SendingState) => void,
): Promise<void> {
  const path = { id }
  const rate = new Rate()
  let [offset, part, wait] = [begun, 2 ** 20, 500]
  while (offset < file.size) {
    tell({ state: 'sending', offset, rate: rate.perSecond() })
    try {
      const began = performance.now()
      const body = file.slice(offset, Math.min(file.size, offset + part))
      const at = await call('addToUpload', { path, query: { offset }, body, signal })
      const milliseconds = performance.now() - began
      rate.add(at.offset - offset, milliseconds)
      part = nextPart(part, milliseconds)
      offset = at.offset
      wait = 500
    } catch (error) {
      if (signal.aborted) return
      const failure = (await unreadable(file, offset)) ?? toApiError(error)
      if (isFinal(failure)) return tell({ state: 'failed', offset, rate: undefined, error: failure })
      tell({ state: 'waiting', offset, rate: undefined, error: failure })
      await pause(wait, signal)
      wait = Math.min(2 * wait, longestWait)
      try {
        offset = (await call('getUpload', { path, signal })).offset
      } catch (again) {
        if (signal.aborted) return
        const gone = toApiError(again)
        if (isFinal(gone)) return tell({ state: 'failed', offset, rate: undefined, error: gone })
      }
    }
  }
  tell({ state: 'done', offset, rate: rate.perSecond() })
}

/** What a later try cannot change. 409 tells that the offset is another one, or that the part before is still being written. */
const isFinal = ({ status, code }: ApiError): boolean =>
  code === 'E_FILE' || (status >= 400 && status < 500 && ![408, 409, 429].includes(status))

/** The browser tells the same of a file that has gone and of a server that has. */
async function unreadable(file: File, offset: number): Promise<ApiError | undefined> {
  try {
    await file.slice(offset, offset + 1).arrayBuffer()
    return undefined
  } catch {
    return new ApiError(0, {
      code: 'E_FILE',
      message: `the browser can no longer read ${file.name}: it was moved, changed or taken away`,
      hint: 'choose the file again; what arrived of it is kept where it is the same',
    })
  }
}
