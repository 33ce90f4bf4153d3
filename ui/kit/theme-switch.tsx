import { useState } from 'react'

const name = 'hone.theme'
const themes = ['system', 'light', 'dark'] as const
type Theme = (typeof themes)[number]

const current = (): Theme => {
  const { theme } = document.documentElement.dataset
  return theme === 'light' || theme === 'dark' ? theme : 'system'
}

function use(theme: Theme): void {
  if (theme === 'system') delete document.documentElement.dataset['theme']
  else document.documentElement.dataset['theme'] = theme
  try {
    if (theme === 'system') localStorage.removeItem(name)
    else localStorage.setItem(name, theme)
  } catch {
    // A browser that keeps nothing forgets it with the page.
  }
}

/** Light, dark, or as the system has it; kept in this browser. `public/theme.js` sets it before the first paint. */
export function ThemeSwitch() {
  const [theme, setTheme] = useState(current)
  return (
    <label className="theme">
      <span>Theme</span>
      <select
        value={theme}
        onChange={({ target }) => {
          const chosen = themes.find((each) => each === target.value) ?? 'system'
          use(chosen)
          setTheme(chosen)
        }}
      >
        {themes.map((each) => (
          <option key={each} value={each}>
            {each}
          </option>
        ))}
      </select>
    </label>
  )
}
