// Before the first paint, so that a page of the other theme never flashes. The Content-Security-Policy allows no script in the document.
try {
  const theme = localStorage.getItem('hone.theme')
  if (theme === 'light' || theme === 'dark') document.documentElement.dataset.theme = theme
} catch {
  // A browser that keeps nothing shows the theme of the system.
}
