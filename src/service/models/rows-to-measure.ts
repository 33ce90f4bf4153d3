import type { MeasuredRows } from '../../engine/export/measure-rounding.ts'
import { probeConversations } from '../../engine/probe-conversations.ts'
import { readJob, readJobData } from '../../engine/train/job-files.ts'
import type { StoredModel } from '../../store/read-model.ts'

/** The rows on which an export's rounding is measured: those that the model was validated with, where it has some. */
export async function rowsToMeasure(folder: string, stored: StoredModel): Promise<MeasuredRows> {
  const builtIn = { from: 'built-in', conversations: probeConversations } as const
  if (stored.kind !== 'tuned' || stored.imported !== null) return builtIn
  try {
    const { data } = await readJob(folder)
    const examples = await readJobData(folder, data.validation ?? data.training)
    const from = data.validation === null ? 'training' : 'validation'
    return { from, conversations: examples.map(({ messages }) => messages) }
  } catch {
    // The data was taken away; the result says on which rows it was measured.
    return builtIn
  }
}
