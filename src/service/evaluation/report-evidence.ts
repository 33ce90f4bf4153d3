import type { HoneConfig } from '../../config/hone-config.ts'
import type { Evaluation } from '../../evaluate/evaluation.ts'
import type { ReportContent } from '../../evaluate/report/report-html.ts'
import { findSafety } from './run-safety.ts'
import { findForensics } from './stored-forensics.ts'

/**
 * What was found besides the scores and is still true of the model that was measured: suspicious training rows, and what the
 * safety suite says.
 *
 * @throws HoneError `E_DATA` for a file that holds something else
 */
export async function reportEvidence(
  config: HoneConfig,
  evaluation: Evaluation,
): Promise<Pick<ReportContent, 'forensics' | 'safety'>> {
  const { model } = evaluation.candidates.find(({ id }) => id === evaluation.challenger) ?? {}
  const forensics = await findForensics(config, evaluation)
  const safety = await findSafety(config, model)
  return {
    ...(forensics === undefined ? {} : { forensics }),
    ...(safety === undefined ? {} : { safety: safety.report }),
  }
}
