import { rangeText } from '../../profiles/check-hyperparameters.ts'
import type { Limit, Profile } from '../../profiles/profile.ts'
import { profiles } from '../../profiles/profiles.ts'
import { sources, type SourceId } from '../../profiles/sources.ts'
import { describedRules } from '../check/rule-table.ts'

/** Rules of the job rather than of the file; they are no entries of the registries. */
const jobRules = [
  {
    id: '`SERVICE/hyperparameter`',
    severity: 'error',
    reason: 'A job with an unknown name or a value outside its range is refused (`--hyper`).',
  },
  {
    id: '`SERVICE/lifecycle`',
    severity: 'warning',
    reason: 'A base that is retired, or about to be, is said with its dates and with what to use instead.',
  },
]

/** `docs/data-rules.md`, from the registries themselves. */
export function rulesMarkdown(): string {
  const rules = describedRules()
  return [
    '# Rules for data',
    '',
    'What [`hone data check`](cli.md#hone-data-check) looks for. This page is made from the code; a test keeps them together.',
    'An error keeps data from being used, a warning deserves a look, a note is only said. Rules of a service apply with `--for`.',
    '',
    '## Rules for any data',
    '',
    ...table(
      ['rule', 'severity', 'why', '`--fix`'],
      rules
        .filter((rule) => rule.profiles.length === 0)
        .map(({ id, severity, reason, fix }) => [`\`${id}\``, severity, reason, fix ?? '']),
    ),
    '',
    'Limits of these rules, all on purpose: user messages are read for `safety/dropped` in the first 10,000 records and in',
    'every 16th after those, system prompts always; `answer/identical` looks at the first 50,000 records;',
    '`text/mixed-languages` at a sample of 200 answers. White space is folded in `duplicate/contradictory` for inputs of up to',
    '256 characters. A secret is never quoted, and neither is personal data, which is looked for with `--privacy` only: in every',
    'text of every record, by the detectors of [`hone data redact`](redact.md) and with their limits.',
    '',
    'With `--for` a service, the rules of reading (`json/…` aside: `record/…`, `roles/…`, `content/…`) give way to those of the service.',
    '',
    '## Rules of services',
    '',
    ...table(
      ['rule', 'severity', 'why', '`--fix`', 'profiles'],
      [
        ...rules
          .filter((rule) => rule.profiles.length > 0)
          .map(({ id, severity, reason, fix, profiles: names, source }) => [
            `[\`${id}\`](${source})`,
            severity,
            reason,
            fix ?? '',
            names.length === profiles.filter(({ id: name }) => name.startsWith(`${id.split('/')[0]}:`)).length
              ? 'all'
              : names.map((name) => name.split(':').slice(1).join(':') || name).join(', '),
          ]),
        ...jobRules.map(({ id, severity, reason }) => [id, severity, reason, '', 'all']),
      ],
    ),
    '',
    '## Profiles',
    '',
    'What a service demands for one base, as its public pages said in the month given. The pages are at the end.',
    '',
    ...profiles.flatMap(profileLines),
    '## Pages',
    '',
    ...Object.entries(sources).map(
      ([id, { title, url, read, secondHand }]) =>
        `- \`${id}\`: [${title}](${url}), ${read === undefined ? 'not read: from memory, unverified' : `read ${read}`}${secondHand === true ? ', as quoted by others' : ''}`,
    ),
    '',
  ].join('\n')
}

function profileLines(profile: Profile): string[] {
  const {
    id,
    title,
    modelIds,
    asOf,
    regions,
    record,
    records,
    tokens,
    files,
    reserved,
    media,
    lifecycle,
    prices,
    notes,
  } = profile
  const order = [
    record.first === undefined ? '' : `first ${record.first}`,
    record.last === undefined ? '' : `last ${record.last}`,
    record.alternating ? 'in turns' : '',
  ].filter((part) => part !== '')
  const items: (readonly [label: string, text: string | undefined])[] = [
    ['model ids', modelIds.map((name) => `\`${name}\``).join(', ')],
    ['regions', regions.join(', ')],
    [
      'records',
      `${record.kind}; keys ${[...record.required, ...record.optional.map((key) => `${key}?`)].join(', ') || 'any'}${from(record.source)}`,
    ],
    [
      'messages',
      record.roles.length === 0
        ? undefined
        : `roles ${record.roles.join(', ')}; ${[...order, `at least ${record.minimumMessages}`].join(', ')}; content ${record.content}`,
    ],
    [
      'number of records',
      listed([
        ['at least', records.minimum],
        ['training at most', records.training],
        ['validation at most', records.validation],
        ['together at most', records.total],
      ]),
    ],
    [
      'tokens of a record',
      tokens === undefined
        ? undefined
        : [
            listed([
              ['at most', tokens.record],
              ['output at most', tokens.output],
            ]),
            `estimated at ${tokens.charactersPerToken} characters each${from(tokens.estimate)}`,
          ]
            .filter((part) => part !== '')
            .join('; '),
    ],
    [
      'bytes',
      listed([
        ['training file', files.training],
        ['validation file', files.validation],
        ['line', files.line],
      ]),
    ],
    [
      'file name',
      [
        files.nameCharacters?.words,
        files.nameEnd === undefined ? undefined : `ends with ${files.nameEnd.value}`,
      ]
        .filter((part) => part !== undefined)
        .join('; '),
    ],
    [
      'reserved texts',
      reserved === undefined
        ? undefined
        : `${reserved.texts.map((word) => `\`${word}\``).join(' ')} in ${reserved.roles.join(' and ')} messages${from(reserved.source)}`,
    ],
    [
      'pictures',
      media === undefined
        ? undefined
        : `${media.imageFormats.join(', ')}; ${listed([
            ['at most', media.images],
            ['films at most', media.videos],
            ['bytes', media.imageBytes],
          ])}`,
    ],
    ['lifecycle', lifecycleText(profile)],
    ['prices', prices.map(({ what, usd, per, date }) => `${what} $${usd} per ${per} (${date})`).join('; ')],
  ]
  return [
    `### \`${id}\``,
    '',
    `${title}, rules of ${asOf}.`,
    '',
    ...items.flatMap(([label, text]) => (text === undefined || text === '' ? [] : [`- ${label}: ${text}`])),
    ...profile.hyperparameters.map(
      (each) => `- hyperparameter \`${each.name}\`: ${rangeText(each)}; ${each.meaning}`,
    ),
    ...(lifecycle.note === undefined ? [] : [`- ${lifecycle.note}`]),
    ...notes.map((note) => `- ${note}`),
    '',
  ]
}

function lifecycleText({
  lifecycle: { launched, noNewJobs, unlisted, endOfLife, successors, source },
}: Profile): string {
  const parts = [
    launched === undefined ? '' : `launched ${launched}`,
    noNewJobs === undefined ? '' : `no new jobs from ${noNewJobs}`,
    unlisted === undefined ? '' : `no longer listed in ${unlisted}`,
    endOfLife === undefined ? '' : `end of life ${endOfLife}`,
    successors.length === 0 ? '' : `use ${successors.join(' or ')}`,
  ].filter((part) => part !== '')
  return parts.length === 0 ? '' : `${parts.join('; ')}${from(source)}`
}

function listed(limits: readonly (readonly [string, Limit | undefined])[]): string {
  return limits
    .flatMap(([label, limit]) =>
      limit === undefined
        ? []
        : [
            `${label} ${limit.value.toLocaleString('en-US')}${limit.note === undefined ? '' : ` (${limit.note})`}${from(limit.source)}`,
          ],
    )
    .join('; ')
}

const from = (source: SourceId): string => ` [${source}]`

const line = (cells: readonly string[]): string =>
  `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`

function table(head: readonly string[], rows: readonly (readonly string[])[]): string[] {
  return [line(head), line(head.map(() => '---')), ...rows.map(line)]
}
