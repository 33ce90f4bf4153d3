import { basename, resolve } from 'node:path'
import type { ChatModel } from './core/chat-model.ts'
import { resultCacheFolder, weightCacheFolder } from './lib/home-layout.ts'
import { openLocalChatModel } from './providers/local/local-chat-model.ts'
import { createLocalTuner } from './providers/local/local-tuner.ts'
import { createChatService, type OpenOptions } from './service/chat-service.ts'
import { runDoctor } from './service/doctor.ts'
import { createModelsService } from './service/models-service.ts'
import type { RunService } from './service/run-service.ts'
import type { Services, ServicesOptions } from './service/services.ts'
import type { TrainService } from './service/train-service.ts'
import { honeHome } from './store/home.ts'
import { createResultCache } from './store/result-cache.ts'
import { readModelFolders, type ModelFolders } from './store/read-model.ts'

// Workers are started from the build, wherever this file is run from.
const trainingWorker = new URL('../dist/workers/train.js', import.meta.url)
const countingWorker = new URL('../dist/workers/count-tokens.js', import.meta.url)
const generationWorker = new URL('../dist/workers/generate.js', import.meta.url)

/** The composition root: services over this machine's own engine and the files of one home. */
export function createServices(options: ServicesOptions = {}): Services {
  const { threads, device, env = process.env } = options
  const home = options.home === undefined ? honeHome(env) : resolve(options.home)
  const engine = { cacheFolder: weightCacheFolder(home), threads, device }
  const openFolders = (id: string, folders: ModelFolders, open: OpenOptions): Promise<ChatModel> =>
    openLocalChatModel(id, generationWorker, folders, { ...engine, longLived: open.longLived }, open)
  const training = { home, threads, pull: { env }, tuner: createLocalTuner(trainingWorker, engine) }

  const counting = {
    home,
    threads,
    pull: { env },
    cache: createResultCache(resultCacheFolder(home)),
    worker: countingWorker,
  }

  // These two load the runtime's native library; where it cannot be loaded, everything else still works.
  const trainService = async (): Promise<TrainService> =>
    (await import('./service/train-service.ts')).createTrainService(training)
  const runService = async (): Promise<RunService> =>
    (await import('./service/run-service.ts')).createRunService({
      ...training,
      openModel: async (folder, wait = {}) =>
        openFolders(basename(folder), await readModelFolders(home, folder), wait),
    })
  return {
    models: createModelsService({ home, env, threads }),
    train: {
      plan: async (request, wait) => (await trainService()).plan(request, wait),
      train: async (request, wait) => (await trainService()).train(request, wait),
      resume: async (folder, wait) => (await trainService()).resume(folder, wait),
    },
    run: { run: async (config, wait) => (await runService()).run(config, wait) },
    chat: createChatService({ home, openModel: openFolders }),
    data: {
      import: async (request, wait) => (await import('./service/data-import.ts')).dataImport(request, wait),
      export: async (request, wait) => (await import('./service/data-export.ts')).dataExport(request, wait),
      redact: async (request, wait) =>
        (await import('./service/data-redact.ts')).dataRedact(env, request, wait),
      mask: async (request, wait) =>
        (await import('./service/data-mask.ts')).dataMask(counting, request, wait),
      tokens: async (request, wait) =>
        (await import('./service/data-tokens.ts')).dataTokens(counting, request, wait),
      stats: async (request, wait) => (await import('./service/data-stats.ts')).dataStats(request, wait),
      check: async (request, wait) =>
        (await import('./service/data-check.ts')).dataCheck({ home, now: () => new Date() }, request, wait),
    },
    doctor: (wait = {}) => runDoctor({ home, env, threads, device, ...wait }),
  }
}
