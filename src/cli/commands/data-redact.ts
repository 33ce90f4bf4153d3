import { Option, type Command } from 'commander'
import type { CommandContext } from '../command-context.ts'
import { dataRedactLines } from '../output/data-redact-lines.ts'

interface RedactFlags {
  readonly policy?: string
  readonly to?: string
  readonly report?: string
  readonly pseudonyms?: 'conversation' | 'file'
  readonly country?: string
  readonly mrn?: readonly string[]
  readonly force?: boolean
  readonly fresh?: boolean
}

/** `hone data redact`. */
export function defineDataRedact(data: Command, context: CommandContext): void {
  data
    .command('redact')
    .description('Take personal data and secrets out of a file of examples, or say what would be taken out.')
    .argument('<file>', 'JSONL file, records of any form, or a dataset version')
    .option('--to <file>', 'write the redacted records there (default: only count)')
    .option(
      '--policy <name>',
      'default, hipaa-like, secrets-only, or a YAML or JSON file (default: default, which puts the kind in the place of each find)',
    )
    .option('--report <file>', 'write where each find is, without its value, as JSON lines (default: none)')
    .addOption(
      new Option(
        '--pseudonyms <scope>',
        'put made-up values of the same form instead, the same for the same value in a conversation or in the file (default: none)',
      ).choices(['conversation', 'file']),
    )
    .option(
      '--country <code>',
      'country whose national numbers are written without a prefix, such as DE (default: none)',
    )
    .option(
      '--mrn <pattern>',
      'pattern of medical record numbers, may be given again (default: none)',
      gathered,
    )
    .option('--force', 'replace outputs that are there')
    .option('--fresh', 'do it again, whatever an earlier run over the same content found')
    .addHelpText(
      'after',
      '\nExamples:\n  hone data redact examples.jsonl' +
        '\n  hone data redact examples.jsonl --to clean.jsonl --report finds.jsonl' +
        "\n  hone data redact notes.jsonl --policy hipaa-like --pseudonyms file --mrn 'H\\d{7}' --to clean.jsonl",
    )
    .action(async (file: string, flags: RedactFlags) => {
      const services = await context.services()
      const redaction = await services.data.redact(
        { file, ...flags },
        { signal: context.signal, onEvent: (event) => context.report(event) },
      )
      context.endProgress()
      context.result(redaction, dataRedactLines(redaction))
    })
}

const gathered = (pattern: string, before: readonly string[] = []): readonly string[] => [...before, pattern]
