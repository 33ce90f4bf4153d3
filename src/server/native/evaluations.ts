import { createReadStream } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { z } from 'zod'
import { HoneError } from '../../core/errors.ts'
import type { JsonObject } from '../../core/example.ts'
import { delay } from '../../lib/delay.ts'
import type { EvalService } from '../../service/evaluation/eval-service.ts'
import type { EvaluationJob } from '../../service/evaluation-jobs/evaluation-job.ts'
import type { StoredResult } from '../../service/evaluation-jobs/evaluation-jobs.ts'
import type { ApiCall, ApiRoute } from '../json-api/api-route.ts'
import {
  evaluationOperations,
  type evaluation,
  type evaluationResult,
  type newEvaluation,
} from './contract/evaluations.ts'
import { readCursor, writeCursor } from './cursor.ts'
import { gateOf } from './models.ts'
import type { NativeContext } from './native-context.ts'
import { nativeRoute, type Answered } from './native-route.ts'

export const evaluationRoutes = (context: NativeContext): ApiRoute[] => {
  const { parts, services } = context
  const jobOf = (call: ApiCall): Promise<EvaluationJob> => parts.evaluations.find(call.labels['id'] ?? '')
  return [
    nativeRoute(evaluationOperations.listEvaluations, async ({ search }) => {
      const { limit, after } = search
      const found = await parts.evaluations.list({
        limit,
        ...(after === undefined ? {} : { after: readCursor(after) }),
      })
      const last = found.at(-1)
      return {
        evaluations: found.map(shown),
        next: last === undefined || found.length < limit ? null : writeCursor(last),
      }
    }),
    nativeRoute(evaluationOperations.startEvaluation, async ({ body, identity }) =>
      shown(await start(context, body, identity.user)),
    ),
    nativeRoute(evaluationOperations.getEvaluation, async (call) => {
      const job = await jobOf(call)
      const result = await parts.evaluations.result(job)
      const { gate = [] } = await parts.evaluations.config(job.id)
      return {
        evaluation: shown(job),
        result: result === undefined ? null : shownResult(result),
        gate: { rules: gate, verdict: result === undefined ? null : await verdictOn(context, result) },
      }
    }),
    nativeRoute(evaluationOperations.followEvaluation, async function* (call) {
      let told = ''
      for (;;) {
        const job = shown(await jobOf(call))
        const stands = JSON.stringify(job)
        if (stands !== told) yield { event: 'evaluation', data: job }
        told = stands
        if (job.endedAt !== null) {
          yield { event: 'end', data: job }
          return
        }
        await delay(500, call.signal)
      }
    }),
    nativeRoute(evaluationOperations.stopEvaluation, async (call) =>
      shown(await parts.evaluations.stop(call.labels['id'] ?? '')),
    ),
    nativeRoute(evaluationOperations.listEvaluationRows, async (call) => {
      const { id, spec } = await jobOf(call)
      const { offset, limit, expected, unreadable, answeredAs, ...wanted } = call.search
      const config = await parts.evaluations.config(id)
      const { schema: _, ...list } = await services.evaluation.rows({
        ...wanted,
        answeredAs: unreadable ? null : answeredAs,
        config,
        split: spec.split,
      })
      const rows = list.rows.filter((row) => expected === undefined || row.expected === expected)
      return {
        ...list,
        found: rows.length,
        rows: rows.slice(offset, offset + limit).map((row) => ({ ...row })),
      }
    }),
    nativeRoute(evaluationOperations.compareCandidates, async (call) => {
      const job = await jobOf(call)
      const { flips: most, ...pair } = call.search
      const config = await parts.evaluations.config(job.id)
      const compared = await services.evaluation.compare({ ...pair, config, split: job.spec.split })
      const { split, rows, differences, scores, baseline, candidate, metrics, flips } = compared
      const result = await parts.evaluations.result(job)
      return {
        split,
        rows,
        differences: differences.map((each) => ({ ...each })),
        scores: scores.map((each) => ({ ...each })),
        baseline: { ...baseline },
        candidate: { ...candidate },
        metrics: metrics.map((each) => ({ ...each })),
        flips:
          flips === null || result === undefined
            ? null
            : { ...flips, rows: withTexts(flips.rows.slice(0, most), result, pair) },
      }
    }),
    nativeRoute(evaluationOperations.getReport, async (call) => {
      const job = await jobOf(call)
      const config = await parts.evaluations.config(job.id)
      const work = await mkdtemp(join(tmpdir(), 'hone-report-'))
      const clean = (): void => void rm(work, { recursive: true, force: true }).catch(() => undefined)
      try {
        const out = join(work, 'report.html')
        await services.evaluation.report({ config, split: job.spec.split, out })
        const body = createReadStream(out)
        body.once('close', clean)
        return { name: `${config.name}.html`, body }
      } catch (error) {
        clean()
        throw error
      }
    }),
    nativeRoute(evaluationOperations.applyGate, async (call) => {
      const { id } = await jobOf(call)
      const config = await parts.evaluations.config(id)
      const judged = await services.evaluation.gate({ ...call.body, config }, { signal: call.signal })
      const { verdict, candidate, baseline, rules, evidence } = judged
      return { verdict, candidate, baseline, rules: rules.map((rule) => ({ ...rule })), evidence }
    }),
  ]
}

async function start(
  { parts, pages, services, settings }: NativeContext,
  body: z.output<typeof newEvaluation>,
  owner: string,
): Promise<EvaluationJob> {
  const { version, dataset } = await pages.open(body.dataset)
  if (body.tuned !== undefined) await services.models.show(body.tuned)
  const { task, candidates, gate, system, basePrompt, fewShot, maxTokens, limit, seed, answerSchema } = body
  refuseFiles({ task, candidates })
  const name = body.name ?? version.name
  const config = defined({
    schema: 1,
    name,
    data: dataset,
    system,
    task: answerSchema === undefined ? task : { ...task, schema: 'schema.json' },
    base: body.base ?? settings.defaultBase,
    prompt: defined({ base: basePrompt, fewShot }),
    split: defined({ seed }),
    evaluation: defined({ candidates, maxTokens, limit }),
    gate,
    output: 'out',
  })
  const { split, safety, tuned = null } = body
  return parts.evaluations.create({ name, owner, dataset, split, tuned, safety, config, answerSchema })
}

const defined = (members: JsonObject): JsonObject =>
  Object.fromEntries(Object.entries(members).filter(([, value]) => value !== undefined))

/** What runs with the rights of the server, or reads its disk, is named on the command line only. */
function refuseFiles(value: unknown, pointer = ''): void {
  if (typeof value !== 'object' || value === null) return
  for (const [key, inner] of Object.entries(value)) {
    const at = `${pointer}/${key}`
    const isPath =
      key === 'file' ||
      key === 'url' ||
      /^\/(?:task\/(?:schema|list)|candidates\/\d+\/constrain\/schema)$/.test(at)
    const isStranger = /^\/candidates\/\d+\/model$/.test(at) && !/^(base|tuned|model:.+)$/.test(String(inner))
    if (isPath || isStranger) {
      throw new HoneError('E_USAGE', 'files of the server and models elsewhere are not named in requests', {
        at: { pointer: at },
        hint: 'write texts out, send a JSON Schema as answerSchema, or evaluate on the command line: hone eval run',
      })
    }
    refuseFiles(inner, at)
  }
}

type Flip = NonNullable<Awaited<ReturnType<EvalService['compare']>>['flips']>['rows'][number]

/** Flips with what was asked and answered. */
function withTexts(
  flips: readonly Flip[],
  { examples, candidates }: StoredResult,
  pair: { readonly baseline: string; readonly candidate: string },
): (Flip & { input: string; expected: string; answers: { baseline: string; candidate: string } })[] {
  const places = new Map(examples.map(({ id }, at) => [id, at]))
  const rowsOf = (name: string) => candidates.find(({ id }) => id === name)?.rows ?? []
  const [before, after] = [rowsOf(pair.baseline), rowsOf(pair.candidate)]
  return flips.map((flip) => {
    const at = places.get(flip.id) ?? -1
    const { input = '', expected = '' } = examples[at] ?? {}
    const answers = { baseline: before[at]?.answer ?? '', candidate: after[at]?.answer ?? '' }
    return { ...flip, input, expected, answers }
  })
}

const time = (milliseconds: number): string => new Date(milliseconds).toISOString()

function shown(job: EvaluationJob): Answered<z.input<typeof evaluation>> {
  const { id, name, owner, spec, progress, createdAt, updatedAt, endedAt, failure, stopRequested } = job
  const state = job.state === 'running' && stopRequested ? 'stopping' : job.state
  return {
    id,
    name: name.split(' ')[0] ?? name,
    owner,
    // An evaluation cannot be paused: to stop it loses nothing.
    state: state === 'paused' ? 'queued' : state,
    ...spec,
    progress,
    createdAt: time(createdAt),
    updatedAt: time(updatedAt),
    endedAt: endedAt === null ? null : time(endedAt),
    failure: failure === null ? null : { code: failure.code, message: failure.message },
    canStop: endedAt === null && !stopRequested,
  }
}

function shownResult(result: StoredResult): Answered<z.input<typeof evaluationResult>> {
  const { examples: _, ...whole } = result
  const { candidates, comparisons, challenger, strongestBaseline, rows, looks = null } = whole
  const strongest = comparisons.find(({ baseline }) => baseline === strongestBaseline)
  return {
    verdict: strongest === undefined ? null : { baseline: strongest.baseline, sentence: strongest.sentence },
    challenger,
    rows,
    looks,
    candidates: candidates.map(({ id, title, description, model = null, scores, failed, cut }) => ({
      id,
      title,
      description,
      model,
      scores: scores.map(({ metric, value, interval }) => ({ metric, value, interval })),
      failed,
      cut,
    })),
    comparisons: comparisons.map(({ baseline, challenger: other, sentence }) => ({
      baseline,
      challenger: other,
      sentence,
    })),
    evaluation: {
      ...whole,
      candidates: candidates.map(({ rows: _rows, ...candidate }) => candidate),
    },
  }
}

async function verdictOn(
  { services }: Pick<NativeContext, 'services'>,
  { candidates, challenger }: StoredResult,
): Promise<Awaited<ReturnType<typeof gateOf>>> {
  const { model } = candidates.find(({ id }) => id === challenger) ?? {}
  const folder = model === undefined ? undefined : await services.models.find(model).catch(() => undefined)
  return folder === undefined ? null : gateOf(folder)
}
