import type { JobMetrics } from '../../api/client.ts'
import { Chart } from '../../kit/chart.tsx'
import { formatBytes, formatCount, formatNumber, formatShort } from '../../kit/format.ts'
import { EmptyState } from '../../kit/texts.tsx'
import { lossLines, markersOf } from './chart-lines.ts'

/** Losses, learning rate, speed and memory by step, with one cursor. */
export function JobCharts({ metrics, isOver }: { readonly metrics: JobMetrics; readonly isOver: boolean }) {
  const { steps, validations, totalSteps } = metrics
  if (steps.step.length === 0 && validations.step.length === 0) {
    return (
      <EmptyState title={isOver ? 'It ended before its first step.' : 'The first step is not done yet.'}>
        {isOver ? '' : 'The loss stands here as soon as it is; the first step takes longer than the others.'}
      </EmptyState>
    )
  }
  const { x, values } = lossLines(metrics)
  const [raw = [], smoothed = [], validation = []] = values
  const shown = { xLabel: 'Step', x: steps.step, syncKey: 'job', height: 150 }
  const isPreference = steps.rewardAccuracy.some((value) => value !== null)
  return (
    <div className="job-numbers">
      <Chart
        title="Loss"
        xLabel="Step"
        x={x}
        series={[
          { label: 'Each step', values: raw, look: 'faint' },
          { label: 'Smoothed', values: smoothed, look: 'strong' },
          { label: 'Validation', values: validation, look: 'dots' },
        ]}
        markers={markersOf(metrics)}
        syncKey="job"
        height={280}
      />
      {totalSteps > steps.step.length && (
        <p className="muted">
          {formatCount(steps.step.length)} of {formatCount(totalSteps)} steps are drawn, at even distances.
        </p>
      )}
      <div className="job-charts">
        <Chart
          {...shown}
          title="Learning rate"
          series={[{ label: 'Learning rate', values: steps.learningRate }]}
          formatValue={(value) => formatNumber(value, 2)}
        />
        <Chart
          {...shown}
          title="Tokens a second"
          series={[{ label: 'Tokens a second', values: steps.tokensPerSecond }]}
          formatValue={formatShort}
        />
        <Chart
          {...shown}
          title="Memory"
          series={[{ label: 'Memory', values: steps.memoryBytes }]}
          formatValue={formatBytes}
        />
        <Chart
          {...shown}
          title="Length of the gradient"
          series={[{ label: 'Length', values: steps.gradientNorm }]}
        />
        {isPreference && (
          <Chart
            {...shown}
            title="Pairs told apart"
            series={[{ label: 'Share', values: steps.rewardAccuracy }]}
          />
        )}
      </div>
    </div>
  )
}
