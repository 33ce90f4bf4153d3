import type { z } from 'zod'
import { HoneError } from '../../core/errors.ts'
import { readRunSamples } from '../../service/training-runs/run-samples.ts'
import type { TrainingRunDetails } from '../../service/training-runs/training-run.ts'
import type { jobSamples } from './contract/jobs.ts'
import type { NativeContext } from './native-context.ts'
import type { Answered, Progress } from './native-route.ts'

/** Asks the base, the models of the epochs and the tuned model records that were held out, greedily, and takes their answers as written. */
export async function askSamples(
  { parts }: Pick<NativeContext, 'parts'>,
  { run, job, checkpoints, folder }: TrainingRunDetails,
  {
    body,
    signal,
    identity,
  }: {
    readonly body: { readonly samples: number }
    readonly signal: AbortSignal
    readonly identity: { readonly keyId: string }
  },
  onProgress: (progress: Progress) => void,
): Promise<Answered<z.input<typeof jobSamples>>> {
  if (job === null) {
    throw new HoneError('E_EXISTS', `the training of ${run.id} has not begun`, {
      hint: 'ask again when it trains',
    })
  }
  const { split, examples } = await readRunSamples(folder, job, body.samples)
  const models = [
    run.base,
    ...checkpoints.map(({ document }) => document.homeId).toReversed(),
    ...(run.state === 'succeeded' ? [run.model] : []),
  ]
  const answers = examples.map((): string[] => [])
  let done = 0
  for (const homeId of models) {
    const target = { homeId, localBase: run.base }
    for (const [at, { messages }] of examples.entries()) {
      onProgress({
        step: 'answers',
        done,
        total: models.length * examples.length,
        unit: 'records',
        message: homeId,
      })
      let text = ''
      const request = { messages: messages.slice(0, -1), maxTokens: mostTokens, asWritten: true }
      for await (const part of parts.inference.chat(target, request, signal, identity.keyId)) {
        if (part.type === 'text-delta') text += part.text
      }
      answers[at]?.push(text)
      done++
    }
  }
  return {
    models,
    samples: examples.map(({ id, messages }, at) => ({
      id,
      split,
      messages: messages.slice(0, -1).map(({ role, content }) => ({ role, content })),
      expected: messages.at(-1)?.content ?? '',
      answers: answers[at] ?? [],
    })),
  }
}

/** Of one answer: enough to see what it will be. */
const mostTokens = 256
