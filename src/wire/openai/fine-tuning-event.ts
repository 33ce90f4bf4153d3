import { toSeconds, type ListedObject } from './object-id.ts'

/** What happened to a job, in Hone's words. */
export interface EventFacts {
  readonly id: string
  /** Milliseconds since 1970. */
  readonly at: number
  readonly type: string
  readonly data: Readonly<Record<string, unknown>>
}

interface EventText {
  readonly message: string
  readonly level?: 'info' | 'warn' | 'error'
  readonly metrics?: object
}

type Write = (data: EventFacts['data'], job: string) => EventText

const number = (value: unknown): number | undefined => (typeof value === 'number' ? value : undefined)

/** Messages are those of OpenAI where it has such events, as clients look for them in logs. */
const texts: Readonly<Record<string, Write>> = {
  created: (_, job) => ({ message: `Created fine-tuning job: ${job}` }),
  validated: () => ({ message: 'Files validated, moving job to queued state' }),
  started: () => ({ message: 'Fine-tuning job started' }),
  metrics: metricsText,
  checkpoint: ({ step }) => ({ message: `Checkpoint created at step ${String(step)}` }),
  paused: () => ({ message: 'Fine-tuning job paused' }),
  resumed: () => ({ message: 'Fine-tuning job resumed' }),
  stopping: () => ({ message: 'Fine-tuning job is being cancelled' }),
  stopped: () => ({ message: 'Fine-tuning job cancelled' }),
  succeeded: () => ({ message: 'The job has successfully completed' }),
  failed: ({ message }) => ({
    message: `The job failed: ${typeof message === 'string' ? message : 'the server has no more to say'}`,
    level: 'error',
  }),
}

const rounded = (loss: number): string => loss.toFixed(2)

function metricsText(data: EventFacts['data']): EventText {
  const [step, steps, train, valid] = [data['step'], data['steps'], data['trainLoss'], data['validLoss']].map(
    number,
  )
  return {
    message: [
      `Step ${step}/${steps}: training loss=${rounded(train ?? Number.NaN)}`,
      ...(valid === undefined ? [] : [`validation loss=${rounded(valid)}`]),
    ].join(', '),
    metrics: {
      step,
      total_steps: steps,
      train_loss: train,
      // Validation here is always over all of the file.
      ...(valid === undefined ? {} : { valid_loss: valid, full_valid_loss: valid }),
    },
  }
}

/** `fine_tuning.job.event`. Source: https://platform.openai.com/docs/api-reference/fine-tuning/event-object */
export function writeFineTuningEvent({ id, at, type, data }: EventFacts, job: string): ListedObject {
  const { message, level = 'info', metrics } = texts[type]?.(data, job) ?? { message: type }
  return {
    object: 'fine_tuning.job.event',
    id,
    created_at: toSeconds(at),
    level,
    message,
    type: metrics === undefined ? 'message' : 'metrics',
    data: metrics ?? {},
  }
}
