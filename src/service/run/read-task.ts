import { readFile } from 'node:fs/promises'
import type { MatcherConfig, MetricConfig, TaskConfig } from '../../config/task-schema.ts'
import { HoneError } from '../../core/errors.ts'
import type { EvaluationTask, JsonTask } from '../../evaluate/evaluation-task.ts'
import type { FieldRule, Matcher } from '../../evaluate/match/matcher.ts'
import { codesValid } from '../../evaluate/metrics/codes.ts'
import type { Metric } from '../../evaluate/metrics/metric.ts'
import { metricsOf } from '../../evaluate/metrics/task-metrics.ts'
import type { JsonValue } from '../../lib/canonical-json.ts'
import { loadMetric } from './load-metric.ts'

export interface LoadedTask {
  /** Labels are empty where those of the training data are meant. */
  readonly task: EvaluationTask
  /** Metrics that are made for this task: of a code list, and the user's own. */
  readonly metrics: readonly Metric[]
}

/**
 * The task of a configuration, with the files that it names.
 *
 * @throws HoneError `E_CONFIG` where a file cannot be used, or two metrics have one name; `signal.reason`
 */
export async function readTask(config: TaskConfig, signal?: AbortSignal): Promise<LoadedTask> {
  signal?.throwIfAborted()
  const own = await Promise.all((config.metrics ?? []).map((metric) => ownMetric(metric)))
  const list = config.kind === 'codes' ? config.list : undefined
  const made = [
    ...(list === undefined ? [] : [codesValid(await readCodeList(list, signal))]),
    ...own.filter((metric) => metric !== undefined),
  ]
  const names = config.metrics?.map((metric, at) => (typeof metric === 'string' ? metric : own[at]!.id))
  if (names?.includes('codes-valid') === true && list === undefined) {
    throw new HoneError('E_CONFIG', 'the metric "codes-valid" needs the list of valid codes', {
      hint: 'name its file as task.list, one code a line',
    })
  }
  const twice = names?.find((name, at) => names.indexOf(name) !== at)
  if (twice !== undefined) throw new HoneError('E_CONFIG', `there are two metrics "${twice}"`)
  const task = { ...(await taskOf(config, signal)), ...(names === undefined ? {} : { metrics: names }) }
  metricsOf(task, made)
  return { task, metrics: made }
}

const ownMetric = async (metric: MetricConfig): Promise<Metric | undefined> =>
  typeof metric === 'string' ? undefined : loadMetric(metric.file)

async function taskOf(config: TaskConfig, signal: AbortSignal | undefined): Promise<EvaluationTask> {
  switch (config.kind) {
    case 'labels':
      return {
        kind: 'labels',
        labels: config.labels ?? [],
        ...(config.field === undefined ? {} : { field: config.field }),
        ...(config.abstain === undefined ? {} : { abstain: config.abstain }),
      }
    case 'json':
      return {
        kind: 'json',
        ...(config.fields === undefined ? {} : { fields: fieldsOf(config.fields) }),
        ...(config.schema === undefined ? {} : { schema: await readSchema(config.schema, signal) }),
      }
    case 'codes':
      return { kind: 'codes', system: config.system }
    case 'text':
      return { kind: 'text', ...(config.sections === undefined ? {} : { sections: config.sections }) }
    case 'tool-calls':
    case 'spans':
    default:
      return { kind: config.kind }
  }
}

type FieldsConfig = NonNullable<Extract<TaskConfig, { readonly kind: 'json' }>['fields']>

function fieldsOf(fields: FieldsConfig): NonNullable<JsonTask['fields']> {
  if (isList(fields)) {
    return fields.map((field) => (field.startsWith('/') ? { field, match: 'exact' } : field))
  }
  return Object.entries(fields).map(([field, matcher]): FieldRule => ({ ...matcherOf(matcher), field }))
}

const isList = (fields: FieldsConfig): fields is readonly string[] => Array.isArray(fields)

/** A name alone is a way without settings. The schema has checked that the settings belong to it. */
function matcherOf(config: MatcherConfig): Matcher {
  if (typeof config === 'string') return { match: config } as Matcher
  const { of, fields } = config
  return {
    ...config,
    ...(of === undefined ? {} : { of: matcherOf(of as MatcherConfig) }),
    ...(fields === undefined
      ? {}
      : {
          fields: Object.fromEntries(
            Object.entries(fields as Readonly<Record<string, MatcherConfig>>).map(([name, each]) => [
              name,
              matcherOf(each),
            ]),
          ),
        }),
  } as unknown as Matcher
}

async function readSchema(file: string, signal: AbortSignal | undefined): Promise<JsonValue> {
  const text = await textOf(file, signal)
  try {
    return JSON.parse(text) as JsonValue
  } catch (cause) {
    throw new HoneError('E_CONFIG', 'task.schema names a file that is not JSON', { at: { file }, cause })
  }
}

/** The first word of each line: the lists of CMS have the description behind it. Lines with # are comments. */
async function readCodeList(file: string, signal: AbortSignal | undefined): Promise<string[]> {
  const codes = (await textOf(file, signal))
    .split('\n')
    .map((line) => line.trim().split(/[\s,;]/, 1)[0] ?? '')
    .filter((code) => code !== '' && !code.startsWith('#'))
  if (codes.length > 0) return codes
  throw new HoneError('E_CONFIG', 'the list of codes is empty', { at: { file } })
}

async function textOf(file: string, signal: AbortSignal | undefined): Promise<string> {
  return readFile(file, { encoding: 'utf8', signal }).catch((cause: unknown) => {
    signal?.throwIfAborted()
    const reason = cause instanceof Error ? cause.message : String(cause)
    throw new HoneError('E_CONFIG', `the file cannot be read: ${reason}`, { at: { file }, cause })
  })
}
