import { configError, pointerOf } from './config-problem.ts'
import { toConfigProblems } from './config-issues.ts'
import { configJsonSchema, configSchema } from './config-schema.ts'
import { resolveConfig, type HoneConfig } from './hone-config.ts'

type Overridable<T> = T extends readonly unknown[]
  ? T
  : T extends object
    ? { readonly [K in keyof T]?: Overridable<T[K]> | undefined }
    : T

/** Settings that replace those of the file, such as the flags of a command. `undefined` replaces nothing. */
export type ConfigOverrides = Overridable<Omit<HoneConfig, 'file' | 'schema' | 'name'>>

/**
 * The configuration with some settings replaced and checked again: a flag goes before the file, the file before the
 * default. Lists are replaced as a whole, and so is the task when its kind changes. New paths are relative to the
 * working folder; a new data file for a split means that nothing is split off for it.
 *
 * @throws HoneError `E_CONFIG` with every problem and its JSON pointer.
 *
 * @example
 * mergeConfig(config, { training: { epochs: 3 }, output: 'out/second' })
 */
export function mergeConfig(
  config: HoneConfig,
  overrides: ConfigOverrides,
  workingFolder: string = process.cwd(),
): HoneConfig {
  const { file, ...settings } = config
  const kind = overrides.task?.kind
  const kept = kind === undefined || kind === config.task.kind ? settings : { ...settings, task: {} }
  const raw = merged(kept, overrides)
  const parsed = configSchema.safeParse(raw)
  if (!parsed.success) {
    throw configError(toConfigProblems(parsed.error.issues, raw, configJsonSchema()), (path) => ({
      pointer: pointerOf(path),
    }))
  }
  const { system, prompt, evaluation, judge } = parsed.data
  return resolveConfig(parsed.data, {
    file,
    dataFolder: workingFolder,
    workingFolder,
    system: textOnly(system),
    basePrompt: textOnly(prompt.base),
    rubric: textOnly(judge?.rubric),
    candidatePrompts: new Map(
      evaluation.candidates.flatMap((candidate) => {
        const text = typeof candidate === 'string' ? undefined : textOnly(candidate.system)
        return text === undefined || typeof candidate === 'string' ? [] : [[candidate.id, text]]
      }),
    ),
  })
}

function merged(value: unknown, override: unknown): unknown {
  if (override === undefined) return value
  if (!isSection(override)) return override
  if (!isSection(value)) return merged({}, override)
  const result: Record<string, unknown> = { ...value }
  for (const [key, part] of Object.entries(override)) {
    // A key that neither side has must not come to be, not even as undefined.
    if (part !== undefined) result[key] = merged(result[key], part)
  }
  return result
}

const isSection = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

const textOnly = (text: unknown): string | undefined => (typeof text === 'string' ? text : undefined)
