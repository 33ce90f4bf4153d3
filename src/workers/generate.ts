import { join } from 'node:path'
import { readAdapter } from '../engine/adapter/adapter-files.ts'
import { openBaseModel } from '../engine/base-model.ts'
import { loadGenerator } from '../engine/load-generator.ts'
import type {
  FromGenerationWorker,
  ModelFolders,
  OpenedWeights,
  ToGenerationWorker,
} from '../providers/local/generation-protocol.ts'
import { GenerationQueue } from '../providers/local/generation-queue.ts'
import type { EngineOptions } from '../providers/local/training-protocol.ts'
import { toSerialized } from '../providers/local/worker-process.ts'

const send = (message: FromGenerationWorker): void => void process.send?.(message)
let queue: GenerationQueue | undefined

async function open(
  { base, adapter }: ModelFolders,
  givenAdapters: boolean,
  { cacheFolder, threads, device, longLived, arithmetic }: EngineOptions,
): Promise<OpenedWeights> {
  const model = await openBaseModel(base, { cacheFolder })
  const tuned =
    adapter === undefined ? undefined : await readAdapter(join(adapter), model.architecture, model.config)
  const { generator, bytes, measureRounding } = await loadGenerator(model, tuned, cacheFolder, {
    ...(threads === undefined ? {} : { threads }),
    ...(device === undefined ? {} : { device }),
    longLived,
    arithmetic,
    givenAdapters,
  })
  queue = new GenerationQueue(model, generator, send)
  if (arithmetic !== 'int8') return { bytes }
  return { bytes, rounding: (await measureRounding?.()) ?? null }
}

process.on('SIGINT', () => undefined)
process.on('SIGTERM', () => undefined)
process.on('disconnect', () => process.exit(1))
process.on('message', (message: ToGenerationWorker) => {
  switch (message.type) {
    case 'open':
      open(message.model, message.shared, message.options).then(
        (weights) => send({ type: 'ready', ...weights }),
        (error: unknown) => send({ type: 'failed', error: toSerialized(error) }),
      )
      return
    case 'chat':
      void queue?.chat(message.id, message.request, message.adapter, message.ahead)
      return
    case 'score':
      void queue?.score(message)
      return
    case 'load':
      void queue?.load(message.id, message.adapter, message.folder)
      return
    case 'unload':
      queue?.unload(message.adapter)
      return
    case 'cancel':
      queue?.cancel(message.id)
  }
})
