import type { DatasetList, DatasetVersion } from '../../api/client.ts'
import { Select } from '../../kit/fields.tsx'
import { formatCount, formatRelative } from '../../kit/format.ts'
import { Link } from '../../router/link.tsx'
import { setSearchParams } from '../../router/use-search-param.ts'

/** All versions, the newest first. */
export const versionsOf = ({ datasets }: DatasetList): readonly DatasetVersion[] =>
  datasets
    .flatMap(({ versions }) => versions)
    .toSorted((one, other) => other.createdAt.localeCompare(one.createdAt))

export const newestOf = (list: DatasetList): DatasetVersion | undefined => versionsOf(list)[0]

/** `511 train, 33 validation, 96 test`, or `640 records`. */
const partsOf = ({ parts }: Pick<DatasetVersion, 'parts'>): string =>
  parts.map(({ part, records }) => `${formatCount(records)} ${part}`).join(', ')

/** Which version is learned; it stands in the address. */
export function DatasetChoice({ list, chosen }: { readonly list: DatasetList; readonly chosen: string }) {
  const versions = versionsOf(list)
  // A name alone is its newest version.
  const known = versions.find(({ id, name }) => id === chosen || name === chosen)
  const options = versions.map((version) => ({
    value: version.id,
    label: `${version.name} · ${partsOf(version)} · ${formatRelative(Date.parse(version.createdAt), Date.now())}`,
  }))
  const value = known?.id ?? chosen
  return (
    <Select
      label="What is learned"
      value={value}
      options={
        known === undefined && chosen !== ''
          ? [{ value: chosen, label: `${chosen}, which is not here` }, ...options]
          : options
      }
      onChange={(id) => setSearchParams({ dataset: id }, { push: true })}
      help={
        known === undefined ? undefined : (
          <>
            <code>{known.id}</code> · <Link href={`/datasets/${known.id}`}>See its examples</Link>
          </>
        )
      }
      error={
        known === undefined && chosen !== ''
          ? 'There is no such dataset in this home; choose another one.'
          : undefined
      }
    />
  )
}
