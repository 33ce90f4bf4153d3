import { printableText } from '../../lib/printable-text.ts'
import type { DatasetDetails, DatasetList } from '../../service/data/dataset-service.ts'
import { bytesText, countText, plural } from './number-text.ts'
import { labelled } from './labelled.ts'
import { tableLines } from './table-lines.ts'

const recordsOf = ({ version }: DatasetDetails): number =>
  version.parts.reduce((sum, { records }) => sum + records, 0)

export function datasetListLines({ datasets }: DatasetList): string[] {
  if (datasets.length === 0) {
    return ['no dataset is kept yet', ...labelled('next', ['hone data save FILE --name NAME'])]
  }
  return [
    ...tableLines(
      datasets.map((details) => [
        details.id,
        plural(recordsOf(details), 'record'),
        details.version.parts.map(({ part }) => part).join(', '),
        details.version.lineage.step,
        details.version.createdAt.slice(0, 16).replace('T', ' '),
      ]),
    ),
    '',
    ...labelled('next', [`hone data show ${datasets[0]?.id ?? ''}`]),
  ]
}

/** Everything about one version. */
export function datasetLines({ id, folder, version }: DatasetDetails): string[] {
  const { lineage, parts } = version
  return [
    ...labelled('dataset', [`${id}   made ${version.createdAt.slice(0, 16).replace('T', ' ')} UTC`]),
    ...labelled('folder', [printableText(folder)]),
    ...labelled(
      'parts',
      tableLines(
        parts.map(({ part, records, bytes, sha256 }) => [
          part,
          plural(records, 'record'),
          bytesText(bytes),
          sha256.slice(0, 12),
        ]),
      ),
    ),
    ...labelled('made by', [printableText(`${lineage.step} ${JSON.stringify(lineage.settings)}`)]),
    ...labelled(
      'from',
      lineage.inputs.map(
        ({ file, sha256, dataset }) =>
          `${printableText(dataset ?? file)}   ${sha256?.slice(0, 12) ?? 'elsewhere'}`,
      ),
    ),
    ...labelled('next', [`hone train --data ${id}`]),
  ]
}

export function savedLines(saved: DatasetDetails & { readonly reused: boolean }): string[] {
  return [
    ...labelled('dataset', [
      `${saved.id} · ${countText(recordsOf(saved))} records${saved.reused ? ' · this content is there already' : ''}`,
    ]),
    ...labelled('folder', [printableText(saved.folder)]),
    ...labelled('next', [`hone data split ${saved.id} --name ${saved.version.name}`]),
  ]
}
