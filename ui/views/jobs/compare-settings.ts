import { settingText } from '../../kit/setting.ts'

export interface ComparedRow {
  readonly name: string
  /** One for each job, in order; `–` where a job has none. */
  readonly values: readonly string[]
  readonly differs: boolean
}

/** The settings of several jobs beside one another: first those that differ, then the others, each in the order of the first job. */
export function compareSettings(
  jobs: readonly (Readonly<Record<string, unknown>> | null)[],
): readonly ComparedRow[] {
  const names = [...new Set(jobs.flatMap((settings) => Object.keys(settings ?? {})))]
  const rows = names.map((name) => {
    const values = jobs.map((settings) =>
      settings === null || !(name in settings) ? '–' : settingText(settings[name]),
    )
    return { name, values, differs: new Set(values).size > 1 }
  })
  return [...rows.filter(({ differs }) => differs), ...rows.filter(({ differs }) => !differs)]
}
