import { parentPort, workerData } from 'node:worker_threads'
import { cutLines } from '../../lib/read-line-batches.ts'
import type { Profile } from '../../profiles/profile.ts'
import { BatchCheck, type BatchResult } from './batch-check.ts'
import { loadGate } from './load-gate.ts'
import type { CheckSettings } from './rule.ts'

/** What of a check's settings goes to another thread: all that has no functions. */
export interface SharedCheck {
  readonly file: string
  readonly profile: Profile | undefined
  readonly part: CheckSettings['part']
  readonly privacy: boolean
  /** How many share it. */
  readonly threads: number
}

export interface ToCheckThread {
  readonly bytes: Uint8Array
  readonly firstLine: number
}

const { file, profile, part, privacy } = workerData as SharedCheck
const check = new BatchCheck(file, {
  profile,
  part,
  privacy: privacy ? await loadGate() : undefined,
  nameOf: String,
  placeOf: (line) => ({ file, line }),
})

parentPort?.on('message', ({ bytes, firstLine }: ToCheckThread) => {
  const lines = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  const result: BatchResult = check.takeLines(cutLines(lines, firstLine, true))
  // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a thread, not a window
  parentPort?.postMessage(result, [result.rows.numbers.buffer])
})
