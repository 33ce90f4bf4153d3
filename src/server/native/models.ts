import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { z } from 'zod'
import { HoneError } from '../../core/errors.ts'
import type { JobDataFile } from '../../core/training-job.ts'
import { tarStream } from '../../lib/tar-stream.ts'
import { modelLineage, type ModelLineage } from '../../service/models/model-lineage.ts'
import { findServedModels } from '../../service/serving/served-models.ts'
import { readGateVerdict } from '../../store/gate-verdicts.ts'
import type { ListedModel } from '../../store/models.ts'
import type { StoredModel } from '../../store/read-model.ts'
import type { ApiCall, ApiRoute } from '../json-api/api-route.ts'
import { modelOperations, type gateState, type lineage, type model } from './contract/models.ts'
import { modelUses } from './model-uses.ts'
import type { NativeContext } from './native-context.ts'
import { nativeRoute, type Answered } from './native-route.ts'
import { modelProgress } from './work-progress.ts'

export const modelRoutes = (context: NativeContext): ApiRoute[] => {
  const { parts, services, runs } = context
  return [
    nativeRoute(modelOperations.listModels, async () => {
      const { models, available } = await services.models.list()
      return {
        models: await Promise.all(models.map(shownModel)),
        available,
        defaultBase: context.settings.defaultBase,
      }
    }),
    nativeRoute(modelOperations.pullModel, async ({ body, signal }, onProgress) => {
      const { model } = await services.models.pull(body, {
        signal,
        onEvent: (event) => modelProgress(event, onProgress),
      })
      return { id: model.id }
    }),
    nativeRoute(modelOperations.getModel, async (call) => {
      const { model, bytes, files, template } = await services.models.show(modelId(call))
      const served = await findServedModels(parts.models, model.id)
      const endpoints = (await Promise.all(served.map(({ id }) => parts.endpoints.ofModel(id)))).flat()
      const { models } = await services.models.list()
      const made = await modelLineage(model)
      const gate = await gateOf(model.folder)
      const job = await runs.jobOfModel(model.id)
      return {
        model: await shownModel({ ...model, bytes }),
        files,
        template,
        lineage: {
          ...shownLineage(made, model, job?.spec.training),
          job: job?.id ?? made.job?.id ?? null,
          evaluations: gate?.evidence.map(({ set, file, rows }) => ({ set, file, rows })) ?? [],
          gate,
        },
        uses: modelUses(context, model, served, endpoints),
        dependents: {
          models: models
            .filter((other) => other.kind === 'tuned' && other.base === model.id && other.id !== model.id)
            .map(({ id }) => id),
          endpoints: endpoints.map(({ name }) => name),
        },
      }
    }),
    nativeRoute(modelOperations.exportModel, async (call) => {
      const { signal, search } = call
      const { form, type } = search
      const work = await mkdtemp(join(tmpdir(), 'hone-export-'))
      const clean = (): void => void rm(work, { recursive: true, force: true }).catch(() => undefined)
      try {
        const exported = await services.models.export(
          {
            model: modelId(call),
            out: join(work, 'model'),
            merged: form.endsWith('merged'),
            gguf: form.startsWith('gguf'),
            type,
          },
          { signal },
        )
        const names = exported.files.map(({ name }) => name)
        const body = tarStream(exported.out, names, `${exported.model}-${form}`)
        body.once('close', clean)
        return { name: `${exported.model}-${form}.tar`, body }
      } catch (error) {
        clean()
        throw error
      }
    }),
    nativeRoute(modelOperations.deleteModel, async (call) => {
      const id = modelId(call)
      const { force } = call.search
      const run = await runs.jobOfModel(id)
      if (run !== undefined && run.endedAt === null) {
        throw new HoneError('E_EXISTS', `the job ${run.id} makes this model and has not come to its end`, {
          hint: `stop it first: POST /api/jobs/${run.id}/stop`,
        })
      }
      const folder = await services.models.find(id)
      const served = await findServedModels(parts.models, id)
      const endpoints = (await Promise.all(served.map((model) => parts.endpoints.ofModel(model.id)))).flat()
      if (endpoints.length > 0) {
        throw new HoneError('E_EXISTS', `it answers at ${endpoints.map(({ name }) => name).join(', ')}`, {
          at: { file: folder },
          hint: 'delete these endpoints first',
        })
      }
      // Out of sight of the other APIs before the files go; a refusal brings it back.
      const setState = (state: string): Promise<boolean[]> =>
        Promise.all(served.map((each) => parts.models.change(each.id, { state })))
      await setState('removing')
      try {
        await services.models.remove(id, { force })
      } catch (error) {
        await setState('active')
        throw error
      }
      await parts.removeModel(id)
      for (const each of served) await parts.models.remove(each.id)
      return { id, removed: true }
    }),
  ]
}

const modelId = ({ labels }: Pick<ApiCall, 'labels'>): string => labels['id'] ?? ''

type ShownModel = z.input<typeof model>

async function shownModel({ folder, ...stored }: ListedModel): Promise<Answered<ShownModel>> {
  if (stored.kind !== 'tuned') return stored
  return { ...stored, gate: (await gateOf(folder))?.verdict ?? null }
}

/** The last verdict on a model; a file that cannot be read is none. */
export async function gateOf(folder: string): Promise<Answered<z.input<typeof gateState>> | null> {
  const stored = await readGateVerdict(folder).catch(() => undefined)
  if (stored === undefined) return null
  const { verdict, candidate, baseline, rules } = stored.verdict
  return { verdict, candidate, baseline, rules, at: stored.at, evidence: stored.evidence }
}

function shownLineage(
  { job }: ModelLineage,
  model: StoredModel,
  data: string | undefined,
): Omit<Answered<z.input<typeof lineage>>, 'job' | 'evaluations' | 'gate'> {
  return {
    dataset:
      job === null
        ? null
        : {
            id: data ?? null,
            training: sizeOf(job.data.training),
            validation: job.data.validation === null ? null : sizeOf(job.data.validation),
          },
    base:
      job === null
        ? model.kind === 'tuned'
          ? { id: model.base, weights: null }
          : null
        : { id: job.base.id, weights: job.base.weights },
    start: job === null || job.start === null ? null : { model: job.start.model, weights: job.start.weights },
    settings: job === null ? null : { ...job.settings },
    environment: job === null ? null : { ...job.environment },
  }
}

const sizeOf = ({ examples, sha256 }: JobDataFile): { examples: number; sha256: string } => ({
  examples,
  sha256,
})
