import { join } from 'node:path'
import { readAdapter } from '../engine/adapter/adapter-files.ts'
import { openBaseModel } from '../engine/base-model.ts'
import { loadGenerator } from '../engine/load-generator.ts'
import type {
  FromGenerationWorker,
  ModelFolders,
  ToGenerationWorker,
} from '../providers/local/generation-protocol.ts'
import { GenerationQueue } from '../providers/local/generation-queue.ts'
import type { EngineOptions } from '../providers/local/training-protocol.ts'
import { toSerialized } from '../providers/local/worker-process.ts'

const send = (message: FromGenerationWorker): void => void process.send?.(message)
let queue: GenerationQueue | undefined

async function open(
  { base, adapter }: ModelFolders,
  { cacheFolder, threads, device, longLived }: EngineOptions,
): Promise<void> {
  const model = await openBaseModel(base, { cacheFolder })
  const tuned =
    adapter === undefined ? undefined : await readAdapter(join(adapter), model.architecture, model.config)
  const { generator } = await loadGenerator(model, tuned, cacheFolder, {
    ...(threads === undefined ? {} : { threads }),
    ...(device === undefined ? {} : { device }),
    longLived,
  })
  queue = new GenerationQueue(model, generator, send)
}

process.on('SIGINT', () => undefined)
process.on('SIGTERM', () => undefined)
process.on('disconnect', () => process.exit(1))
process.on('message', (message: ToGenerationWorker) => {
  switch (message.type) {
    case 'open':
      open(message.model, message.options).then(
        () => send({ type: 'ready' }),
        (error: unknown) => send({ type: 'failed', error: toSerialized(error) }),
      )
      return
    case 'chat':
      void queue?.chat(message.id, message.request)
      return
    case 'score':
      void queue?.score(message.id, message.messages, message.labels)
      return
    case 'cancel':
      queue?.cancel(message.id)
  }
})
