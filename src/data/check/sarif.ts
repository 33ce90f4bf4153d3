import type { FileCheck } from './check-file.ts'
import type { Finding, Severity } from '../finding.ts'

/** A rule as SARIF describes it. */
export interface SarifRule {
  readonly id: string
  readonly severity: Severity
  readonly reason: string
  readonly source?: string | undefined
}

/**
 * The findings of a check in the Static Analysis Results Interchange Format 2.1.0
 * (https://docs.oasis-open.org/sarif/sarif/v2.1.0/sarif-v2.1.0.html), which code hosts show beside the lines of a change.
 *
 * @param options.uri - the file's path relative to the repository, with slashes
 */
export function toSarif(
  { problems }: Pick<FileCheck, 'problems'>,
  options: { readonly uri: string; readonly version: string; readonly rules: readonly SarifRule[] },
): object {
  const found = new Set(problems.findings.map(({ id }) => id))
  const rules = options.rules.filter(({ id }) => found.has(id))
  const known = new Set(rules.map(({ id }) => id))
  // Every result names a rule, so a rule that is nowhere described gets its id as description.
  const others = [...found].filter((id) => !known.has(id))
  const described = [
    ...rules.map(({ id, severity, reason, source }) => ({
      id,
      shortDescription: { text: reason },
      defaultConfiguration: { level: severity },
      ...(source === undefined ? {} : { helpUri: source }),
    })),
    ...others.map((id) => ({ id, shortDescription: { text: id } })),
  ]
  const indexOf = new Map(described.map(({ id }, index) => [id, index]))
  return {
    $schema: 'https://json.schemastore.org/sarif-2.1.0.json',
    version: '2.1.0',
    runs: [
      {
        tool: { driver: { name: 'hone', version: options.version, rules: described } },
        columnKind: 'utf16CodeUnits',
        results: problems.findings.map((finding) => resultOf(finding, options.uri, indexOf)),
      },
    ],
  }
}

function resultOf(finding: Finding, uri: string, indexOf: ReadonlyMap<string, number>): object {
  const { id, severity, at, message, hint, excerpt, fix } = finding
  const pointer = at.pointer === undefined ? {} : { logicalLocations: [{ fullyQualifiedName: at.pointer }] }
  const region =
    at.line === undefined
      ? {}
      : { region: { startLine: at.line, ...(excerpt === undefined ? {} : { snippet: { text: excerpt } }) } }
  return {
    ruleId: id,
    ruleIndex: indexOf.get(id) ?? -1,
    level: severity,
    message: { text: hint === undefined ? message : `${message}; ${hint}` },
    locations: [{ physicalLocation: { artifactLocation: { uri: encodeURI(uri) }, ...region }, ...pointer }],
    ...(fix === undefined ? {} : { properties: { fix } }),
  }
}
