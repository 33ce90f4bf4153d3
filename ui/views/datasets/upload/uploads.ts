import { useSyncExternalStore } from 'react'
import { call, type Upload } from '../../../api/client.ts'
import { refresh } from '../../../api/query.ts'
import { sendFile, type SendingState } from './send-file.ts'

/** Uploads that this tab sends. They go on while other views are shown. */
interface Sending extends SendingState {
  readonly id: string
  readonly name: string
  readonly bytes: number
}

let sending: readonly Sending[] = []
const listeners = new Set<() => void>()
const stops = new Map<string, AbortController>()

function put(id: string, state: Sending | undefined): void {
  const others = sending.filter((each) => each.id !== id)
  sending = state === undefined ? others : [...others, state]
  for (const listener of listeners) listener()
}

const subscribe = (listener: () => void): (() => void) => {
  listeners.add(listener)
  return () => listeners.delete(listener)
}

/** What this tab sends of an upload; undefined where it sends nothing of it. */
export const useSending = (id: string): Sending | undefined =>
  useSyncExternalStore(subscribe, () => sending.find((each) => each.id === id))

/**
 * Begins to send a file, or goes on with an upload of the same file that was left.
 *
 * @returns id of the upload @throws ApiError
 */
export async function beginUpload(file: File): Promise<string> {
  const { uploads } = await call('listUploads', {})
  const left = uploads.find((upload) => isSame(file, upload))
  const upload = left ?? (await call('createUpload', { body: { name: file.name, bytes: file.size } }))
  if (left === undefined) remember(upload.id, file)
  if (stops.has(upload.id)) return upload.id
  const { id, name, bytes } = upload
  const stop = new AbortController()
  stops.set(id, stop)
  put(id, { id, name, bytes, state: 'sending', offset: upload.offset, rate: undefined })
  void sendFile(file, upload, stop.signal, (state) => {
    if (stop.signal.aborted) return
    put(id, { id, name, bytes, ...state })
    if (state.state === 'done' || state.state === 'failed') {
      stops.delete(id)
      void refresh(['listUploads', 'getUpload'])
    }
  })
  return id
}

/** Stops sending, and takes away what arrived. @throws ApiError */
export async function giveUp(id: string): Promise<void> {
  stops.get(id)?.abort()
  stops.delete(id)
  put(id, undefined)
  forget(id)
  await call('deleteUpload', { path: { id } })
  await refresh(['listUploads'])
}

/** What is known of the file behind an upload, so that another one of the same name is not taken for it. */
const place = (id: string): string => `hone.upload.${id}`
const facts = ({ name, size, lastModified }: File): string => JSON.stringify([name, size, lastModified])

function remember(id: string, file: File): void {
  try {
    localStorage.setItem(place(id), facts(file))
  } catch {
    // A browser that keeps nothing begins anew.
  }
}

export function forget(id: string): void {
  try {
    localStorage.removeItem(place(id))
  } catch {
    // Nothing was kept.
  }
}

function isSame(file: File, { id, bytes }: Upload): boolean {
  try {
    return bytes === file.size && localStorage.getItem(place(id)) === facts(file)
  } catch {
    return false
  }
}

// The browser asks before it closes a tab that sends.
window.addEventListener('beforeunload', (event) => {
  if (sending.some(({ state }) => state === 'sending' || state === 'waiting')) event.preventDefault()
})
