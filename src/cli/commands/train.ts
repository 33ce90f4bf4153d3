import type { Command } from 'commander'
import { HoneError } from '../../core/errors.ts'
import type { TunedModel } from '../../core/tuner.ts'
import type { Services } from '../../service/services.ts'
import type { TrainRequest } from '../../service/train/draft-training.ts'
import type { TrainServiceOptions } from '../../service/train/train-service.ts'
import type { CommandContext } from '../command-context.ts'
import { addEngineOptions, type EngineFlags } from '../options/engine-options.ts'
import { wholeNumber } from '../options/number-option.ts'
import { addTrainingOptions, trainingOf } from '../options/training-options.ts'
import { labelled } from '../output/labelled.ts'
import { dryRunLines } from '../output/plan-lines.ts'
import { plural } from '../output/number-text.ts'
import { withResumeHint } from '../with-resume-hint.ts'

interface TrainFlags extends EngineFlags {
  readonly data?: string
  readonly validation?: string
  readonly base?: string
  readonly from?: string
  readonly out?: string
  readonly name?: string
  readonly system?: string
  readonly dryRun?: boolean
  /** True without a value. */
  readonly resume?: string | true
  readonly maxTokens?: number
  readonly dropLong?: boolean
  readonly force?: boolean
}

export function defineTrain(command: Command, context: CommandContext): void {
  command
    .description('Fine-tune a base model on examples. What is not given is chosen by the data, and said.')
    .option('--data <file>', 'JSONL file of examples')
    .option('--validation <file>', 'JSONL file to validate with (default: a tenth of the data, 200 at most)')
    .option('--base <id>', 'base model: an id, hf:owner/name, or a folder (default: smollm2-135m-instruct)')
    .option(
      '--from <model>',
      'tuned model to go on with: its base, and its adapter as the start (default: a new adapter)',
    )
    .option('--out <dir>', 'folder of the new model (default: among the models of the home)')
    .option('--name <id>', "id of the new model (default: the data file's name and a number)")
    .option('--system <text>', 'system prompt of records that have none (default: they stay without)')
    .option('--max-tokens <number>', "longest record (default: the base's context)", wholeNumber({ min: 1 }))
    .option('--drop-long', 'leave longer records out, counted (default: they are an error)')
    .option('--dry-run', 'say what would be done, and why, and stop')
    .option(
      '--resume [dir]',
      'go on with a training run: a folder or an id (default: that of --out or --name)',
    )
    .option('--force', 'replace what is in the folder')
  addTrainingOptions(command)
  addEngineOptions(command)
  command
    .addHelpText(
      'after',
      '\nExamples:\n  hone train --data train.jsonl --name router\n  hone train --data pairs.jsonl --from router --name router-preferred\n  hone train --resume models/router',
    )
    .action((flags: TrainFlags) => train(context, flags))
}

async function train(context: CommandContext, flags: TrainFlags): Promise<void> {
  context.interruptNotice = 'finishing the step under way, saving a checkpoint …'
  const options: TrainServiceOptions = {
    signal: context.signal,
    onEvent: (event) => context.report(event),
  }
  if (flags.resume === undefined) await start(context, flags, options)
  else await goOn(context, resumedModel(flags, flags.resume), flags, options)
}

async function start(
  context: CommandContext,
  flags: TrainFlags,
  options: TrainServiceOptions,
): Promise<void> {
  refuseWithoutData(flags)
  const services = await context.services(flags)
  const request = requestOf(flags, services.models.defaultBase)
  if (flags.dryRun === true) {
    const planned = await services.train.plan(request, options)
    context.endProgress()
    context.result({ schema: 1, dryRun: true, ...planned }, dryRunLines(planned))
    return
  }
  const hint = 'nothing was trained yet: run the same command again; a download goes on where it was'
  await showTuned(context, services, await withResumeHint(hint, () => services.train.train(request, options)))
}

async function goOn(
  context: CommandContext,
  reference: string,
  flags: TrainFlags,
  options: TrainServiceOptions,
): Promise<void> {
  const services = await context.services(flags)
  const folder = await services.models.find(reference)
  const hint = `continue with: hone train --resume ${reference}`
  await showTuned(context, services, await withResumeHint(hint, () => services.train.resume(folder, options)))
}

async function showTuned(context: CommandContext, services: Services, model: TunedModel): Promise<void> {
  context.endProgress()
  const byId = await services.models.find(model.id).catch(() => undefined)
  const reference = byId === model.folder ? model.id : model.folder
  const best = `best step ${model.bestStep} of ${plural(model.steps, 'step')}`
  context.result({ schema: 1, dryRun: false, model }, [
    ...labelled('model', [`${model.id}   in ${model.folder}   ${best}`]),
    ...labelled('next', [`hone chat ${reference}     hone models show ${reference}`]),
  ])
}

/** Flags that decide the job; a resumed one has them in its folder. */
const decided = [
  'data',
  'validation',
  'base',
  'from',
  'system',
  'maxTokens',
  'dropLong',
  'force',
  'dryRun',
] as const

function resumedModel(flags: TrainFlags, resume: string | true): string {
  const given = [
    ...decided.filter((key) => flags[key] !== undefined),
    ...Object.keys(trainingOf({ ...flags })),
  ]
  if (given.length > 0) {
    throw new HoneError(
      'E_USAGE',
      `a resumed run keeps what it was started with; given were ${given.join(', ')}`,
      {
        hint: 'leave them out, or start a new run without --resume',
      },
    )
  }
  const reference = resume === true ? (flags.out ?? flags.name) : resume
  if (reference !== undefined) return reference
  throw new HoneError('E_USAGE', 'nothing says which run to resume', {
    hint: 'name its folder or id: hone train --resume models/NAME',
  })
}

function refuseWithoutData(flags: TrainFlags): asserts flags is TrainFlags & { readonly data: string } {
  if (flags.data !== undefined) return
  throw new HoneError('E_USAGE', 'there is no --data', {
    hint: 'name a JSONL file of examples: hone train --data train.jsonl',
  })
}

function requestOf(flags: TrainFlags & { readonly data: string }, defaultBase: string): TrainRequest {
  const { data, validation, from, out, name: id, system, maxTokens, dropLong, force } = flags
  const base = flags.base ?? (from === undefined ? defaultBase : undefined)
  const { maxTokens: _, ...overrides } = trainingOf({ ...flags })
  return { data, validation, base, from, out, id, system, maxTokens, dropLong, force, overrides }
}
