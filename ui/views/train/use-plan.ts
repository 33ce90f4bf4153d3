import { useEffect, useState } from 'react'
import type { ApiError } from '../../api/api-error.ts'
import type { Progress, Train, TrainingPlan } from '../../api/client.ts'
import { useSteps } from '../../api/steps.ts'

/** The plan of what is chosen, as far as it is there. */
export interface PlanState {
  /** The newest that is known; while another one is made it is that of what was chosen before. */
  readonly plan: TrainingPlan | undefined
  /** Whether it is the plan of what is chosen now. */
  readonly isCurrent: boolean
  readonly progress: Progress | undefined
  readonly error: ApiError | null
  readonly retry: () => void
}

/** Fetches `planTraining` whenever something else is chosen. */
export function usePlan(body: Train, isPlannable: boolean): PlanState {
  const { query, progress } = useSteps('planTraining', { body }, { enabled: isPlannable })
  const [last, keep] = useState<TrainingPlan>()
  const { data, error, isFetching } = query
  useEffect(() => {
    if (data !== undefined) keep(data)
  }, [data])
  return {
    plan: data ?? last,
    isCurrent: data !== undefined,
    progress,
    error: data === undefined && !isFetching ? error : null,
    retry: () => void query.refetch(),
  }
}
