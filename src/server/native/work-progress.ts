import type { DataServices } from '../../service/data/data-services.ts'
import type { ModelsServiceEvent } from '../../service/models/models-service.ts'
import type { Progress } from './native-route.ts'

type OnProgress = (progress: Progress) => void
type DataEvent = Parameters<NonNullable<NonNullable<Parameters<DataServices['stats']>[1]>['onEvent']>>[0]

/** Tells how far a model is that is fetched or written. */
export function modelProgress(event: ModelsServiceEvent, onProgress: OnProgress): void {
  if (event.type === 'progressed') {
    const { phase, file, done = 0, total = null } = event
    onProgress({ step: phase, done, total, unit: 'bytes', message: file })
  } else if (event.type === 'source-tried') tell(`asking ${event.source}`, onProgress)
  else if (event.type === 'source-failed') tell(`${event.source}: ${event.reason}`, onProgress)
  else if (event.type === 'lock-waited') tell('another process works on the same model', onProgress)
  else if (event.type === 'download-retried') tell(`the download was cut: ${event.reason}`, onProgress)
}

const tell = (message: string, onProgress: OnProgress): void =>
  onProgress({ step: 'source', done: 0, total: null, unit: 'steps', message })

/** Tells how far a file of examples is read. */
export const dataProgress =
  (onProgress: OnProgress): ((event: DataEvent) => void) =>
  (event) => {
    if (event.type === 'data-progress') {
      const { step, bytes, totalBytes, records } = event
      const message = `${records.toLocaleString('en-US')} records`
      onProgress({ step, done: bytes, total: totalBytes, unit: 'bytes', message })
    } else if (event.type === 'base') modelProgress(event.event, onProgress)
    else {
      const message = `${event.file} is a sealed test split; it was looked at ${event.looks} times by now`
      onProgress({ step: 'look', done: 0, total: null, unit: 'steps', message })
    }
  }
