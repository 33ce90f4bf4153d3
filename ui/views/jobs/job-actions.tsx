import { useState } from 'react'
import type { Job } from '../../api/client.ts'
import { useChange } from '../../api/query.ts'
import { Button } from '../../kit/button.tsx'
import { Dialog } from '../../kit/dialog.tsx'
import { ResumeButton } from '../../kit/resume-button.tsx'
import { ErrorNote } from '../../kit/texts.tsx'

const stale = ['getState', 'listJobs', 'getJob'] as const

/** What can be done with a job as it stands. */
export function JobActions({ job }: { readonly job: Job }) {
  const { id, state, canPause, canStop, canResume } = job
  const [isAsking, ask] = useState(false)
  const pause = useChange('pauseJob', stale)
  const stop = useChange('stopJob', stale)
  const close = (): void => {
    stop.reset()
    ask(false)
  }
  return (
    <>
      {pause.error !== null && <ErrorNote error={pause.error} />}
      {canPause && (
        <Button
          busy={pause.isPending || state === 'pausing' ? 'Pausing …' : undefined}
          onClick={() => pause.mutate({ path: { id } })}
        >
          Pause
        </Button>
      )}
      {canResume && <ResumeButton id={id} />}
      {canStop && (
        <Button
          look="danger"
          busy={state === 'stopping' ? 'Stopping …' : undefined}
          onClick={() => ask(true)}
        >
          Stop
        </Button>
      )}
      <Dialog
        open={isAsking && canStop}
        onClose={close}
        title="Stop this job?"
        actions={
          <Button
            look="danger"
            busy={stop.isPending ? 'Stopping …' : undefined}
            onClick={() => stop.mutate({ path: { id } }, { onSuccess: close })}
          >
            Stop the job
          </Button>
        }
      >
        <p>
          {job.name} is given up and cannot be resumed. The models of its finished epochs stay. To go on
          later, pause it instead.
        </p>
        {stop.error !== null && <ErrorNote error={stop.error} />}
      </Dialog>
    </>
  )
}
