import type { ReportContent } from './report-html.ts'
import { reportCsv } from './report-csv.ts'
import { reportHtml } from './report-html.ts'
import { reportMarkdown } from './report-markdown.ts'
import { reportSummary } from './report-summary.ts'

/** Forms of the report by the ending of its file, each in pieces. */
export const reportForms: Readonly<Record<ReportForm, (content: ReportContent) => Iterable<string>>> = {
  html: (content) => [reportHtml(content)],
  json: (content) => [`${JSON.stringify(reportSummary(content), null, 2)}\n`],
  csv: ({ evaluation }) => reportCsv(evaluation),
  md: (content) => [reportMarkdown(content)],
}

export type ReportForm = 'html' | 'json' | 'csv' | 'md'

export const isReportForm = (ending: string): ending is ReportForm => Object.hasOwn(reportForms, ending)
