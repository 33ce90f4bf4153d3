import { stat } from 'node:fs/promises'
import { relative, resolve, sep } from 'node:path'
import { HoneError } from '../../core/errors.ts'
import { checkFile, type CheckFileOptions, type FileCheck } from '../../data/check/check-file.ts'
import { fixedNames, fixFile, type FixedFile } from '../../data/check/fix-file.ts'
import {
  FindingCollector,
  mergeProblems,
  type DataProblems,
  type Finding,
  type Severity,
} from '../../data/finding.ts'
import { labelField } from '../../data/check/label-field.ts'
import { describedRules } from '../../data/check/rule-table.ts'
import { toSarif } from '../../data/check/sarif.ts'
import { packageVersion } from '../../lib/package-version.ts'
import { readJsonFile } from '../../lib/read-json-file.ts'
import { replaceFileWith } from '../../lib/replace-file.ts'
import { checkHyperparameters } from '../../profiles/check-hyperparameters.ts'
import { checkLifecycle } from '../../profiles/check-lifecycle.ts'
import type { Profile } from '../../profiles/profile.ts'
import { findProfile } from '../../profiles/profiles.ts'
import type { DataOptions } from './data-event.ts'
import { orEarlierResult, type Reusable } from './reuse-result.ts'

export interface DataCheckRequest {
  readonly file: string
  /** Name of a profile, such as `bedrock:claude-3-haiku` or `local:MODEL`. */
  readonly for?: string | undefined
  /** Which of a job's files it is. Default `training`. */
  readonly part?: 'training' | 'validation' | undefined
  /** The validation file of this training file. */
  readonly against?: string | undefined
  /** A JSON Schema that every answer must obey. */
  readonly schema?: string | undefined
  /** Look for personal data, which takes long. */
  readonly privacy?: boolean | undefined
  /** Field of the record, or of the answer's JSON object, that holds the label. */
  readonly label?: string | undefined
  /** The job's hyperparameters, as the strings that go over the wire. */
  readonly hyperparameters?: Readonly<Record<string, string>> | undefined
  /** Write a mended copy and a diff. */
  readonly fix?: boolean | undefined
  readonly force?: boolean | undefined
  /** Where the findings are written as SARIF. */
  readonly sarif?: string | undefined
  /** Take nothing of an earlier run. */
  readonly fresh?: boolean | undefined
}

/** The result of a check; the object of `hone data check --json`. */
export interface CheckedData {
  readonly schema: 1
  readonly file: string
  readonly bytes: number
  /** What the file is, such as `csv in gzip`. */
  readonly kind: string
  /** What `line` of a finding's place counts: lines, rows of a table, or records of a JSON text. */
  readonly unit: FileCheck['unit']
  /** What is worth saying about how the file is read. */
  readonly notes: readonly string[]
  readonly records: number
  readonly blankLines: number
  readonly profile: { readonly id: string; readonly title: string; readonly asOf: string } | null
  /** Where a short name was given: which profile was taken. */
  readonly profileNote: string | null
  /** True where there is no error. */
  readonly passed: boolean
  readonly counts: Readonly<Record<Severity, number>>
  readonly byRule: Readonly<Record<string, number>>
  /** Findings that `--fix` mends, by severity. */
  readonly mendable: Readonly<Record<Severity, number>>
  /** At most 1,000 of each rule. */
  readonly findings: readonly Finding[]
  readonly sarif: string | null
  /** With `--fix`: what was written, and what is left in it. */
  readonly fixed: (FixedFile & { readonly left: Readonly<Record<Severity, number>> }) | null
}

export interface DataCheckSettings {
  readonly home: string
  readonly now: () => Date
}

/**
 * Checks a file of examples against the rules of a service, the rules of good data, and the job that is planned with it.
 *
 * @throws HoneError `E_USAGE` for an unknown profile, `E_DATA` for a file that cannot be read, `E_EXISTS`, `E_CONFIG`
 */
export async function dataCheck(
  settings: DataCheckSettings,
  { fresh, force, ...request }: DataCheckRequest,
  options: DataOptions = {},
): Promise<Reusable<CheckedData>> {
  const { file, against, schema, sarif } = request
  const localModel = request.for === undefined ? undefined : findProfile(request.for).localModel
  const model = localModel === undefined ? [] : await modelFiles(settings.home, localModel)
  const fixed = request.fix === true ? fixedNames(file) : undefined
  const work = {
    kind: 'check 1',
    inputs: [file, against, schema, ...model].flatMap((input) =>
      input === undefined ? [] : [{ file: input }],
    ),
    // Whether a base is retired depends on the day; a template may write it.
    settings: { ...request, day: settings.now().toISOString().slice(0, 10) },
    outputs: [fixed?.file, fixed?.diff, sarif],
    fresh,
  }
  return orEarlierResult(settings.home, work, options, () => check(settings, { ...request, force }, options))
}

async function check(
  { home, now }: DataCheckSettings,
  request: DataCheckRequest,
  { signal, onEvent }: DataOptions,
): Promise<CheckedData> {
  const found = request.for === undefined ? undefined : findProfile(request.for)
  const profile = found?.profile
  const checking = {
    profile,
    part: request.part,
    privacy: request.privacy,
    against: request.against,
    // A mended copy is one of lines, and what a service is sent is JSONL.
    anyKind: request.fix !== true && (profile === undefined || profile.service === 'local'),
    target: found?.localModel === undefined ? undefined : await targetOf(home, found.localModel),
    labelOf: request.label === undefined ? undefined : labelField(request.label),
    answerFaults: request.schema === undefined ? undefined : await schemaOf(request.schema),
    signal,
  } satisfies CheckFileOptions
  const progress =
    (step: string): CheckFileOptions['onProgress'] =>
    (bytes, totalBytes, records) =>
      onEvent?.({ type: 'data-progress', step, bytes, totalBytes, records })
  const checked = await checkFile(request.file, { ...checking, onProgress: progress('check') })
  const problems = mergeProblems(jobProblems(profile, request, now()), checked.problems)
  const fixed = request.fix === true ? await fix(request, checking, progress('fix')) : null
  if (request.sarif !== undefined) await writeSarif(request.sarif, request, problems)
  return {
    schema: 1,
    file: request.file,
    bytes: checked.bytes,
    kind: checked.kind,
    unit: checked.unit,
    notes: checked.notes,
    records: checked.records,
    blankLines: checked.blankLines,
    profile: profile === undefined ? null : { id: profile.id, title: profile.title, asOf: profile.asOf },
    profileNote: found?.note ?? null,
    passed: problems.counts.error === 0,
    counts: problems.counts,
    byRule: problems.byRule,
    mendable: checked.mendable,
    findings: problems.findings,
    sarif: request.sarif ?? null,
    fixed,
  }
}

/** What is wrong with the job that the file is for. */
function jobProblems(profile: Profile | undefined, request: DataCheckRequest, now: Date): DataProblems {
  const collector = new FindingCollector()
  if (profile === undefined) {
    if (request.hyperparameters !== undefined) {
      throw new HoneError('E_USAGE', '--hyper needs to know whose hyperparameters these are', {
        hint: 'name the base: --for bedrock:claude-3-haiku',
      })
    }
    return collector.problems()
  }
  for (const { name, message, hint } of checkHyperparameters(profile, request.hyperparameters ?? {})) {
    const at = { pointer: `hyperParameters/${name.slice(0, 60)}` }
    collector.add({ id: `${profile.service}/hyperparameter`, severity: 'error', at, message, hint })
  }
  for (const { severity, message, hint } of checkLifecycle(profile, { now })) {
    collector.add({ id: `${profile.service}/lifecycle`, severity, at: {}, message, hint })
  }
  return collector.problems()
}

async function fix(
  request: DataCheckRequest,
  checking: CheckFileOptions,
  onProgress: CheckFileOptions['onProgress'],
): Promise<CheckedData['fixed']> {
  const options = { ...checking, force: request.force, exists: isThere }
  const written = await fixFile(request.file, options)
  const after = await checkFile(written.file, { ...checking, onProgress })
  return { ...written, left: after.problems.counts }
}

const isThere = async (path: string): Promise<boolean> =>
  (await stat(path).catch(() => undefined)) !== undefined

// What few checks need is loaded by them: most of the time that a check of a small file takes is for loading.
const targetOf = async (home: string, model: string): Promise<CheckFileOptions['target']> =>
  (await import('./local-target.ts')).localTarget(home, model)

const modelFiles = async (home: string, model: string): Promise<string[]> =>
  (await import('./local-target.ts')).localTargetFiles(home, model)

async function schemaOf(file: string): Promise<NonNullable<CheckFileOptions['answerFaults']>> {
  const json = await readJsonFile(file, 'E_CONFIG')
  const { answerFaultsOf } = await import('../../data/check/answer-faults.ts')
  return answerFaultsOf(json, file)
}

async function writeSarif(
  path: string,
  request: DataCheckRequest,
  problems: FileCheck['problems'],
): Promise<void> {
  if (request.force !== true && (await isThere(path))) {
    throw new HoneError('E_EXISTS', 'there is such a file already', {
      at: { file: path },
      hint: 'move it away, or replace it with --force',
    })
  }
  const own = relative(process.cwd(), resolve(request.file))
  const uri = (own.startsWith('..') ? request.file : own).split(sep).join('/')
  const log = toSarif({ problems }, { uri, version: packageVersion(), rules: describedRules() })
  await replaceFileWith(path, `${JSON.stringify(log, null, 2)}\n`)
}
