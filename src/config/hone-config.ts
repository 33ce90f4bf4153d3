import { resolve } from 'node:path'
import type { CandidateConfig } from './candidate-schema.ts'
import type { ConfigFile } from './config-schema.ts'
import type { MetricConfig, TaskConfig } from './task-schema.ts'

/** A configuration with every default in place, paths absolute and texts read. */
export interface HoneConfig extends Omit<ConfigFile, 'system' | 'prompt' | 'evaluation' | 'output'> {
  /** The file it was read from. */
  readonly file: string
  readonly system?: string
  readonly prompt: { readonly base?: string; readonly fewShot: number }
  readonly evaluation: Omit<ConfigFile['evaluation'], 'candidates'> & {
    readonly candidates: readonly CandidateConfig<string>[]
  }
  readonly output: string
}

export interface ResolveContext {
  /** The file it was read from. */
  readonly file: string
  /** What the paths of data files are relative to. */
  readonly dataFolder: string
  /** What the output folder is relative to. */
  readonly workingFolder: string
  /** The texts, already read. */
  readonly system: string | undefined
  readonly basePrompt: string | undefined
  /** The system prompts of candidates, by their ids. */
  readonly candidatePrompts: ReadonlyMap<string, string>
}

/** Paths made absolute, texts put in, and no split of what comes from a file of its own. */
export function resolveConfig(config: ConfigFile, context: ResolveContext): HoneConfig {
  const { system: _system, prompt, output, data, split, task, evaluation, ...rest } = config
  const dataPath = (path: string): string => resolve(context.dataFolder, path)
  return {
    ...rest,
    file: context.file,
    task: resolveTask(task, dataPath),
    data: {
      train: dataPath(data.train),
      ...(data.validation === undefined ? {} : { validation: dataPath(data.validation) }),
      ...(data.test === undefined ? {} : { test: dataPath(data.test) }),
    },
    split: {
      validation: data.validation === undefined ? split.validation : 0,
      test: data.test === undefined ? split.test : 0,
      seed: split.seed,
    },
    ...(context.system === undefined ? {} : { system: context.system }),
    prompt: {
      ...(context.basePrompt === undefined ? {} : { base: context.basePrompt }),
      fewShot: prompt.fewShot,
    },
    evaluation: {
      ...evaluation,
      candidates: evaluation.candidates.map((candidate) => resolveCandidate(candidate, context)),
    },
    output: resolve(context.workingFolder, output ?? `out/${config.name}`),
  }
}

function resolveCandidate(
  candidate: CandidateConfig,
  { candidatePrompts, dataFolder }: ResolveContext,
): CandidateConfig<string> {
  if (typeof candidate === 'string') return candidate
  const { system: _system, constrain, ...rest } = candidate
  const text = candidatePrompts.get(candidate.id)
  const hasFile = typeof constrain === 'object' && 'schema' in constrain
  const kept = hasFile ? { schema: resolve(dataFolder, constrain.schema) } : constrain
  return {
    ...rest,
    ...(text === undefined ? {} : { system: text }),
    ...(kept === undefined ? {} : { constrain: kept }),
  }
}

function resolveTask(task: TaskConfig, pathOf: (path: string) => string): TaskConfig {
  const metrics = task.metrics?.map((metric): MetricConfig =>
    typeof metric === 'string' ? metric : { file: pathOf(metric.file) },
  )
  return {
    ...task,
    ...(metrics === undefined ? {} : { metrics }),
    ...(task.kind === 'json' && task.schema !== undefined ? { schema: pathOf(task.schema) } : {}),
    ...(task.kind === 'codes' && task.list !== undefined ? { list: pathOf(task.list) } : {}),
  }
}
