import type { Kysely, Migration } from 'kysely'

/** Jobs that can be paused, and what happened to jobs. */
export const jobEvents: Migration = {
  async up(database: Kysely<unknown>) {
    const { schema } = database
    await schema
      .alterTable('jobs')
      .addColumn('pause_requested', 'integer', (column) => column.notNull().defaultTo(0))
      .execute()
    await schema
      .createTable('job_events')
      .addColumn('id', 'text', (column) => column.primaryKey())
      .addColumn('job', 'text', (column) => column.notNull())
      .addColumn('what', 'text', (column) => column.notNull())
      .addColumn('at', 'bigint', (column) => column.notNull())
      .addColumn('type', 'text', (column) => column.notNull())
      .addColumn('data', 'text', (column) => column.notNull())
      .addUniqueConstraint('job_events_once', ['job', 'what'])
      .execute()
    await schema.createIndex('job_events_in_order').on('job_events').columns(['job', 'id']).execute()
  },
}
