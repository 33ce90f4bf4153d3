import { counted } from '../../data/counted.ts'
import { features, type Feature } from '../../data/records/record-format.ts'
import type { DataLosses } from './data-export.ts'

/** `tools 12, label 40, 3 records left out` */
export function lossText({ byFeature, leftOut }: DataLosses): string {
  const counts = Object.entries(byFeature).map(
    ([feature, count]) => `${features[feature as Feature]} ${count.toLocaleString('en-US')}`,
  )
  return [...counts, ...(leftOut > 0 ? [`${counted(leftOut, 'record')} left out`] : [])].join(', ')
}
