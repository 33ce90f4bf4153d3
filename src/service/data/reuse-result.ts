import { createHash } from 'node:crypto'
import { stat } from 'node:fs/promises'
import { canonicalJson, type JsonValue } from '../../lib/canonical-json.ts'
import { resultCacheFolder } from '../../lib/home-layout.ts'
import { packageVersion } from '../../lib/package-version.ts'
import { findDataset } from '../../store/datasets.ts'
import { createResultCache } from '../../store/result-cache.ts'
import { contentOf, fileState } from './content-of.ts'
import type { DataOptions } from './data-event.ts'

/** A file that a result depends on. */
interface WorkInput {
  readonly file: string
  /** What names its content, where that is known. */
  readonly sha256?: string | null | undefined
}

/** Work whose result is the same for the same content and settings. */
export interface RepeatableWork<Result = never> {
  /** What is done, and a number that grows with the form of its result: `check 1`. */
  readonly kind: string
  readonly inputs: readonly WorkInput[]
  /** All else that the result depends on; what JSON does not hold is left out. */
  readonly settings: object
  /**
   * Files that the work writes. An earlier result is taken only while they, and the dataset version that the result names
   * as `dataset`, are as that run left them.
   */
  readonly outputs?: readonly (string | undefined)[] | undefined
  /** Whether a result is kept. Default: any that the cache has room for. */
  readonly isKept?: ((result: Result) => boolean) | undefined
  /** Do it again whatever was done before. */
  readonly fresh?: boolean | undefined
}

/** An outcome, and whether it is that of an earlier run over the same content. */
export type Reusable<Outcome> = Outcome & { readonly reused: boolean }

interface Kept<Result> {
  readonly outputs: readonly FileContent[]
  readonly result: Result
}

interface FileContent {
  readonly bytes: number
  readonly sha256: string
}

/**
 * Takes the result of an earlier run of the same work, or does it and keeps its result in the home. Inputs are known by
 * their SHA-256, whatever their times are; a file that is not on this machine has none, so work on it is always done. The
 * result of work whose input changes meanwhile is not kept.
 */
export async function orEarlierResult<Result extends object>(
  home: string,
  work: RepeatableWork<Result>,
  wait: DataOptions,
  compute: () => Promise<Result>,
): Promise<Reusable<Result>> {
  const cache = createResultCache(resultCacheFolder(home))
  const before = await statesOf(work)
  const key = before === undefined ? undefined : await keyOf(work, wait)
  if (key === undefined) return { ...(await compute()), reused: false }
  // What the key names was written by this very version.
  const kept = work.fresh === true ? undefined : ((await cache.get(key)) as Kept<Result> | undefined)
  if (kept !== undefined && (await isAsItWasLeft(home, kept, work, wait)))
    return { ...kept.result, reused: true }
  const result = await compute()
  if (work.isKept?.(result) !== false) {
    const outputs = await contentsOf(work, wait)
    if (outputs !== undefined && (await statesOf(work)) === before) await cache.put(key, { outputs, result })
  }
  return { ...result, reused: false }
}

/** What changes when an input is written; undefined where one is no file on this machine. */
async function statesOf({ inputs }: RepeatableWork): Promise<string | undefined> {
  const states: string[] = []
  for (const { file } of inputs) {
    const state = await fileState(file)
    if (state === undefined) return undefined
    states.push(state)
  }
  return states.join('\n')
}

async function keyOf(
  { kind, inputs, settings }: RepeatableWork,
  wait: DataOptions,
): Promise<string | undefined> {
  const contents: string[] = []
  for (const { file, sha256 } of inputs) {
    const content = sha256 ?? (await contentOf(file, wait))
    if (content === null) return undefined
    contents.push(content)
  }
  const plain = JSON.parse(JSON.stringify(settings)) as JsonValue
  try {
    const parts = canonicalJson({ kind, version: packageVersion(), inputs: contents, settings: plain })
    return createHash('sha256').update(parts).digest('hex')
  } catch (error) {
    // Settings with half a character have no canonical text.
    if (error instanceof TypeError) return undefined
    throw error
  }
}

/** Whether everything that an earlier run made is as that run left it. */
async function isAsItWasLeft(
  home: string,
  { outputs, result }: Kept<object>,
  work: RepeatableWork,
  wait: DataOptions,
): Promise<boolean> {
  for (const [at, file] of namedOutputs(work).entries()) {
    const left = outputs[at]
    const state = await stat(file).catch(() => undefined)
    if (left === undefined || state?.isFile() !== true || state.size !== left.bytes) return false
    if ((await contentOf(file, wait)) !== left.sha256) return false
  }
  const dataset = 'dataset' in result && typeof result.dataset === 'string' ? result.dataset : undefined
  return dataset === undefined || (await isDataset(home, dataset))
}

const isDataset = (home: string, id: string): Promise<boolean> =>
  findDataset(home, id).then(
    () => true,
    () => false,
  )

/** Undefined where a file is gone already, or nobody waits any longer: the work itself is done. */
async function contentsOf(work: RepeatableWork, wait: DataOptions): Promise<FileContent[] | undefined> {
  const contents: FileContent[] = []
  for (const file of namedOutputs(work)) {
    const state = await stat(file).catch(() => undefined)
    const sha256 = await contentOf(file, wait).catch(() => null)
    if (state === undefined || sha256 === null) return undefined
    contents.push({ bytes: state.size, sha256 })
  }
  return contents
}

const namedOutputs = ({ outputs = [] }: RepeatableWork): string[] =>
  outputs.filter((file) => file !== undefined)
