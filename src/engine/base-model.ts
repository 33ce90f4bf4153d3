import { loadModelText, type ModelText } from '../text/load-chat-text.ts'
import { readBaseFolder, type BaseFolder } from './weights/base-folder.ts'
import { cachedWeights, type CachedWeights } from './weights/weight-cache.ts'

/** A base model whose text side is loaded and whose weights lie ready to be mapped into memory. */
export interface BaseModel extends BaseFolder {
  readonly text: ModelText
  readonly weights: CachedWeights
}

export interface OpenBaseOptions {
  readonly cacheFolder: string
  readonly signal?: AbortSignal | undefined
  /** Told while the weights are unpacked for the first time, in bytes. */
  readonly onProgress?: ((done: number, total: number) => void) | undefined
}

/** @throws HoneError `E_MODEL_FILE`, `E_MODEL_UNSUPPORTED`, `E_TEMPLATE`, `E_DISK` */
export async function openBaseModel(folder: string, options: OpenBaseOptions): Promise<BaseModel> {
  const base = await readBaseFolder(folder)
  const text = await loadModelText(folder)
  const weights = await cachedWeights(() => base.openWeights(), base.specs, {
    cacheFolder: options.cacheFolder,
    key: base.weightsKey,
    signal: options.signal,
    ...(options.onProgress === undefined ? {} : { onProgress: options.onProgress }),
  })
  return { ...base, text, weights }
}
