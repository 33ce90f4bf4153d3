import type { ComponentType } from 'react'

/** What a view is shown with: the named parts of its path. */
export interface ViewProps {
  readonly params: Readonly<Record<string, string>>
}

export interface View {
  /** `/jobs/:id`. */
  readonly path: string
  /** Heads the navigation's entry whose view, or part of which, this is. */
  readonly area: string
  /** Loads the folder's code when it is first shown. */
  readonly load: () => Promise<{ readonly default: ComponentType<ViewProps> }>
}

/** The navigation, in its order; the path of each is that of its first view. */
export const areas: readonly { readonly name: string; readonly path: string }[] = [
  { name: 'Start', path: '/' },
  { name: 'Datasets', path: '/datasets' },
  { name: 'Train', path: '/train' },
  { name: 'Jobs', path: '/jobs' },
  { name: 'Evaluations', path: '/evaluations' },
  { name: 'Playground', path: '/playground' },
  { name: 'Models', path: '/models' },
  { name: 'Settings', path: '/settings' },
]

/** All views. A folder of `views/` may have several, such as a list and one of its items. */
export const views: readonly View[] = [
  { path: '/', area: 'Start', load: () => import('./views/start/start.tsx') },
  { path: '/datasets', area: 'Datasets', load: () => import('./views/datasets/datasets.tsx') },
  {
    path: '/datasets/import/:upload',
    area: 'Datasets',
    load: () => import('./views/datasets/import/import.tsx'),
  },
  { path: '/datasets/:id', area: 'Datasets', load: () => import('./views/datasets/dataset/dataset.tsx') },
  { path: '/train', area: 'Train', load: () => import('./views/train/train.tsx') },
  { path: '/jobs', area: 'Jobs', load: () => import('./views/jobs/jobs.tsx') },
  { path: '/jobs/compare', area: 'Jobs', load: () => import('./views/jobs/compare.tsx') },
  { path: '/jobs/:id', area: 'Jobs', load: () => import('./views/jobs/job.tsx') },
  { path: '/evaluations', area: 'Evaluations', load: () => import('./views/evaluations/evaluations.tsx') },
  {
    path: '/evaluations/new',
    area: 'Evaluations',
    load: () => import('./views/evaluations/new-evaluation.tsx'),
  },
  { path: '/evaluations/:id', area: 'Evaluations', load: () => import('./views/evaluations/evaluation.tsx') },
  { path: '/playground', area: 'Playground', load: () => import('./views/playground/playground.tsx') },
  { path: '/models', area: 'Models', load: () => import('./views/models/models.tsx') },
  { path: '/models/:id', area: 'Models', load: () => import('./views/models/model.tsx') },
  { path: '/settings', area: 'Settings', load: () => import('./views/settings/settings.tsx') },
]
