import { Option, type Command } from 'commander'
import type { ExportModelRequest } from '../../service/models/models-service.ts'
import type { CommandContext } from '../command-context.ts'
import { exportedLines } from '../output/export-lines.ts'

type ExportFlags = Omit<ExportModelRequest, 'model'>

/** `hone models export`. */
export function defineModelsExport(command: Command, context: CommandContext): void {
  command
    .description('Write a model for other programs: PEFT, transformers, llama.cpp, Ollama.')
    .argument('<model>', 'an id, or the folder of a model')
    .requiredOption(
      '--out <path>',
      'new folder; with --gguf also one .gguf file (default: none, it must be named)',
    )
    .option('--merged', "put the adapter into its base's weights, instead of writing the adapter")
    .option('--gguf', 'write GGUF files and a Modelfile, instead of Hugging Face files')
    .addOption(
      new Option(
        '--type <name>',
        'numbers of merged weights (default: F32, which is exact; in GGUF F16)',
      ).choices(['F32', 'BF16', 'F16', 'Q8_0']),
    )
    .option('--force', 'replace an earlier export')
    .addHelpText(
      'after',
      '\nExamples:\n  hone models export router-1 --out router-adapter' +
        '\n  hone models export router-1 --merged --out router' +
        '\n  hone models export router-1 --gguf --merged --type Q8_0 --out router-gguf',
    )
    .action(async (model: string, flags: ExportFlags) => {
      const { models } = await context.services()
      const exported = await models.export(
        { model, ...flags },
        { signal: context.signal, onEvent: (event) => context.report({ type: 'base', event }) },
      )
      context.endProgress()
      context.result(exported, exportedLines(exported))
    })
}
