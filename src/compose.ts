import { basename, resolve } from 'node:path'
import type { ChatModel } from './core/chat-model.ts'
import { defaultBase } from './engine/weights/catalogue.ts'
import { weightCacheFolder } from './lib/home-layout.ts'
import { createLocalTuner } from './providers/local/local-tuner.ts'
import type { SharedBases } from './providers/local/shared-bases.ts'
import type { ChatService, OpenOptions } from './service/chat/chat-service.ts'
import type { ModelsService } from './service/models/models-service.ts'
import { onNamedFile, openNamedFile } from './service/data/open-named-file.ts'
import { packageFile } from './lib/package-file.ts'
import type { OpenModel } from './service/evaluation/ask-candidate.ts'
import type { EvalService } from './service/evaluation/eval-service.ts'
import type { RunService } from './service/run/run-service.ts'
import type { KeysService } from './service/serving/keys-service.ts'
import type { Services, ServicesOptions } from './service/services.ts'
import type { UpkeepService } from './service/upkeep/upkeep-service.ts'
import type { TrainService } from './service/train/train-service.ts'
import { honeHome } from './store/home.ts'
import type { ModelFolders } from './store/read-model.ts'

// Workers are started from the build, wherever this file is run from.
const trainingWorker = packageFile('dist/workers/train.js')
const countingWorker = packageFile('dist/workers/count-tokens.js')
const generationWorker = packageFile('dist/workers/generate.js')

/**
 * The composition root: services over this machine's own engine and the files of one home. Each is loaded when it is first
 * asked: all of them together take longer than what most commands do.
 */
export function createServices(options: ServicesOptions = {}): Services {
  const { threads, device, env = process.env } = options
  const home = options.home === undefined ? honeHome(env) : resolve(options.home)
  const engine = { cacheFolder: weightCacheFolder(home), threads, device }
  const sharedBases = once(async (): Promise<SharedBases> => {
    const { SharedBases } = await import('./providers/local/shared-bases.ts')
    return new SharedBases(generationWorker, { ...engine, longLived: true })
  })
  const openFolders = async (id: string, folders: ModelFolders, open: OpenOptions): Promise<ChatModel> => {
    // What answers for long shares its base with others. On a graphics card an adapter would be copied there with each run.
    if (open.longLived === true && device !== 'webgpu') {
      return (await sharedBases()).open(id, folders, open)
    }
    const { openLocalChatModel } = await import('./providers/local/local-chat-model.ts')
    const own = { ...engine, longLived: open.longLived, arithmetic: open.arithmetic }
    return openLocalChatModel(id, generationWorker, folders, own, open)
  }
  const training = { home, threads, pull: { env }, tuner: createLocalTuner(trainingWorker, engine) }

  const counting = {
    home,
    threads,
    pull: { env },
    worker: countingWorker,
  }

  // These two load the runtime's native library; where it cannot be loaded, everything else still works.
  const trainServiceOf = async (own: typeof training): Promise<TrainService> =>
    (await import('./service/train/train-service.ts')).createTrainService(own)
  const openModel: OpenModel = async (model, wait = {}) => {
    if (typeof model === 'string') {
      const { readModelFolders } = await import('./store/read-model.ts')
      return openFolders(basename(model), await readModelFolders(home, model), wait)
    }
    const { openHostedChatModel } = await import('./providers/openai-compatible/open-hosted-chat-model.ts')
    return openHostedChatModel(model, { env })
  }
  const runService = async (): Promise<RunService> =>
    (await import('./service/run/run-service.ts')).createRunService({ ...training, openModel })
  const evalService = async (): Promise<EvalService> =>
    (await import('./service/evaluation/eval-service.ts')).createEvalService({ ...training, openModel })
  const trainWith = (own: typeof training): TrainService => ({
    plan: async (request, wait) => (await trainServiceOf(own)).plan(request, wait),
    train: async (request, wait) => (await trainServiceOf(own)).train(request, wait),
    resume: async (folder, wait) => (await trainServiceOf(own)).resume(folder, wait),
  })
  const train = trainWith(training)
  // Beside a server's answers.
  const backgroundTrain = trainWith({
    ...training,
    tuner: createLocalTuner(trainingWorker, { ...engine, background: true }),
  })
  const serverKeys = async (): Promise<KeysService> => (await import('./compose-server.ts')).serverKeys(home)
  const serverUpkeep = async (): Promise<UpkeepService> =>
    (await import('./compose-server.ts')).serverUpkeep(home)
  const modelsService = once(async () =>
    (await import('./service/models/models-service.ts')).createModelsService({ home, env, threads }),
  )
  const models: ModelsService = {
    defaultBase,
    list: async () => (await modelsService()).list(),
    find: async (reference) => (await modelsService()).find(reference),
    show: async (reference) => (await modelsService()).show(reference),
    pull: async (request, wait) => (await modelsService()).pull(request, wait),
    import: async (request, wait) => (await modelsService()).import(request, wait),
    export: async (request, wait) => (await modelsService()).export(request, wait),
    remove: async (id, wait) => (await modelsService()).remove(id, wait),
  }
  const chatService = once(async (): Promise<ChatService> =>
    (await import('./service/chat/chat-service.ts')).createChatService({ home, openModel: openFolders }),
  )
  const chat: ChatService = {
    open: async (reference, wait) => (await chatService()).open(reference, wait),
  }
  const services: Services = {
    models,
    train,
    run: { run: async (config, wait) => (await runService()).run(config, wait) },
    evaluation: {
      run: async (request, wait) => (await evalService()).run(request, wait),
      compare: async (request, wait) => (await evalService()).compare(request, wait),
      rows: async (request) => (await evalService()).rows(request),
      suspicious: async (request, wait) => (await evalService()).suspicious(request, wait),
      report: async (request) => (await evalService()).report(request),
      import: async (request, wait) => (await evalService()).import(request, wait),
      gate: async (request, wait) => (await evalService()).gate(request, wait),
    },
    chat,
    data: {
      import: async (request, wait = {}) =>
        (await import('./service/data/import-dataset.ts')).importDataset(home, request, wait),
      check: async (request, wait = {}) => {
        const { dataCheck } = await import('./service/data/data-check.ts')
        return onNamedFile(home, 'data check', request, wait, (found) =>
          dataCheck({ home, now: () => new Date() }, found, wait),
        )
      },
      export: async (request, wait = {}) => {
        const { file, looks } = await openNamedFile(home, request.file, 'data export', wait)
        const { dataExport } = await import('./service/data/data-export.ts')
        const exported = await dataExport(home, { ...request, file }, wait)
        return { ...exported, source: { ...exported.source, file: request.file }, looks }
      },
      redact: async (request, wait = {}) => {
        const { dataRedact } = await import('./service/data/data-redact.ts')
        return onNamedFile(home, 'data redact', request, wait, (found) =>
          dataRedact({ home, env }, found, wait),
        )
      },
      mask: async (request, wait = {}) => {
        const { dataMask } = await import('./service/data/data-mask.ts')
        return onNamedFile(home, 'data mask', request, wait, (found) => dataMask(counting, found, wait))
      },
      tokens: async (request, wait = {}) => {
        const { dataTokens } = await import('./service/data/data-tokens.ts')
        return onNamedFile(home, 'data tokens', request, wait, (found) => dataTokens(counting, found, wait))
      },
      stats: async (request, wait = {}) => {
        const { dataStats } = await import('./service/data/data-stats.ts')
        return onNamedFile(home, 'data stats', request, wait, (found) => dataStats(home, found, wait))
      },
      dedupe: async (request, wait = {}) =>
        (await import('./service/data/dedupe-data.ts')).dedupeData(home, request, wait),
      split: async (request, wait = {}) =>
        (await import('./service/data/split-data.ts')).splitData(home, request, wait),
      save: async (request, wait = {}) =>
        (await import('./service/data/dataset-service.ts')).saveData(home, request, wait),
      list: async () => (await import('./service/data/dataset-service.ts')).listData(home),
      show: async (reference) =>
        (await import('./service/data/dataset-service.ts')).showData(home, reference),
      diff: async (request, wait = {}) =>
        (await import('./service/data/diff-data.ts')).diffData(home, request, wait),
    },
    doctor: async (wait = {}) =>
      (await import('./service/doctor/doctor.ts')).runDoctor({ home, env, threads, device, ...wait }),
    keys: {
      list: async () => (await serverKeys()).list(),
      add: async (request) => (await serverKeys()).add(request),
      revoke: async (id) => (await serverKeys()).revoke(id),
    },
    upkeep: {
      collectGarbage: async (request) => (await serverUpkeep()).collectGarbage(request),
      backup: async (to, wait) => (await serverUpkeep()).backup(to, wait),
      restore: async (from, wait) => (await serverUpkeep()).restore(from, wait),
    },
    serve: async (asked) =>
      (await import('./compose-server.ts')).serve(
        { home, env, chat, services: { ...services, train: backgroundTrain } },
        asked,
      ),
  }
  return services
}

/** What is made at its first use, and kept. */
function once<Made>(make: () => Promise<Made>): () => Promise<Made> {
  let made: Promise<Made> | undefined
  return () => (made ??= make())
}
